import { expect } from 'vitest'
import type { AccountStatement } from '../../electron/core/sandbox/own-statement.ts'
import type { LedgerScope, RealizationView } from '../../shared/contract/ledger.ts'
import type { ConnectionView } from '../../shared/contract/schemas.ts'
import { Dec } from '../../shared/domain/decimal.ts'
import type { AccountId } from '../../shared/domain/ids.ts'
import type { Call } from './test-core.ts'

/** Keelson cuts a part of an opening's costs at eight places, and the last part takes the rest: a lot in seven parts is off by less than this. */
const PLACES = 6

const cents = (value: Dec | null | undefined): Dec | null => (value == null ? null : Dec.round(value, 2))
const sandbox = (accountId: AccountId): LedgerScope => ({ environment: 'sandbox', accountId })

async function closingsOf(call: Call, accountId: AccountId): Promise<RealizationView[]> {
  const rows: RealizationView[] = []
  for (let after: string | undefined; ;) {
    const page = await call('ledger.realizations', { ...sandbox(accountId), limit: 500, ...(after === undefined ? {} : { after }) })
    rows.push(...page.rows)
    if (page.next === null) return rows
    after = page.next
  }
}

/** The statement of an account, whose number is masked but for its end. */
export function statementFor(maskedNumber: string, statements: readonly AccountStatement[]): AccountStatement {
  const [stated, ...others] = statements.filter(({ account }) => account.endsWith(maskedNumber.replace(/^•+/, '')))
  if (!stated || others.length > 0) throw new Error(`no statement of ${maskedNumber}`)
  return stated
}

interface Figure {
  /** What it is about; several figures may be about the same. */
  readonly of: string
  readonly amount: Dec | null
}

/** Expects the same figures on both sides, and the same amounts. */
function expectSame(shown: readonly Figure[], stated: readonly Figure[]): void {
  const inOrder = (figures: readonly Figure[]): Figure[] =>
    figures.toSorted((a, b) => (a.of === b.of ? Dec.cmp(a.amount ?? Dec.zero, b.amount ?? Dec.zero) : a.of < b.of ? -1 : 1))
  const [mine, theirs] = [inOrder(shown), inOrder(stated)]
  expect(mine.map(({ of }) => of)).toEqual(theirs.map(({ of }) => of))
  const apart = mine.flatMap(({ of, amount }, at) => {
    const other = theirs[at]?.amount
    return amount !== null && other != null && Dec.isZero(Dec.round(Dec.sub(amount, other), PLACES)) ? [] : [{ of, shown: amount, stated: other }]
  })
  expect(apart).toEqual([])
}

function sums(figures: readonly Figure[]): Figure[] {
  return [...Map.groupBy(figures, ({ of }) => of)].map(([of, all]) => ({ of, amount: Dec.sum(all.map(({ amount }) => amount ?? Dec.zero)) }))
}

/**
 * Expects of every account what its simulated broker states: each closed lot, each day's and year's results, cash, value, and quantity, value
 * and remaining cost of every holding.
 */
export async function expectStated(call: Call, { accounts }: Pick<ConnectionView, 'accounts'>, statements: readonly AccountStatement[]): Promise<void> {
  const overview = await call('portfolio.overview', { environment: 'sandbox', by: 'account' })
  const grouped = await call('portfolio.grouped', { environment: 'sandbox' })
  for (const { id, maskedNumber } of accounts) {
    const stated = statementFor(maskedNumber, statements)
    const [closings, days] = [await closingsOf(call, id), await call('ledger.days', sandbox(id))]
    expectSame(
      closings.map(({ symbol, openDay, closeDay, isShort, quantity, pnl }) => ({ of: `${symbol} ${openDay} ${closeDay} ${isShort} ${quantity}`, amount: pnl })),
      stated.closings.map(({ symbol, opened, closed, short, quantity, realized }) => ({ of: `${symbol} ${opened} ${closed} ${short} ${quantity}`, amount: realized })),
    )
    expectSame(
      days.filter(({ closings: count }) => count > 0).map(({ day, realized }) => ({ of: day, amount: realized })),
      sums(stated.closings.map(({ closed, realized }) => ({ of: closed, amount: realized }))),
    )
    expectSame(
      sums(days.filter(({ closings: count }) => count > 0).map(({ day, realized }) => ({ of: day.slice(0, 4), amount: realized }))),
      Object.entries(stated.realized).map(([of, amount]) => ({ of, amount })),
    )
    const worth = overview.groups.find(({ accountIds }) => accountIds.includes(id))?.totals.find(({ currency }) => currency === 'USD')
    expect({ cash: cents(worth?.cash), value: cents(worth?.value), realized: cents(worth?.realizedThisYear) }).toEqual({
      cash: cents(stated.cash['USD']),
      value: cents(stated.value),
      realized: cents(stated.realized[stated.until.slice(0, 4)] ?? Dec.zero),
    })
    const held = grouped.flatMap(({ holdings }) => holdings.filter(({ accountId }) => accountId === id))
    expect(Object.fromEntries(held.map(({ symbol, quantity, marketValue }) => [symbol, { quantity, value: marketValue }]))).toEqual(
      Object.fromEntries(stated.positions.map(({ symbol, quantity, value }) => [symbol, { quantity, value }])),
    )
    expectSame(held.map(({ symbol, ledgerCost }) => ({ of: symbol, amount: ledgerCost })), stated.positions.map(({ symbol, cost }) => ({ of: symbol, amount: cost })))
  }
}
