import { spawn } from 'node:child_process'
import { text } from 'node:stream/consumers'
import path from 'node:path'
import { describe, expect, onTestFinished, test } from 'vitest'
import { Instant } from '../../shared/domain/time.ts'
import { repoRoot } from '../support/repo-root.ts'
import { type Installed, installed } from './support/installed-copy.ts'
import { HASH, publish } from './support/update-feed.ts'

const DAY_MS = 86_400_000

/** A copy on a Mac with an update in its feed. */
async function macCopy(): Promise<Installed & { readonly hash: string }> {
  const copy = await installed()
  const now = Instant.fromEpochMs(Date.now())
  const bytes = Buffer.from('a zip')
  const dates = { signed: Instant.plus(now, -DAY_MS), expires: Instant.plus(now, DAY_MS) }
  publish(copy.feed, copy.release({ ...dates, bytes, name: 'latest-mac.yml', file: 'Keelson-1.3.0-mac.zip' }), copy.key)
  return { ...copy, hash: HASH(bytes) }
}

/** What a run of it says, until `last` has been said. */
async function runUntil({ copy, key, folder, feed }: Installed, takesIt: boolean, last: string): Promise<string[]> {
  const given = JSON.stringify({ copy: { ...copy, platform: 'darwin', env: {} }, keys: key.pem, folder, ca: feed.ca })
  const child = spawn(process.execPath, [path.join(repoRoot, 'tests/shell/support/mac-child.ts'), given], {
    stdio: ['ignore', 'pipe', 'ignore'],
    env: { ...process.env, ...(takesIt ? {} : { SQUIRREL_REFUSES: '1' }) },
  })
  onTestFinished(() => void child.kill('SIGKILL'))
  const said = text(child.stdout)
  child.stdout.on('data', (part: Buffer) => (part.toString().includes(last) ? void child.kill() : undefined))
  return (await said).trim().split('\n')
}

describe('On macOS', () => {
  test('the system gets the very file that was checked, and takes it before the app is drained', async () => {
    const copy = await macCopy()
    expect(await runUntil(copy, true, 'squirrel installs')).toEqual([`squirrel has ${copy.hash}`, 'drained', 'squirrel installs'])
  })

  test('what the system does not take is not installed, and the app goes on undrained', async () => {
    const copy = await macCopy()
    const said = await runUntil(copy, false, 'Error:')
    expect(said).toEqual([
      `squirrel has ${copy.hash}`,
      'failed: update/install-failed',
      'AppError: The update could not be installed. The version you have goes on.',
    ])
  })

  test('a changed file never comes to the system', async () => {
    const copy = await macCopy()
    copy.feed.files.set('Keelson-1.3.0-mac.zip', 'b zip')
    expect(await runUntil(copy, true, 'refused')).toEqual(['refused: update/damaged'])
  })
})
