import { spawn } from 'node:child_process'
import { readFileSync, statSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { describe, expect, test } from 'vitest'
import { diagnostics } from '../../electron/headless/commands/diagnostics.ts'
import { backup, health } from '../../electron/headless/commands/health.ts'
import { createClient } from '../../electron/headless/wire.ts'
import type { FindingView, HealthSummary } from '../../shared/contract/health.ts'
import { newId } from '../../shared/domain/ids.ts'
import { Instant } from '../../shared/domain/time.ts'
import { keelsonEntry } from '../support/built.ts'
import { tempFolder } from '../support/data-folder.ts'
import { type Answers, fakeCore } from './support/fake-core.ts'
import { fakeTerminal } from './support/fake-terminal.ts'

const at = Instant.parse('2026-11-20T15:00:00Z')
const connectionId = newId.connection('0f8fad5b')
const none = { runs: 0, succeeded: 0, partial: 0, failed: 0, canceled: 0, rate: null, averageMs: null, p95Ms: null, rows: 0 }
const calls = { calls: 40, failed: 1, limited: 2, bytes: 9000, p50: { ms: 119.6, fromMs: 110, toMs: 130 }, p95: null }

function summaryOf(severity: HealthSummary['severity'], findings: FindingView[] = []): HealthSummary {
  return {
    at,
    hours: 24,
    severity,
    findings,
    sla: {
      standing: 'met',
      day: { runs: 30, rate: 1 },
      month: { runs: 900, rate: 0.9956 },
      alertBelow: 0.9,
      target: 0.99,
      enoughRuns: 10,
      environments: ['live'],
    },
    tokens: [
      {
        connectionId,
        broker: 'schwab',
        environment: 'live',
        name: 'Retirement',
        kind: 'ok',
        severity: 'good',
        badge: 'over-24h',
        deadline: null,
        retryAt: null,
        dueAt: null,
        lastAttemptAt: null,
        lastError: null,
      },
    ],
    refreshes: { ...none, runs: 20, succeeded: 20, rate: 1, averageMs: 210.4, p95Ms: 400 },
    syncs: none,
    connecting: none,
    brokers: [],
    failures: [],
    calls: { ...calls, bandError: 0.09, hosts: [] },
    limits: [],
    clock: { driftMs: -1500, asOf: at },
    vault: { state: 'open', protection: 'keyring', notice: null },
    storage: { bytes: 1, freeBytes: null, schemaVersion: 3, backups: 0, lastBackupAt: null, lastCheckAt: at },
    volume: [],
  }
}

function setting(answers: Answers, json = false) {
  const core = fakeCore(answers)
  const terminal = fakeTerminal()
  return { core, terminal, context: { client: createClient(core), terminal, json, signal: new AbortController().signal } }
}

describe('health', () => {
  test('ends with 0, and with 6 only when a finding is a danger', async () => {
    for (const [severity, code] of [
      ['good', 0],
      ['notice', 0],
      ['warning', 0],
      ['danger', 6],
    ] as const) {
      const { context } = setting({ 'health.summary': () => summaryOf(severity) })
      expect(await health(context, { hours: 24 })).toBe(code)
    }
  })

  test('prints the summary as one document', async () => {
    const summary = summaryOf('good')
    const { context, terminal, core } = setting({ 'health.summary': () => summary }, true)
    await health(context, { hours: 72 })
    expect(core.asked.map(({ input }) => input)).toEqual([{ hours: 72 }])
    expect(terminal.output).toHaveLength(1)
    expect(JSON.parse(terminal.output[0] ?? '')).toEqual(summary)
  })

  test('says each finding with the command that helps, and the figures', async () => {
    const fix = { kind: 'reconnect', label: 'Reconnect', route: 'connections.signIn', connectionId } as const
    const findings: FindingView[] = [
      { id: 'a', severity: 'danger', title: 'Retirement needs a sign-in', sentence: 'The sign-in has come to its end.', fix },
      {
        id: 'b',
        severity: 'warning',
        title: 'There is no backup yet',
        sentence: 'Once a day.',
        fix: { kind: 'backup', label: 'Back up now', route: 'storage.backup' },
      },
    ]
    const { context, terminal } = setting({ 'health.summary': () => summaryOf('danger', findings) })
    await health(context, { hours: 24 })
    const text = terminal.output.join('\n')
    expect(text).toContain(`keelson connect schwab --environment live --reconnect ${connectionId}`)
    expect(text).toContain('keelson backup')
    expect(text).toContain('100.0 % of 30 in 24 hours, 99.5 % of 900 in 30 days (met)')
    expect(text).toContain('half within 120 ms')
    expect(text).toContain('-1.5 s off')
    expect(text).not.toContain('All is well')
  })

  test('says so when all is well', async () => {
    const { context, terminal } = setting({ 'health.summary': () => summaryOf('good') })
    await health(context, { hours: 24 })
    expect(terminal.output.join('\n')).toMatch(/^All is well\.[^]*In the last 24 hours:/)
  })
})

describe('backup', () => {
  test('says whether it made one', async () => {
    const made = setting({ 'storage.backup': () => ({ made: true, lastBackupAt: at }) })
    expect(await backup(made.context)).toBe(0)
    expect(made.terminal.output).toEqual(["Today's backup is made."])
    const there = setting({ 'storage.backup': () => ({ made: false, lastBackupAt: at }) }, true)
    await backup(there.context)
    expect(there.terminal.output).toEqual([JSON.stringify({ made: false, lastBackupAt: at })])
  })
})

describe('diagnostics', () => {
  const text = '{\n  "about": "näher"\n}\n'
  const answers: Answers = { 'diagnostics.preview': () => ({ name: 'x.json', text, bytes: Buffer.byteLength(text) }) }

  test('prints exactly what it would write', async () => {
    const { context, terminal } = setting(answers)
    expect(await diagnostics(context, { out: undefined })).toBe(0)
    expect(`${terminal.output.join('\n')}\n`).toBe(text)
  })

  test('writes a new file only its owner can read', async () => {
    const file = path.join(tempFolder(), 'keelson.json')
    const { context, terminal } = setting(answers, true)
    expect(await diagnostics(context, { out: file })).toBe(0)
    expect(readFileSync(file, 'utf8')).toBe(text)
    expect(process.platform === 'win32' ? 0o600 : statSync(file).mode & 0o777).toBe(0o600)
    expect(terminal.output).toEqual([JSON.stringify({ file, bytes: Buffer.byteLength(text) })])
  })

  test('leaves a file that is there as it was', async () => {
    const file = path.join(tempFolder(), 'mine.txt')
    writeFileSync(file, 'mine')
    await expect(diagnostics(setting(answers).context, { out: file })).rejects.toMatchObject({ code: 'app/file-exists' })
    expect(readFileSync(file, 'utf8')).toBe('mine')
  })

  test('says why a file cannot be written', async () => {
    const file = path.join(tempFolder(), 'no', 'such', 'folder.json')
    await expect(diagnostics(setting(answers).context, { out: file })).rejects.toMatchObject({
      code: 'app/file-unwritable',
      details: { reason: 'ENOENT' },
    })
  })
})

test('a watchdog gets a document and 0 from a folder in order, and a bundle that is written once', async () => {
  const folder = tempFolder()
  const { code, out } = await keelson(folder, 'health', '--json')
  expect(code).toBe(0)
  expect(JSON.parse(out)).toMatchObject({ severity: 'good', findings: [] })
  const file = path.join(folder, 'bundle.json')
  expect((await keelson(folder, 'diagnostics', '--out', file)).code).toBe(0)
  const written = readFileSync(file, 'utf8')
  expect(JSON.parse(written)).toMatchObject({ program: { host: 'headless' }, storage: { integrity: 'ok' } })
  expect(written).not.toContain(folder)
  expect((await keelson(folder, 'diagnostics', '--out', file)).code).toBe(1)
  expect(readFileSync(file, 'utf8')).toBe(written)
})

function keelson(dataDir: string, ...args: readonly string[]): Promise<{ code: number | null; out: string }> {
  const env = { ...process.env, KEELSON_PASSPHRASE: 'a passphrase', KEELSON_KEYRING: 'off', NODE_NO_WARNINGS: '1' }
  const child = spawn(process.execPath, [keelsonEntry, ...args, '--data-dir', dataDir], { env, stdio: ['ignore', 'pipe', 'ignore'] })
  let out = ''
  child.stdout.on('data', (chunk: Buffer) => (out += chunk.toString('utf8')))
  return new Promise((resolve, reject) => {
    child.once('error', reject)
    child.once('close', code => resolve({ code, out }))
  })
}
