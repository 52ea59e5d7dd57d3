import path from 'node:path'
import fc from 'fast-check'
import { afterAll } from 'vitest'
import { brokers } from '../../electron/core/brokers/registry.ts'
import { openDatabase } from '../../electron/core/db/open.ts'
import { sql } from '../../electron/core/db/sql.ts'
import { connectionView } from '../../electron/core/services/connection-views.ts'
import type { StoredMethod } from '../../electron/core/store/connection-methods.ts'
import { insertConnection, setTrouble, type StoredConnection } from '../../electron/core/store/connections.ts'
import { finishRun, startRun } from '../../electron/core/store/sync-runs.ts'
import { AppError, type ErrorCode, type ErrorView, toErrorView } from '../../shared/contract/errors.ts'
import { ConnectionSchema, type ConnectionView, type SyncResult } from '../../shared/contract/schemas.ts'
import type { BrokerId, Method } from '../../shared/domain/broker.ts'
import type { ConnectionState, SignInReason, TokenLife } from '../../shared/domain/connection.ts'
import type { RefreshStanding } from '../../shared/domain/connection-health.ts'
import { newId } from '../../shared/domain/ids.ts'
import { Instant } from '../../shared/domain/time.ts'
import { policyFor } from '../../shared/domain/token-policy.ts'
import { tempFolder } from './fake-ports.ts'

const HOUR_MS = 3_600_000
export const caseId = newId.connection('one')

/** Everything that can be true of one connection, told in offsets from the moment it is looked at. */
export interface Case {
  readonly now: Instant
  readonly way: { readonly broker: BrokerId; readonly method: Method }
  readonly second: { readonly endsIn: number | null; readonly trouble: ErrorView | null } | null
  readonly label: string
  readonly state: { readonly because: SignInReason; readonly ago: number } | null
  readonly life: {
    readonly obtained: number
    readonly expires: number | null
    readonly signInBy: number | null
    readonly refreshable: boolean
  }
  readonly typedEnd: number | null
  readonly refresh: Omit<RefreshStanding, 'dueAt' | 'retryAt' | 'lastAttemptAt'> & {
    readonly due: number | null
    readonly retry: number | null
  }
  readonly vault: 'open' | 'locked'
  readonly trouble: ErrorView | null
  readonly firstTrouble: ErrorView | null
  readonly syncing: boolean
  readonly lastSync: { readonly result: SyncResult['result']; readonly error: ErrorView | null } | null
  readonly later: number
}

const maybe = <T>(of: fc.Arbitrary<T>): fc.Arbitrary<T | null> => fc.option(of)
/** Milliseconds from now: near every boundary there is, on it, or anywhere. */
const offset = fc.oneof(
  fc
    .tuple(fc.constantFrom(0, 1 / 60, 0.5, 1, 2, 24, 48, 72, 168, -1, -24), fc.integer({ min: -2, max: 2 }))
    .map(([hours, ms]) => Math.round(hours * HOUR_MS) + ms),
  fc.integer({ min: -8 * 24 * HOUR_MS, max: 30 * 24 * HOUR_MS }),
)
/** What a renewal or a sync can meet that passes by itself. */
const PASSING: readonly ErrorCode[] = [
  'net/offline',
  'net/timeout',
  'net/cut-off',
  'broker/unavailable',
  'broker/page',
  'broker/rate-limited',
  'broker/unreadable',
  'auth/clock-off',
  'local/not-running',
  'flex/not-ready',
]
const failure = fc.constantFrom(...PASSING).map(code => toErrorView(new AppError(code, { details: { broker: 'Charles Schwab' } })))
const WAYS = Object.values(brokers).flatMap(({ id: broker, methods }) => methods.map(({ method }) => ({ broker, method })))
const TOKENED: ReadonlySet<Method> = new Set(['oauth', 'api-key', 'personal-grant'])

