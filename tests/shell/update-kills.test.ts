import { type ChildProcess, execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, readdirSync, readFileSync, watch } from 'node:fs'
import path from 'node:path'
import { describe, expect, onTestFinished, test } from 'vitest'
import { Instant } from '../../shared/domain/time.ts'
import { repoRoot } from '../support/repo-root.ts'
import { eventually } from '../support/eventually.ts'
import { type Installed, installed, lookThrough, program } from './support/installed-copy.ts'
import { publish, type Release } from './support/update-feed.ts'

const DAY_MS = 86_400_000
const file = 'Keelson-1.3.0.AppImage'

/** A release in force by the machine's clock, for a copy in a process of its own. */
function releaseNow(copy: Installed, bytes = copy.release().bytes): Release {
  const now = Instant.fromEpochMs(Date.now())
  return copy.release({ bytes, signed: Instant.plus(now, -DAY_MS), expires: Instant.plus(now, DAY_MS) })
}

function startChild({ copy, key, folder, feed }: Installed): ChildProcess {
  const given = JSON.stringify({ copy, keys: key.pem, folder, ca: feed.ca })
  const child = spawn(process.execPath, [path.join(repoRoot, 'tests/shell/support/update-child.ts'), given], {
    env: { ...process.env, ...copy.env },
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  onTestFinished(() => void child.kill('SIGKILL'))
  return child
}

async function kill(child: ChildProcess): Promise<void> {
  const gone = once(child, 'exit')
  child.kill('SIGKILL')
  await gone
}

describe('A kill', () => {
  test('in the middle of the download installs nothing, and the next run downloads it whole', async () => {
    const copy = await installed()
    const before = readFileSync(copy.program)
    const release = releaseNow(copy)
    publish(copy.feed, release, copy.key)
    const half = Promise.withResolvers<undefined>()
    copy.feed.files.set(file, (_request, response) => {
      response.writeHead(200, { 'content-length': release.bytes.length })
      response.write(release.bytes.subarray(0, 20), () => half.resolve(undefined))
    })
    const child = startChild(copy)
    await half.promise
    const pending = path.join(copy.folder, 'updates/keelson-updater/pending')
    await eventually(() => expect(existsSync(path.join(pending, `temp-${file}`))).toBe(true))
    await kill(child)
    expect(readFileSync(copy.program)).toEqual(before)
    execFileSync(copy.program)
    expect(copy.ran()).toEqual(['1.2.3'])

    copy.feed.files.set(file, release.bytes)
    const next = copy.again({ clock: { ...copy.clock, now: () => Instant.fromEpochMs(Date.now()) } })
    expect(await lookThrough({ updates: next })).toBe('ready')
    expect(readFileSync(path.join(pending, file))).toEqual(release.bytes)
  })

  test('in the middle of the installation leaves the old version or the new, whole, and it starts', async () => {
    const copy = await installed()
    const before = readFileSync(copy.program)
    const log = path.join(path.dirname(copy.program), 'ran.txt')
    // Large, so that there is a middle.
    const bytes = Buffer.concat([program(log, '1.3.0'), Buffer.from('exit 0\n'), Buffer.alloc(64 * 1024 * 1024, '#')])
    publish(copy.feed, releaseNow(copy, bytes), copy.key)
    const folder = path.dirname(copy.program)
    const isDraft = (name: string | null): boolean => name?.startsWith('.Keelson.AppImage.') === true
    const begun = Promise.withResolvers<undefined>()
    const watcher = watch(folder, (_event, name) => {
      if (isDraft(name)) begun.resolve(undefined)
    })
    onTestFinished(() => watcher.close())
    const child = startChild(copy)
    await begun.promise
    await kill(child)

    const after = readFileSync(copy.program)
    expect(after.equals(before) || after.equals(bytes)).toBe(true)
    execFileSync(copy.program)
    expect(copy.ran()).toContain(after.equals(before) ? '1.2.3' : '1.3.0')
    await copy.updates.check()
    const next = copy.again({ clock: { ...copy.clock, now: () => Instant.fromEpochMs(Date.now()) } })
    expect(await lookThrough({ updates: next })).toBe('ready')
    await next.install()
    expect(readFileSync(copy.program).equals(bytes)).toBe(true)
    expect(readdirSync(folder).filter(isDraft)).toEqual([])
    await eventually(() => expect(copy.ran().at(-1)).toBe('1.3.0'))
  })
})
