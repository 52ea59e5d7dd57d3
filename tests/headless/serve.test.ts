import { type ChildProcess, spawn } from 'node:child_process'
import { readFileSync, statSync } from 'node:fs'
import path from 'node:path'
import { createInterface } from 'node:readline'
import { describe, expect, test } from 'vitest'
import { WebSocket } from 'ws'
import { keelsonEntry } from '../support/built.ts'
import { tempFolder } from '../support/fake-ports.ts'

const env = { ...process.env, KEELSON_PASSPHRASE: 'correct horse', KEELSON_KEYRING: 'off', NODE_NO_WARNINGS: '1' }

interface Ran {
  readonly code: number | null
  readonly out: string
  readonly err: string
}

function start(...args: readonly string[]): ChildProcess {
  return spawn(process.execPath, [keelsonEntry, ...args], { env, stdio: ['ignore', 'pipe', 'pipe'] })
}

function collect(child: ChildProcess): Promise<Ran> {
  const parts = { out: '', err: '' }
  child.stdout?.on('data', (chunk: Buffer) => (parts.out += chunk.toString('utf8')))
  child.stderr?.on('data', (chunk: Buffer) => (parts.err += chunk.toString('utf8')))
  return new Promise(resolve => child.once('close', code => resolve({ code, ...parts })))
}

const run = (...args: readonly string[]): Promise<Ran> => collect(start(...args))

function firstLine(child: ChildProcess): Promise<string> {
  const { stdout } = child
  if (!stdout) return Promise.resolve('')
  return new Promise(resolve => createInterface({ input: stdout }).once('line', resolve))
}

/** A real host as a process of its own, on a real core. */
async function startHost(dataDir: string) {
  const child = start('serve', '--port', '0', '--no-open', '--json', '--data-dir', dataDir)
  const ended = collect(child)
  const line = await firstLine(child)
  const link = /"link":"([^"]+)"/.exec(line)?.[1] ?? ''
  return { child, ended, link, url: new URL(link).origin }
}

/** Comes in as a browser does and waits until the core answers. */
async function comeIn({ link, url }: { link: string; url: string }): Promise<unknown> {
  const { status, headers } = await fetch(link, { redirect: 'manual' })
  expect(status).toBe(303)
  const cookie = headers.get('set-cookie')?.split(';')[0] ?? ''
  const socket = new WebSocket(`${url.replace('http', 'ws')}/ws`, { headers: { cookie, origin: url } })
  await new Promise((resolve, reject) => {
    socket.once('open', resolve)
    socket.once('error', reject)
  })
  socket.send(JSON.stringify({ type: 'request', request: { id: 'a', route: 'app.status', input: {} } }))
  const reply = await new Promise<unknown>(resolve =>
    socket.once('message', data => resolve(JSON.parse(Buffer.isBuffer(data) ? data.toString('utf8') : ''))),
  )
  socket.terminate()
  return reply
}

describe('keelson serve', () => {
  test('serves, is used by commands instead of fought, tells a second one, and leaves nothing behind', async () => {
    using folder = tempFolder()
    const host = await startHost(folder.path)
    expect(await comeIn(host)).toMatchObject({
      type: 'reply',
      id: 'a',
      envelope: { ok: true, data: { vault: { protection: 'passphrase' } } },
    })

    const status = await run('status', '--json', '--data-dir', folder.path)
    expect(JSON.parse(status.out)).toMatchObject({ host: 'headless', vault: { state: 'open' }, connections: [] })
    const hostFile = path.join(folder.path, 'host.json')
    expect(process.platform === 'win32' ? 0o600 : statSync(hostFile).mode & 0o777).toBe(0o600)
    const token = /"token":"([\w-]{43})"/.exec(readFileSync(hostFile, 'utf8'))?.[1] ?? 'none'

    const second = await run('serve', '--port', '0', '--no-open', '--data-dir', folder.path)
    expect(second.code).toBe(4)
    expect(second.err).toContain(host.url)
    expect(second.err).toContain(String(host.child.pid))

    const open = await run('open', '--no-open', '--data-dir', folder.path)
    expect(open.code).toBe(0)
    expect((await fetch(open.out.trim(), { redirect: 'manual' })).status).toBe(303)

    host.child.kill('SIGTERM')
    const ended = await host.ended
    expect(ended.code).toBe(process.platform === 'win32' ? null : 0)
    expect([ended.out, ended.err, status.out, second.err, open.out].join('')).not.toContain(token)
    const after = await run('status', '--json', '--data-dir', folder.path)
    expect(after.code).toBe(0)
  })

  test('refuses a port that is taken and says which', async () => {
    using folder = tempFolder()
    using other = tempFolder()
    const host = await startHost(folder.path)
    const { code, err } = await run('serve', '--port', new URL(host.url).port, '--no-open', '--data-dir', other.path)
    expect(code).toBe(1)
    expect(err).toContain(new URL(host.url).port)
    host.child.kill('SIGKILL')
    await host.ended
  })

  test('takes over a folder whose host was killed', async () => {
    using folder = tempFolder()
    const first = await startHost(folder.path)
    await comeIn(first)
    first.child.kill('SIGKILL')
    await first.ended
    const second = await startHost(folder.path)
    const status = await run('status', '--json', '--data-dir', folder.path)
    expect(status.code).toBe(0)
    second.child.kill('SIGTERM')
    expect((await second.ended).code).toBe(process.platform === 'win32' ? null : 0)
  })

  test('opens a passphrase vault only with its passphrase', async () => {
    using folder = tempFolder()
    await run('status', '--data-dir', folder.path)
    const wrong = spawn(process.execPath, [keelsonEntry, 'status', '--json', '--data-dir', folder.path], {
      env: { ...env, KEELSON_PASSPHRASE: 'wrong' },
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    const { out, err } = await collect(wrong)
    expect(`${out}${err}`).toMatch(/locked|passphrase/)
    expect(out).not.toContain('"state":"open"')
  })
})
