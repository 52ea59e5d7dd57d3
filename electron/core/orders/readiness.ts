import type { SyncResult } from '../../../shared/contract/schemas.ts'
import type { ConnectionId } from '../../../shared/domain/ids.ts'
import { accountsOf } from '../store/accounts.ts'
import { getConnection, listConnections, type StoredConnection } from '../store/connections.ts'
import { type Intent, openIntents, settleIntent } from '../store/order-intents.ts'
import type { Sync } from '../sync/sync.ts'
import type { Gate } from './gate.ts'
import { openOrderDays, saveOpenOrders } from './reading.ts'
import { changed, type OrderCore, recordFact } from './record.ts'
import { outcomeSentence } from './sentences.ts'
import type { TradingSwitches } from './switches.ts'
import type { Venues } from './venues.ts'

/** Brings ordering up after a start or a reconnect: orders and positions are read first, then entry opens. */
export interface Readiness {
  start(background: boolean): void
  /** Reads orders and positions of every account of a connection that may order. */
  warm(id: ConnectionId): Promise<void>
  connectionChanged(id: ConnectionId): void
  stop(): Promise<void>
}

export interface ReadinessDeps {
  readonly core: OrderCore
  readonly gate: Gate
  readonly switches: TradingSwitches
  readonly venues: Venues
  readonly sync: Pick<Sync, 'onResult'>
  readonly onOutcome: (intent: Intent) => void
}

export function createReadiness({ core, gate, switches, venues, sync, onOutcome }: ReadinessDeps): Readiness {
  const { db, clock, between, log } = core
  const standing = new Map<ConnectionId, string>()
  const underWay = new Set<Promise<void>>()
  const closing = new AbortController()
  let isBackground = false

  function noted({ connectionId, accounts }: SyncResult): void {
    // A success with a code is one of an account whose orders no way in shows.
    for (const { id, result, code } of accounts) if (result === 'success' && code === undefined) gate.readWhole(connectionId, id)
    changed(core)
  }
  const forget = sync.onResult(noted)

  async function warm(id: ConnectionId): Promise<void> {
    const { signal } = closing
    for (const account of accountsOf(db.reader, id).filter(({ excluded }) => !excluded)) {
      const venue = await venues.forOrders(account.id)
      const range = openOrderDays(db.reader, venue, clock.now())
      const [orders] = await Promise.all([
        venue.adapter.orders(account.brokerKey, { status: 'open', range }, { signal }),
        venue.adapter.positions(account.brokerKey, { signal }),
      ])
      await between(() => saveOpenOrders(db.writer, venue, { orders, days: range }, clock.now()))
      gate.readWhole(id, account.id)
    }
    changed(core)
  }

  function warmSoon(connection: StoredConnection): void {
    if (!isBackground || closing.signal.aborted || !switches.isOn(connection)) return
    const going = warm(connection.id)
      .catch((cause: unknown) => log.info('orders.not-ready', { connectionId: connection.id, cause }))
      .finally(() => underWay.delete(going))
    underWay.add(going)
  }

  /** What a killed process was sending: nobody knows. */
  function recover(): void {
    for (const intent of openIntents(db.reader)) {
      if (intent.outcome === 'unknown') continue
      const at = clock.now()
      const unknown = { ...intent, outcome: 'unknown' as const }
      db.writer.tx(w => {
        settleIntent(w, intent.id, { outcome: 'unknown', externalId: intent.externalId, status: null, error: null, at })
        recordFact(core, w, {
          accountId: intent.accountId,
          intentId: intent.id,
          at,
          kind: 'outcome',
          audited: 'order.unknown',
          sentence: `Keelson ended while it was on its way. ${outcomeSentence(unknown)}`,
        })
      })
    }
  }

  const signOf = ({ state, consentedAt, method }: StoredConnection): string => `${state.kind} ${consentedAt ?? ''} ${method}`

  return {
    warm,
    start(background) {
      isBackground = background
      recover()
      for (const connection of listConnections(db.reader)) {
        standing.set(connection.id, signOf(connection))
        warmSoon(connection)
      }
      if (background) openIntents(db.reader).forEach(onOutcome)
    },
    connectionChanged(id) {
      const connection = getConnection(db.reader, id)
      const now = connection ? signOf(connection) : ''
      if (standing.get(id) === now) return
      standing.set(id, now)
      gate.reconnected(id)
      if (connection) warmSoon(connection)
    },
    async stop() {
      forget()
      closing.abort()
      await Promise.allSettled(underWay)
    },
  }
}
