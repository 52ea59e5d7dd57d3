import { expect, test } from 'vitest'
import { brokers } from '../../../electron/core/brokers/registry.ts'
import { connectionView, type ConnectionViewDeps } from '../../../electron/core/services/connection-views.ts'
import { methodsOf, putMethod } from '../../../electron/core/store/connection-methods.ts'
import { insertConnection, listConnections, setConnectionState } from '../../../electron/core/store/connections.ts'
import { ConnectionSchema, type ConnectionView } from '../../../shared/contract/schemas.ts'
import type { BrokerId, Method } from '../../../shared/domain/broker.ts'
import type { TokenLife } from '../../../shared/domain/connection.ts'
import { NO_REFRESH } from '../../../shared/domain/connection-health.ts'
import { newId } from '../../../shared/domain/ids.ts'
import { Instant } from '../../../shared/domain/time.ts'
import { policyFor } from '../../../shared/domain/token-policy.ts'
import { tempDatabase } from '../../support/data-folder.ts'

/** A Friday, 20:59 in London and 15:59 in New York. */
const NOW = Instant.parse('2026-11-20T20:59:58Z')
const SUNDAY = '2026-11-22T06:00:00.000Z'
const id = newId.connection('one')

interface Scene {
  readonly broker: BrokerId
  readonly ways: readonly (readonly [Method, Instant | null])[]
  readonly life?: TokenLife | null
  readonly deps?: Partial<ConnectionViewDeps>
  readonly needsSignIn?: boolean
}

function viewOf({ broker, ways, life = null, deps = {}, needsSignIn = false }: Scene): ConnectionView {
  const database = tempDatabase()
  const method = ways[0]?.[0] ?? 'oauth'
  insertConnection(database.writer, {
    id,
    broker,
    environment: 'live',
    method,
    state: { kind: 'connected' },
    createdAt: NOW,
    consentedAt: NOW,
    scopes: [],
  })
  for (const [way, expiresAt] of ways) putMethod(database.writer, id, { method: way, settings: {}, addedAt: NOW, expiresAt })
  if (needsSignIn) setConnectionState(database.writer, id, { kind: 'needs-sign-in', because: 'revoked', since: NOW })
  const [connection] = listConnections(database.reader)
  if (!connection) throw new Error('no connection')
  const stored = methodsOf(database.reader, id)
  const view = connectionView(
    {
      db: database,
      clock: { now: () => NOW, monotonicMs: () => 0, after: () => () => undefined },
      life: () => life,
      methods: () => ways.flatMap(([way]) => stored.filter(row => row.method === way)),
      syncing: () => false,
      nextSyncAt: () => null,
      signInRule: () => policyFor(brokers[broker].methods, method).signInAgain,
      standing: () => NO_REFRESH,
      vault: { status: () => ({ state: 'open', protection: 'keyring', notice: null }) },
      ...deps,
    },
    connection,
  )
  return ConnectionSchema.parse(view)
}

test('TWS wants a sign-in on Sunday morning in New York, and is never called ended for it', () => {
  expect(viewOf({ broker: 'ibkr', ways: [['tws', null]] })).toMatchObject({
    token: { signInBy: SUNDAY, badge: 'over-24h' },
    health: { kind: 'ok', severity: 'notice', deadline: SUNDAY, badge: 'over-24h' },
  })
})

test('of several ways in the one that ends first counts, as long as that is ahead', () => {
  const [soon, late, past] = [Instant.plus(NOW, 3_600_000), Instant.plus(NOW, 90 * 86_400_000), Instant.plus(NOW, -1)]
  const health = (flexEnds: Instant) =>
    viewOf({
      broker: 'ibkr',
      ways: [
        ['tws', null],
        ['flex', flexEnds],
      ],
    }).health
  expect(health(soon)).toMatchObject({ deadline: soon, badge: 'under-24h', severity: 'warning' })
  expect(health(late)).toMatchObject({ deadline: SUNDAY })
  expect(health(past)).toMatchObject({ kind: 'ok', deadline: SUNDAY })
})

test('a Flex token alone ends on the day its user copied', () => {
  const ends = Instant.plus(NOW, 30 * 3_600_000)
  expect(viewOf({ broker: 'ibkr', ways: [['flex', ends]] }).health).toMatchObject({ kind: 'ok', severity: 'notice', deadline: ends })
  expect(viewOf({ broker: 'ibkr', ways: [['flex', Instant.plus(NOW, -1)]] }).health).toMatchObject({
    kind: 'sign-in-needed',
    because: 'expired',
  })
})

test('a renewal that failed is shown with its sentence and its next try', () => {
  const life: TokenLife = { obtainedAt: NOW, expiresAt: Instant.plus(NOW, 600_000), signInBy: null, refreshable: true }
  const lastError = { code: 'broker/unavailable', message: 'tastytrade has a problem.', action: 'Wait.' }
  const retryAt = Instant.plus(NOW, 30_000)
  const standing = () => ({ ...NO_REFRESH, lastError, retryAt, lastAttemptAt: NOW })
  expect(viewOf({ broker: 'tastytrade', ways: [['oauth', null]], life, deps: { standing } })).toMatchObject({
    token: { badge: 'no-expiry' },
    health: { kind: 'transient', severity: 'notice', lastError, retryAt, lastAttemptAt: NOW },
  })
})

test('a vault that locks meanwhile locks what has tokens, and nothing else', () => {
  const vault = { status: () => ({ state: 'locked', protection: 'keyring', notice: null }) as const }
  const life: TokenLife = { obtainedAt: NOW, expiresAt: null, signInBy: null, refreshable: false }
  expect(viewOf({ broker: 'alpaca', ways: [['api-key', null]], life, deps: { vault } }).health).toMatchObject({ kind: 'locked' })
  expect(viewOf({ broker: 'ibkr', ways: [['tws', null]], deps: { vault } }).health).toMatchObject({ kind: 'ok' })
})

test('what was ended at the broker says so', () => {
  expect(viewOf({ broker: 'alpaca', ways: [['oauth', null]], needsSignIn: true }).health).toMatchObject({
    kind: 'revoked',
    because: 'revoked',
  })
})
