import { Instant } from '../../../shared/domain/time.ts'
import type { AccountId } from '../../../shared/domain/ids.ts'
import type { BrokerActivity } from '../brokers/adapter.ts'
import type { ActivityValues } from '../store/activities-write.ts'
import { contentHash } from './content-hash.ts'
import { remembered } from './remembered.ts'
import { sortMicros } from './sort.ts'

/** When rows held and when they were read. */
export interface Stamps {
  readonly asOf: Instant
  readonly fetchedAt: Instant
}

const MOST_STAMPS = 1000
/** A page has one stamp for all its rows, so it is read once. */
const stampMicros = remembered(MOST_STAMPS, (at: Instant) => Instant.toEpochMicros(at))

/** The values of one activity as it is stored; arrays of them cross to the writer thread. */
export function activityValues(accountId: AccountId, { facts, raw, precedence = 0 }: BrokerActivity, { asOf, fetchedAt }: Stamps): ActivityValues {
  const sortAt = sortMicros(facts)
  return [
    accountId,
    facts.externalId,
    contentHash(facts),
    sortAt,
    facts.executedAt === null ? null : sortAt,
    facts.tradeDate,
    facts.kind,
    facts.brokerType,
    facts.symbol,
    facts.assetClass,
    facts.side,
    facts.positionEffect,
    facts.quantity,
    facts.price,
    facts.amount,
    facts.fees,
    facts.currency,
    facts.orderId,
    facts.description,
    facts.status,
    stampMicros(asOf),
    stampMicros(fetchedAt),
    raw,
    precedence,
  ]
}
