import { spawn } from 'node:child_process'
import { describe, expect, test } from 'vitest'
import { readHostFile } from '../../electron/headless/host-file.ts'
import { keelsonEntry } from '../support/built.ts'
import { eventually } from '../support/eventually.ts'
import { tempFolder } from '../support/fake-ports.ts'

const PASSPHRASE = 'lock passphrase'

interface Ran {
  readonly code: number | null
  readonly doc: unknown
}

/** Runs the real command; `lines` is what is piped into it. */
function keelson(dataDir: string, args: readonly string[], options: { lines?: readonly string[]; env?: Readonly<Record<string, string>> } = {}): Promise<Ran> {
  // Where there is nothing to guard no key is derived, which takes longer than a command.
  const env = { ...process.env, KEELSON_KEYRING: 'off', NODE_NO_WARNINGS: '1', ...options.env }
  const child = spawn(process.execPath, [keelsonEntry, ...args, '--json', '--data-dir', dataDir], { env, stdio: ['pipe', 'pipe', 'ignore'] })
  child.stdin.end((options.lines ?? []).map(line => `${line}\n`).join(''))
  let out = ''
  child.stdout.on('data', (chunk: Buffer) => (out += chunk.toString('utf8')))
  return new Promise((resolve, reject) => {
    child.once('error', reject)
    child.once('close', code => resolve({ code, doc: out === '' ? null : JSON.parse(out) }))
  })
}

const refused = (exit: number, code: string) => ({ code: exit, doc: { error: expect.objectContaining({ code }) as unknown } })
const lockIs = (view: object) => ({ code: 0, doc: { lock: expect.objectContaining(view) as unknown } })

describe('the app lock on the command line', () => {
  test('is set, asked of every command that runs by itself, and taken off again', async () => {
    using folder = tempFolder()
    const run = (args: readonly string[], options = {}) => keelson(folder.path, args, options)
    expect(await run(['lock', 'status'])).toEqual(lockIs({ on: false }))
    expect(await run(['lock', 'set', '--idle', '0'], { lines: ['short'] })).toEqual({ code: 2, doc: null })
    expect(await run(['lock', 'set', '--idle', '0'], { lines: [PASSPHRASE] })).toEqual(lockIs({ on: true, locked: false, idleMinutes: null }))
    expect(await run(['status'])).toEqual(refused(7, 'app/locked'))
    expect(await run(['lock', 'status'])).toEqual(lockIs({ on: true, locked: true }))
    expect(await run(['status'], { env: { KEELSON_LOCK_PASSPHRASE: PASSPHRASE } })).toMatchObject({ code: 0 })
    expect(await run(['status'], { env: { KEELSON_LOCK_PASSPHRASE: 'wrong one' } })).toEqual(refused(7, 'lock/wrong-passphrase'))
    expect(await run(['unlock'])).toEqual({ code: 1, doc: null })
    expect(await run(['lock', 'reset'])).toEqual({ code: 2, doc: null })
    expect(await run(['lock', 'reset', '--yes'])).toEqual({ code: 0, doc: { reset: true } })
    expect(await run(['status'])).toMatchObject({ code: 0 })
    expect(await run(['lock', 'reset', '--yes'])).toEqual({ code: 0, doc: { reset: false } })
  })

  test('closes and opens a running host, which cannot be unlocked any other way', async () => {
    using folder = tempFolder()
    const run = (args: readonly string[], options = {}) => keelson(folder.path, args, options)
    const env = { ...process.env, KEELSON_KEYRING: 'off', NODE_NO_WARNINGS: '1' }
    const host = spawn(process.execPath, [keelsonEntry, 'serve', '--port', '0', '--no-open', '--json', '--data-dir', folder.path], { env, stdio: 'ignore' })
    const ended = new Promise(resolve => host.once('close', resolve))
    // Its address is known before its core is open, and until then a command would take the folder itself.
    await eventually(() => expect(readHostFile(folder.path)).not.toBeNull())
    try {
      expect(await run(['lock', 'set'], { lines: [PASSPHRASE] })).toEqual(lockIs({ on: true, locked: false, idleMinutes: 15 }))
      expect(await run(['status'])).toMatchObject({ code: 0 })
      expect(await run(['lock'])).toEqual(lockIs({ locked: true }))
      expect(await run(['status'])).toEqual(refused(7, 'app/locked'))
      expect(await run(['lock', 'reset', '--yes'])).toEqual(refused(4, 'app/busy'))
      expect(await run(['unlock'], { lines: ['wrong one'] })).toEqual(refused(7, 'lock/wrong-passphrase'))
      // The wait after one wrong passphrase is a second, and starting a command takes part of it, or all.
      let unlocked = await run(['unlock'], { lines: [PASSPHRASE] })
      while (unlocked.code !== 0) unlocked = await run(['unlock'], { lines: [PASSPHRASE] })
      expect(unlocked).toEqual(lockIs({ locked: false }))
      expect(await run(['lock', 'clear'], { lines: [PASSPHRASE] })).toEqual(lockIs({ on: false }))
    } finally {
      host.kill('SIGTERM')
      await ended
    }
  })
})

test('a new key and a new passphrase from the command line: the old one opens nothing any more', async () => {
  using folder = tempFolder()
  const run = (args: readonly string[], { lines = [], passphrase = 'correct horse' }: { lines?: readonly string[]; passphrase?: string } = {}) =>
    keelson(folder.path, args, { lines, env: { KEELSON_PASSPHRASE: passphrase } })
  expect(await run(['vault'])).toMatchObject({ code: 0, doc: { vault: { key: { ageDays: 0 } } } })
  expect(await run(['vault', 'rotate'])).toMatchObject({ code: 0, doc: { vault: { state: 'open', rotation: null } } })
  expect(await run(['vault', 'passphrase'], { lines: ['short'] })).toEqual({ code: 2, doc: null })
  expect(await run(['vault', 'passphrase'], { lines: ['battery staple'] })).toMatchObject({ code: 0 })
  expect(await run(['vault'])).toMatchObject({ code: 5, doc: { vault: { trouble: { code: 'vault/wrong-passphrase' } } } })
  expect(await run(['vault'], { passphrase: 'battery staple' })).toMatchObject({ code: 0 })
})
