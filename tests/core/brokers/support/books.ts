import type { ActivityPage, BrokerActivity, BrokerAdapter, DateRange } from '../../../../electron/core/brokers/adapter.ts'
import { Dec } from '../../../../shared/domain/decimal.ts'
import { parseOcc } from '../../../../shared/domain/instrument.ts'
import type { LocalDate } from '../../../../shared/domain/time.ts'
import { never } from '../../net/support/client.ts'

/** Every row of a range, page after page. */
export async function readWhole(adapter: BrokerAdapter, account: string, range: DateRange): Promise<readonly BrokerActivity[]> {
  const rows: BrokerActivity[] = []
  for (let cursor: string | null = null; ;) {
    const page: ActivityPage = await adapter.activities(account, range, cursor, { signal: never })
    rows.push(...page.rows)
    if (page.next === null) return rows
    cursor = page.next
  }
}

/** The cash all rows leave. */
export function cashOf(rows: readonly BrokerActivity[]): Dec {
  return Dec.sum(rows.map(({ facts }) => (facts.status === 'canceled' ? Dec.zero : (facts.amount ?? Dec.zero))))
}

/** What all rows leave held, by symbol. Options that are over are left out: no row says which way an expiration moved. */
export function heldOf(rows: readonly BrokerActivity[], today: LocalDate): ReadonlyMap<string, Dec> {
  const held = new Map<string, Dec>()
  for (const { facts } of rows) {
    const { symbol, quantity, side, status } = facts
    if (symbol === null || quantity === null || status === 'canceled' || (parseOcc(symbol)?.expiry ?? today) < today) continue
    held.set(symbol, Dec.add(held.get(symbol) ?? Dec.zero, side === 'sell' ? Dec.neg(quantity) : quantity))
  }
  return new Map([...held].filter(([, quantity]) => !Dec.isZero(quantity)))
}
