import { setTimeout as sleep } from 'node:timers/promises'
import { AppError } from '../../shared/contract/errors.ts'
import { LocalDate, toLocalDate } from '../../shared/domain/time.ts'
import type { BrokerAdapter, RateLimit } from '../../electron/core/brokers/adapter.ts'
import { brokers } from '../../electron/core/brokers/registry.ts'
import { createAdmission } from '../../electron/core/entitlements/admission.ts'
import { createLog } from '../../electron/core/log/log.ts'
import type { LogRecord, Ports } from '../../electron/core/ports.ts'
import { SANDBOX_ALPACA_KEY, SANDBOX_TASTYTRADE_GRANT } from '../../electron/core/sandbox/client-keys.ts'
import { STAND_IDS, type StandId, standVariable } from '../../electron/core/sandbox/stands.ts'
import { createBrokerDesk } from '../../electron/core/services/broker-desk.ts'
import { createKeepers } from '../../electron/core/services/keepers.ts'
import { fakePorts, tempFolder } from '../support/fake-ports.ts'
import { type BenchResult, judge, quantile } from './support/measure.ts'
import { type SignedIn, signedIn } from './support/signed-in.ts'
import { startSimulators } from './support/simulators-process.ts'
import type { Arrivals } from './support/simulators-server.ts'
import { wireTimes } from './support/wire-times.ts'

const CONNECTIONS = 100
/** Every way in there is but files. */
const WAYS = 11
const ORDER_DAYS = 60
/** Longer than the shortest windows: the sign-ins are paced by themselves. */
const QUIET_MS = 2000

/** What each stand allows; TWS for each client. Stands without a limit of their own share their broker's. */
const LIMITS: Readonly<Record<StandId, RateLimit>> = {
  alpaca: brokers.alpaca.rateLimit,
  schwab: brokers.schwab.rateLimit,
  tastytrade: brokers.tastytrade.rateLimit,
  etrade: brokers.etrade.rateLimit,
  tdameritrade: brokers.tdameritrade.rateLimit,
  'ibkr-oauth': brokers.ibkr.rateLimit,
  'ibkr-gateway': brokers.ibkr.methodRateLimits?.gateway ?? brokers.ibkr.rateLimit,
  'ibkr-flex': brokers.ibkr.methodRateLimits?.flex ?? brokers.ibkr.rateLimit,
  'ibkr-tws': { requests: 50, perMs: 1000 },
}

/** How one connection's reading went. */
interface Reading {
  readonly name: string
  /** From the start of all to its last answer, waiting for its turns included. */
  readonly tookMs: number
  /** Each question to its TWS: asked there without HTTP, so measured around the adapter. */
  readonly questions: readonly number[]
}

/**
 * N1: what an API call takes, from its departure to the last byte, with 100 connections over every broker and way in reading at once.
 * N1RATE: the fullest window any simulator saw, to what its broker allows.
 */
export async function measure(): Promise<BenchResult[]> {
  using simulators = await startSimulators()
  const env = Object.fromEntries(STAND_IDS.map(stand => [standVariable(stand), simulators.urls[stand]]))
  using first = tempFolder('keelson-bench-')
  using second = tempFolder('keelson-bench-')
  await using explored = await signedIn(fakePorts(first.path, { env }), call => call('sandbox.explore', {}))
  await using typed = await signedIn(fakePorts(second.path, { env }), async call => {
    const form = { environment: 'sandbox', consent: true } as const
    const key = { 'api-key-id': SANDBOX_ALPACA_KEY.keyId, 'api-key-secret': SANDBOX_ALPACA_KEY.secret }
    await call('connections.withForm', { ...form, broker: 'alpaca', method: 'api-key', values: key })
    const grant = { 'client-secret': SANDBOX_TASTYTRADE_GRANT.clientSecret, 'refresh-token': SANDBOX_TASTYTRADE_GRANT.refreshToken }
    await call('connections.withForm', { ...form, broker: 'tastytrade', method: 'personal-grant', values: grant })
  })
  const ways = [...explored.ways, ...typed.ways]
  if (ways.length !== WAYS) throw new Error(`only these ways in work: ${ways.map(nameOf).join(', ')}`)
  const records: LogRecord[] = []
  const ports = fakePorts(first.path, { env, log: record => void records.push(record) })
  const rounds = createRounds(ports, ways)
  try {
    await sleep(QUIET_MS)
    simulators.reset()
    // One of each first, as in an app that has synced before: the brokers' code is loaded and the simulators have made their history.
    await rounds.read(WAYS)
    const before = records.length
    using wire = wireTimes()
    const readings = await rounds.read(CONNECTIONS)
    const refused = records.filter(({ event, fields }) => event === 'http.failed' || Number(fields['status'] ?? 0) >= 400)
    if (refused.length > 0) throw new Error(`${refused.length} calls failed, the first: ${JSON.stringify(refused[0])}`)
    return results({
      http: callsIn(records.slice(before)),
      cold: callsIn(records.slice(0, before)),
      wire: wire.times,
      readings,
      arrivals: await simulators.arrivals(),
    })
  } finally {
    await rounds.close()
  }
}

interface Rounds {
  /** Reads over this many connections at once, new ones each time. */
  read(count: number): Promise<Reading[]>
  close(): Promise<void>
}

