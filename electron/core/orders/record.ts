import type { AccountId } from '../../../shared/domain/ids.ts'
import type { Instant } from '../../../shared/domain/time.ts'
import type { NewEvent } from '../../../shared/contract/events.ts'
import type { Db, Writer } from '../db/connection.ts'
import type { Log } from '../log/log.ts'
import type { Clock, Random } from '../ports.ts'
import { appendOrderEvent, type OrderEvent } from '../store/order-events.ts'
import type { HistoryWriter } from '../sync/writer.ts'
import type { Audit, AuditEntry } from './audit-log.ts'

/** What every part of ordering works with. */
export interface OrderCore {
  readonly db: Db
  readonly clock: Clock
  readonly random: Random
  readonly log: Log
  readonly audit: Audit
  /** Writes while nobody else does. */
  readonly between: HistoryWriter['between']
  readonly emit: (event: NewEvent) => void
  /** Milliseconds to take off this computer's time to get the brokers'. */
  readonly aheadMs: () => number
  /** Whether a broker said what time it is since the start; taken as true where it is left out. */
  readonly isTimeKnown?: () => boolean
}

/** Tells that something about orders changed; after the commit. */
export function changed({ emit }: Pick<OrderCore, 'emit'>): void {
  emit({ type: 'orders.changed' })
}

export interface Step {
  readonly accountId: AccountId
  readonly externalId?: string | null
  readonly intentId: string
  readonly at: Instant
  readonly kind: OrderEvent['kind']
  /** Of the audit log: `order.sending`. */
  readonly audited: string
  readonly sentence: string
  readonly brokerSays?: string | null
  readonly facts?: AuditEntry['facts']
}

/**
 * Writes a step into the history of the order and the audit log, in the caller's transaction. Throws what the audit log throws: then
 * the step must not happen.
 */
export function recordStep({ audit }: Pick<OrderCore, 'audit'>, writer: Writer, step: Step): void {
  const { accountId, externalId = null, intentId, at, kind, audited, sentence, brokerSays = null, facts } = step
  appendOrderEvent(writer, { accountId, externalId, intentId, at, kind, detail: { sentence, brokerSays } })
  audit.append(writer, { kind: audited, accountId, intentId, sentence, ...(facts ? { facts } : {}) })
}

/**
 * The same for what has happened already: it is written even where the audit log cannot be added to at the moment, which then gets it later.
 */
export function recordFact(core: Pick<OrderCore, 'audit' | 'log'>, writer: Writer, step: Step): void {
  const { accountId, externalId = null, intentId, at, kind, audited, sentence, brokerSays = null, facts } = step
  appendOrderEvent(writer, { accountId, externalId, intentId, at, kind, detail: { sentence, brokerSays } })
  const entry: AuditEntry = { kind: audited, accountId, intentId, sentence, ...(facts ? { facts } : {}) }
  try {
    writer.tx(w => core.audit.append(w, entry))
  } catch (cause) {
    core.log.warn('orders.audit-later', { cause })
    queueMicrotask(() => core.audit.note(entry))
  }
}
