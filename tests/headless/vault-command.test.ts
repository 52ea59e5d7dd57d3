import { spawn } from 'node:child_process'
import { describe, expect, test } from 'vitest'
import { AppError } from '../../shared/contract/errors.ts'
import { vault, type VaultOptions } from '../../electron/headless/commands/vault.ts'
import { createClient } from '../../electron/headless/wire.ts'
import { keelsonEntry } from '../support/built.ts'
import { tempFolder } from '../support/fake-ports.ts'
import { type Answers, type Asked, fakeCore } from './support/fake-core.ts'
import { type FakeTerminalOptions, fakeTerminal } from './support/fake-terminal.ts'

const key = { createdAt: '2026-08-12T20:59:58.000Z', ageDays: 100, rotateAt: '2027-08-12T20:59:58.000Z' }
const open = { state: 'open', protection: 'passphrase', notice: null, backend: 'scrypt-n17', trouble: null, nextTry: null, key, rotation: null }
const trouble = { code: 'vault/wrong-passphrase', message: 'This passphrase does not open the vault.', action: 'Try again.' }
const locked = { ...open, state: 'locked', notice: trouble.message, trouble, key: null }
/** A vault that stands so, and after a change otherwise. */
const statusOf = (now: unknown, changed: Answers = {}, then: unknown = now): Answers => {
  let isChanged = false
  const changing = Object.entries(changed).map(([route, answer]) => [route, (asked: Asked): unknown => ((isChanged = true), answer(asked))] as const)
  return { 'vault.status': () => (isChanged ? then : now), ...Object.fromEntries<Answers[string]>(changing) }
}

function setting(answers: Answers, options: FakeTerminalOptions & { json?: boolean } = {}) {
  const core = fakeCore(answers)
  const terminal = fakeTerminal(options)
  const context = { client: createClient(core), terminal, json: options.json ?? true, signal: new AbortController().signal }
  const run = (action: VaultOptions['action'], yes = false) => vault(context, { action, yes })
  return { terminal, run, routes: () => core.asked.map(({ route }) => route) }
}

describe('vault', () => {
  test('shows how the vault stands, and ends with 5 while it is locked', async () => {
    const shown = setting(statusOf(open))
    expect(await shown.run('show')).toBe(0)
    expect(shown.terminal.output).toEqual([JSON.stringify({ vault: open })])
    const shut = setting(statusOf(locked), { json: false })
    expect(await shut.run('show')).toBe(5)
    expect(shut.terminal.output.join('\n')).toContain(locked.notice)
    expect(shut.terminal.errors.join('\n')).toContain('--unlock')
    expect(shut.routes()).toEqual(['vault.status'])
  })

  test('tries again when asked, and says how that ended', async () => {
    const again = setting(statusOf(locked, { 'vault.unlock': () => open }, open))
    expect(await again.run('unlock')).toBe(0)
    expect(again.terminal.output).toEqual([JSON.stringify({ vault: open })])
    const still = setting(statusOf(locked, { 'vault.unlock': () => locked }))
    expect(await still.run('unlock')).toBe(5)
  })

  test('starts over only when somebody agreed', async () => {
    const answers = statusOf(locked, { 'vault.startOver': () => open }, open)
    const unasked = setting(answers)
    expect(await unasked.run('start-over')).toBe(2)
    const declined = setting(answers, { interactive: true, lines: ['n'] })
    await expect(declined.run('start-over')).rejects.toMatchObject({ code: 'app/canceled' })
    expect([...unasked.routes(), ...declined.routes()]).toEqual(['vault.status', 'vault.status'])
    expect(declined.terminal.errors.join('\n')).toContain('Every broker must be signed in again')
    expect(await setting(answers, { interactive: true, lines: ['yes'] }).run('start-over')).toBe(0)
    const agreed = statusOf(locked, { 'vault.startOver': () => open }, open)
    expect(await setting(agreed).run('start-over', true)).toBe(0)
  })

  test('leaves an open vault as it is', async () => {
    const { run, routes } = setting(statusOf(open))
    expect([await run('start-over', true), await run('unlock')]).toEqual([0, 0])
    expect(routes()).toEqual(['vault.status', 'vault.status'])
  })

  test('passes on why a new key could not be kept', async () => {
    const refuse = (): never => {
      throw new AppError('vault/no-store')
    }
    await expect(setting(statusOf(locked, { 'vault.startOver': refuse })).run('start-over', true)).rejects.toMatchObject({
      failure: { code: 'vault/no-store' },
    })
  })
})

test('a forgotten passphrase: the vault starts over with a new one, which opens it from then on', async () => {
  using folder = tempFolder()
  const keelson = (passphrase: string, ...args: readonly string[]) => run(folder.path, passphrase, args)
  expect(await keelson('forgotten', 'vault', '--json')).toMatchObject({ code: 0, doc: { vault: { state: 'open', protection: 'passphrase', notice: null } } })
  expect(await keelson('new', 'vault', '--unlock', '--json')).toMatchObject({ code: 5, doc: { vault: { state: 'locked' } } })
  expect(await keelson('new', 'vault', '--start-over', '--yes', '--json')).toMatchObject({ code: 0, doc: { vault: { state: 'open', protection: 'passphrase', notice: null } } })
  expect(await keelson('new', 'vault', '--json')).toMatchObject({ code: 0, doc: { vault: { state: 'open', protection: 'passphrase', notice: null } } })
  expect(await keelson('forgotten', 'vault', '--json')).toMatchObject({ code: 5 })
})

function run(dataDir: string, passphrase: string, args: readonly string[]): Promise<{ code: number | null; doc: unknown }> {
  const env = { ...process.env, KEELSON_PASSPHRASE: passphrase, KEELSON_KEYRING: 'off', NODE_NO_WARNINGS: '1' }
  const child = spawn(process.execPath, [keelsonEntry, ...args, '--data-dir', dataDir], { env, stdio: ['ignore', 'pipe', 'inherit'] })
  let out = ''
  child.stdout.on('data', (chunk: Buffer) => (out += chunk.toString('utf8')))
  return new Promise((resolve, reject) => {
    child.once('error', reject)
    child.once('close', code => resolve({ code, doc: JSON.parse(out) }))
  })
}