/** Connections of the app's own desk: one client and one limiter for all of a broker's. */
function createRounds(ports: Ports, ways: readonly SignedIn[]): Rounds {
  const log = createLog(ports.log, ports.clock)
  const desk = createBrokerDesk({ ports, log, admission: createAdmission(id => brokers[id].name), sandboxOrigin: () => undefined })
  const keepers = createKeepers({ log })
  let opened = 0

  async function readOne(signedIn: SignedIn, began: number): Promise<Reading> {
    const { broker, way } = signedIn
    const number = (opened += 1)
    const own = way.method === 'tws' ? { ...way, settings: { ...way.settings, 'client-id': String(100 + number) } } : way
    const adapter = desk.adapter({ broker, environment: 'sandbox', ways: [own], keep: keepers.of(`con_${number}`) })
    const times = await read(adapter, ports).catch((error: unknown) => {
      throw new Error(`${nameOf(signedIn)} failed`, { cause: error })
    })
    return { name: nameOf(signedIn), tookMs: performance.now() - began, questions: way.method === 'tws' ? times : [] }
  }

  return {
    read(count) {
      const began = performance.now()
      const spread = Array.from({ length: Math.ceil(count / ways.length) }, () => ways).flat()
      return Promise.all(spread.slice(0, count).map(way => readOne(way, began)))
    },
    async close() {
      await keepers.closeAll()
      await desk.close()
    },
  }
}

function nameOf({ broker, way }: SignedIn): string {
  return `${broker} ${way.method}`
}

/** What each call over HTTP took, from its departure to the last byte. */
function callsIn(records: readonly LogRecord[]): number[] {
  return records.filter(({ event }) => event === 'http.answer').map(({ fields }) => Number(fields['ms']))
}

/** Reads as a first sync does, one account and the first page of its history. Answers how long each question took. */
async function read(adapter: BrokerAdapter, { clock }: Ports): Promise<number[]> {
  const { signal } = new AbortController()
  const times: number[] = []
  const ask = async <T>(question: () => Promise<T>): Promise<T> => {
    const asked = performance.now()
    const answer = await question()
    times.push(performance.now() - asked)
    return answer
  }
  const today = toLocalDate(clock.now(), 'America/New_York')
  const [account] = await ask(() => adapter.accounts({ signal }))
  if (!account) throw new Error('no account')
  await Promise.all([
    ask(() => adapter.balances(account.key, { signal })),
    ask(() => adapter.positions(account.key, { signal })),
    ask(() =>
      adapter
        .orders(account.key, { status: 'all', range: { from: LocalDate.plusDays(today, -ORDER_DAYS), to: today } }, { signal })
        .catch(unlessNotShown),
    ),
  ])
  const { rows } = await ask(() => adapter.activities(account.key, { from: adapter.historyStart(today), to: today }, null, { signal }))
  if (rows.length === 0) throw new Error('no history')
  return times
}

/** TWS shows none while it is read only, and says so at once. */
function unlessNotShown(error: unknown): [] {
  if (error instanceof AppError && error.code === 'order/not-shown') return []
  throw error
}

interface Seen {
  /** With the wait for one of the client's sockets. */
  readonly http: readonly number[]
  readonly cold: readonly number[]
  /** Without it. */
  readonly wire: readonly number[]
  readonly readings: readonly Reading[]
  readonly arrivals: readonly Arrivals[]
}

function results({ http, cold, wire, readings, arrivals }: Seen): BenchResult[] {
  const tws = readings.flatMap(({ questions }) => questions)
  const calls = [...http, ...tws]
  const at = (share: number, of: readonly number[] = calls): string => quantile(of, share).toFixed(0)
  const last = Object.entries(Object.groupBy(readings, ({ name }) => name))
    .map(([name, group = []]) => ({ name, seconds: Math.max(...group.map(({ tookMs }) => tookMs)) / 1000 }))
    .toSorted((a, b) => b.seconds - a.seconds)
    .map(({ name, seconds }) => `${name} ${seconds.toFixed(1)} s`)
  const shares = arrivals.map(({ stand, times }) => ({ stand, share: fullest(times, LIMITS[stand].perMs) / LIMITS[stand].requests }))
  const worst = shares.toSorted((a, b) => b.share - a.share)[0] ?? { stand: 'none', share: Number.NaN }
  const counts = `${http.length} over HTTP, ${tws.length} questions to TWS (p95 ${at(0.95, tws)} ms)`
  return [
    judge(
      { id: 'N1', unit: 'ms a call, p95', floor: 500, goal: 250 },
      quantile(calls, 0.95),
      `p50 ${at(0.5)}, p99 ${at(0.99)}; on the wire alone p95 ${at(0.95, wire)}; the first time, one of each, p95 ${at(0.95, cold)}; ${counts}; with the wait for their turn the last were done after: ${last.join(', ')}`,
    ),
    judge({ id: 'N1RATE', unit: 'of the limit, at most', floor: 1, goal: 1 }, worst.share, `at ${worst.stand}; ${told(arrivals)}`),
  ]
}

/** The most that arrived in any window of this length. */
function fullest(times: readonly number[], perMs: number): number {
  let from = 0
  let most = 0
  for (const [at, time] of times.entries()) {
    while ((times[from] ?? time) <= time - perMs) from += 1
    most = Math.max(most, at - from + 1)
  }
  return most
}

function told(arrivals: readonly Arrivals[]): string {
  return STAND_IDS.map(stand => {
    const lists = arrivals.filter(one => one.stand === stand).map(({ times }) => times)
    const { requests, perMs } = LIMITS[stand]
    return `${stand} ${Math.max(0, ...lists.map(times => fullest(times, perMs)))} of ${requests} in ${perMs / 1000} s`
  }).join(', ')
}