export const cases: fc.Arbitrary<Case> = fc.record({
  now: fc
    .tuple(fc.integer({ min: 0, max: 365 * 48 }), fc.constantFrom(0, -1, 1, 7_777))
    .map(([halfHours, ms]) => Instant.plus(Instant.parse('2026-03-01T00:00:00Z'), (halfHours * HOUR_MS) / 2 + ms)),
  way: fc.constantFrom(...WAYS, { broker: 'ibkr', method: 'file' } as const),
  second: maybe(fc.record({ endsIn: maybe(offset), trouble: maybe(failure) })),
  label: fc.constantFrom('', 'Retirement'),
  state: fc.oneof(
    { weight: 3, arbitrary: fc.constant(null) },
    {
      weight: 1,
      arbitrary: fc.record({
        because: fc.constantFrom<SignInReason>('expired', 'revoked', 'lost', 'vault-locked', 'memory-only'),
        ago: fc.integer({ min: 0, max: 90 * HOUR_MS }),
      }),
    },
  ),
  life: fc.record({
    obtained: fc.integer({ min: -9 * 24 * HOUR_MS, max: 0 }),
    expires: maybe(offset),
    signInBy: maybe(offset),
    refreshable: fc.boolean(),
  }),
  typedEnd: maybe(offset),
  refresh: fc.record({
    underWay: fc.boolean(),
    ambiguous: fc.boolean(),
    due: maybe(offset),
    retry: maybe(offset),
    lastError: maybe(failure),
  }),
  vault: fc.oneof({ weight: 3, arbitrary: fc.constant('open' as const) }, { weight: 1, arbitrary: fc.constant('locked' as const) }),
  trouble: maybe(failure),
  firstTrouble: maybe(failure),
  syncing: fc.boolean(),
  lastSync: maybe(fc.record({ result: fc.constantFrom('success', 'partial', 'failed', 'canceled'), error: maybe(failure) })),
  later: fc.integer({ min: 0, max: 50 * HOUR_MS }),
})

const folder = tempFolder()
const database = openDatabase({ file: path.join(folder.path, 'keelson.db'), now: () => Instant.parse('2026-01-01T00:00:00Z') })
// Nothing here has to survive a power cut.
database.raw.pragma('synchronous = OFF')
afterAll(() => {
  database.close()
  folder[Symbol.dispose]()
})
const stored: StoredConnection = {
  id: caseId,
  broker: 'schwab',
  environment: 'live',
  method: 'oauth',
  state: { kind: 'connected' },
  createdAt: Instant.parse('2026-01-01T00:00:00Z'),
  consentedAt: null,
  scopes: [],
  label: '',
  primary: false,
}
insertConnection(database.writer, stored)
export const VAULT = { protection: 'keyring', notice: null } as const

/** The connection as the core shows it at a moment, `later` milliseconds after the one its case is told from. */
export function viewOf(given: Case, later = 0): ConnectionView {
  const { now, way, life, refresh, second } = given
  const at = (ms: number | null): Instant | null => (ms === null ? null : Instant.plus(now, ms))
  const tokens: TokenLife | null = TOKENED.has(way.method)
    ? {
        obtainedAt: Instant.plus(now, life.obtained),
        expiresAt: at(life.expires),
        signInBy: at(life.signInBy),
        refreshable: life.refreshable,
      }
    : null
  const state: ConnectionState = given.state
    ? { kind: 'needs-sign-in', because: given.state.because, since: Instant.plus(now, -given.state.ago) }
    : { kind: 'connected' }
  const added = { settings: {}, addedAt: Instant.plus(now, life.obtained) }
  const methods: StoredMethod[] = [
    { ...added, method: way.method, trouble: given.firstTrouble, expiresAt: way.method === 'flex' ? at(given.typedEnd) : null },
    ...(second && way.broker === 'ibkr' && way.method !== 'flex' && way.method !== 'file'
      ? [{ ...added, method: 'flex' as const, trouble: second.trouble, expiresAt: at(second.endsIn) }]
      : []),
  ]
  return ConnectionSchema.parse(
    connectionView(
      {
        db: database,
        clock: { now: () => Instant.plus(now, later), monotonicMs: () => 0, after: () => () => undefined },
        life: () => tokens,
        methods: () => methods,
        syncing: () => given.syncing,
        nextSyncAt: () => null,
        signInRule: () => policyFor(brokers[way.broker].methods, way.method).signInAgain,
        standing: () => ({ ...refresh, dueAt: at(refresh.due), retryAt: at(refresh.retry), lastAttemptAt: null }),
        vault: { status: () => ({ state: given.vault, ...VAULT }) },
      },
      { ...stored, ...way, label: given.label, state },
    ),
  )
}

/** Writes down what the database knows of the connection. */
export function settle({ trouble, lastSync, now }: Case): void {
  database.writer.tx(w => {
    setTrouble(w, caseId, trouble)
    w.run(sql`DELETE FROM sync_runs`)
  })
  if (!lastSync) return
  const run = startRun(database.writer, caseId, now)
  finishRun(database.writer, run, { ...lastSync, connectionId: caseId, startedAt: now, finishedAt: now, accounts: [] })
}
