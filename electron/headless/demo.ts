import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import type { ConnectionView } from '../../shared/contract/schemas.ts'
import type { BrokerId } from '../../shared/domain/broker.ts'
import { createCore } from '../core/create-core.ts'
import type { Ports } from '../core/ports.ts'
import { type Sandbox, startSandbox } from '../core/sandbox/sandbox.ts'
import { STAND_IDS, standsOf, standVariable } from '../core/sandbox/stands.ts'
import { createClock } from '../node/clock.ts'
import { createMail } from '../node/mail.ts'
import { layoutAround } from '../node/layout.ts'
import { createMemoryBox } from '../node/memory-box.ts'
import { createRandom } from '../node/random.ts'
import { readVersion } from '../node/version.ts'
import { type Client, createClient } from './wire.ts'

/** What the demo saw of one broker. */
interface Shown {
  readonly broker: BrokerId
  readonly state: string
  readonly accounts: number
  readonly activities: number
  readonly secondSyncNew: number
  /** Tokens renewed on the way, where the broker renews. */
  readonly refreshes: number
  readonly ways: string
  readonly ms: number
}

const SEED = 20_231_101

/**
 * The whole life of a connection, without questions: sandbox brokers start, each is connected through its real sign-in (this
 * program plays the browser), synced, its token made to expire, renewed (or signed in again where the broker has no
 * refresh), and synced again. Everything happens in a folder that is deleted at the end.
 */
async function demo(json: boolean): Promise<void> {
  const dataDir = mkdtempSync(path.join(tmpdir(), 'keelson-demo-'))
  const clock = createClock()
  const sandbox = await startSandbox({ seed: SEED, now: clock.now })
  const core = await createCore(demoPorts(dataDir, sandbox), { background: false })
  const client = createClient(core)
  try {
    // Side by side: some brokers allow few calls a minute, and their simulators keep the same pace.
    const brokers = await offered(client)
    const connections = await Promise.all(brokers.map(broker => showBroker(client, sandbox, broker, clock.monotonicMs)))
    console.log(json ? JSON.stringify({ ok: true, connections }) : table(connections))
  } finally {
    await core.close()
    await sandbox.close()
    rmSync(dataDir, { recursive: true, force: true })
  }
}

async function offered(client: Client): Promise<BrokerId[]> {
  const brokers = await client.request('brokers.list', {}, new AbortController().signal)
  return brokers.filter(({ environments }) => environments.some(({ id }) => id === 'sandbox')).map(({ id }) => id)
}

async function showBroker(client: Client, sandbox: Sandbox, broker: BrokerId, now: () => number): Promise<Shown> {
  const { signal } = new AbortController()
  const began = now()
  const controls = standsOf(broker).filter(stand => sandbox.urls[stand] !== '').map(stand => sandbox.control(stand))
  const signIn = async () => {
    const [id] = (await client.request('sandbox.explore', { broker }, signal)).connectionIds
    if (id === undefined) throw new Error(`${broker}: the sign-in gave no connection`)
    return id
  }
  let signIns = 1
  const connectionId = await signIn()
  const first = await client.request('sync.run', { connectionId }, signal)
  if (first.result !== 'success')
    throw new Error(`${broker}: the first sync was ${first.result}: ${first.error?.message ?? 'an account is missing'}`)
  const activities = first.accounts.reduce((sum, account) => sum + account.new, 0)

  // Where nothing is signed in to a web page, nothing expires: a Flex token that did would need its user.
  const signsIn = connectionOf(await client.request('connections.list', {}, signal), connectionId)?.methods.some(({ method }) => method === 'oauth')
  if (signsIn === true && broker !== 'ibkr') for (const control of controls) control.expireAccessTokens()
  let second = await client.request('sync.run', { connectionId }, signal)
  if (second.error?.code === 'auth/sign-in-needed') {
    signIns += 1
    if ((await signIn()) !== connectionId) throw new Error(`${broker}: signing in again made a second connection`)
    second = await client.request('sync.run', { connectionId }, signal)
  }
  if (second.result !== 'success')
    throw new Error(`${broker}: the second sync was ${second.result}: ${second.error?.message ?? 'an account is missing'}`)
  const secondSyncNew = second.accounts.reduce((sum, account) => sum + account.new, 0)
  if (activities === 0 || secondSyncNew !== 0)
    throw new Error(`${broker}: ${activities} activities first, ${secondSyncNew} new in the second sync`)

  const connection = connectionOf(await client.request('connections.list', {}, signal), connectionId)
  if (connection?.state.kind !== 'connected') throw new Error(`${broker}: not connected at the end`)
  const asked = controls.flatMap(control => control.requests())
  const tokenCalls = asked.filter(({ method, path: at }) => (method === 'POST' && at.split('?')[0]?.endsWith('/token') === true) || at.includes('renew_access_token')).length
  return {
    broker,
    state: connection.state.kind,
    accounts: connection.accounts.length,
    activities,
    secondSyncNew,
    refreshes: Math.max(0, tokenCalls - signIns),
    ways: connection.methods.map(({ method }) => method).join('+'),
    ms: Math.round(now() - began),
  }
}

function connectionOf(all: readonly ConnectionView[], connectionId: string): ConnectionView | undefined {
  return all.find(({ id }) => id === connectionId)
}

function demoPorts(dataDir: string, sandbox: Sandbox): Ports {
  const layout = layoutAround(import.meta.filename)
  return {
    host: 'headless',
    version: readVersion(layout.root),
    paths: { dataDir, writerScript: layout.writerScript },
    secretBox: createMemoryBox(),
    browser: { open: () => Promise.resolve() },
    clock: createClock(),
    cron: { every: () => () => undefined },
    random: createRandom(),
    power: { onSuspend: () => () => undefined, onResume: () => () => undefined },
    network: { onReturn: () => () => undefined },
    notify: { show: () => undefined },
    mail: createMail(),
    log: () => undefined,
    env: { ...Object.fromEntries(STAND_IDS.map(stand => [standVariable(stand), sandbox.urls[stand]])), KEELSON_SANDBOX_HASTE: '10' },
  }
}

function table(rows: readonly Shown[]): string {
  const cells = rows.map(row => [row.broker, row.ways, row.accounts, row.activities, row.secondSyncNew, row.refreshes, row.ms].map(String))
  const lines = [['broker', 'by', 'accounts', 'activities', 'new in 2nd sync', 'refreshes', 'ms'], ...cells]
  const widths = lines[0]?.map((_, column) => Math.max(...lines.map(line => line[column]?.length ?? 0))) ?? []
  const aligned = lines.map(line =>
    line.map((cell, column) => (column < 2 ? cell.padEnd(widths[column] ?? 0) : cell.padStart(widths[column] ?? 0))).join('  '),
  )
  return [...aligned, '', 'Each sandbox broker was connected, synced, expired, renewed and synced again.'].join('\n')
}

const json = process.argv.includes('--json')
demo(json).catch((error: unknown) => {
  const message = error instanceof Error ? error.message : String(error)
  console.log(json ? JSON.stringify({ ok: false, error: message, connections: [] }) : `The demo failed: ${message}`)
  process.exitCode = 1
})
