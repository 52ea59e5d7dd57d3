import type { WorthView } from '../../../shared/contract/portfolio.ts'
import { Dec } from '../../../shared/domain/decimal.ts'
import type { Made } from '../../../shared/domain/realized.ts'
import { LocalDate } from '../../../shared/domain/time.ts'
import type { Reader } from '../db/connection.ts'
import { unmeasured } from '../store/unknown-closings.ts'
import { addMade, type ClassMade, incomeByClass, MADE_NOTHING, realizedByClass, realizedByClassSince } from '../store/worth-ledger.ts'
import { gainOf } from './portfolio-holdings.ts'
import { addWorths, type AccountWorth, countOf, type ReadAccount } from './portfolio-worth.ts'

const LABELS: Readonly<Record<string, string>> = {
  equity: 'Stocks and ETFs',
  option: 'Options',
  future: 'Futures',
  'future-option': 'Options on futures',
  crypto: 'Crypto',
  fund: 'Funds',
  bond: 'Bonds',
  cash: 'Cash',
  index: 'Indexes',
  forex: 'Currencies',
  other: 'Other',
}

const NO_DAY = { amount: null, because: 'Brokers state values by account, not by asset class.', from: null }

/** The figures by asset class: what is held and made in each, and the cash of all accounts. */
export function classGroups(reader: Reader, read: readonly ReadAccount[], today: LocalDate) {
  const classes = new Map<string, AccountWorth[]>()
  for (const one of read) {
    for (const [key, worth] of classWorths(reader, one, today)) classes.set(key, [...(classes.get(key) ?? []), worth])
  }
  const order = Object.keys(LABELS)
  return [...classes]
    .toSorted(([a], [b]) => order.indexOf(a) - order.indexOf(b))
    .map(([key, worths]): { key: string; label: string; accountIds: ReadAccount['account']['id'][]; totals: WorthView[] } => ({
      key,
      label: LABELS[key] ?? key,
      accountIds: read.map(({ account }) => account.id),
      totals: addWorths(worths),
    }))
}

function classWorths(reader: Reader, { account, holdings, worths }: ReadAccount, today: LocalDate): [string, AccountWorth][] {
  const all = realizedByClass(reader, account.id)
  const recent = realizedByClassSince(reader, account.id, LocalDate.of(`${today.slice(0, 4)}-01-01`))
  const income = incomeByClass(reader, account.id)
  const lacking = unmeasured(reader, account.id)
  const keys = new Set([...holdings, ...all, ...income, ...lacking].map(({ assetClass }) => assetClass ?? 'other'))
  return worths.flatMap(worth => {
    const own = <T extends Pick<ClassMade, 'assetClass' | 'currency'>>(of: readonly T[], key: string): T[] =>
      of.filter(one => one.currency === worth.currency && (one.assetClass ?? 'other') === key)
    const made = (of: readonly ClassMade[], key: string): Made =>
      own(of, key)
        .map(one => one.made)
        .reduce(addMade, MADE_NOTHING)
    const feesOf = (of: readonly ClassMade[], key: string): Dec => Dec.sum(own(of, key).map(({ fees }) => fees))
    const classOf = (key: string): [string, AccountWorth] => {
      const mine = holdings.filter(one => one.currency === worth.currency && one.assetClass === key)
      const gains = mine.map(gainOf)
      const unpriced = gains.filter(gain => gain === null).length
      const values = mine.flatMap(({ marketValue }) => (marketValue === null ? [] : [marketValue]))
      const isMoney = key === 'cash'
      const marketValue = values.length < mine.length ? null : Dec.sum(values)
      return [
        key,
        {
          currency: worth.currency,
          value: isMoney && worth.cash !== null && marketValue !== null ? Dec.add(worth.cash, marketValue) : marketValue,
          cash: isMoney ? worth.cash : null,
          marketValue,
          day: NO_DAY,
          rate: null,
          made: made(all, key),
          madeThisYear: made(recent, key),
          income: Dec.sum(own(income, key).map(({ amount }) => amount)),
          fees: Dec.add(feesOf(all, key), isMoney ? worth.otherFees : Dec.zero),
          feesThisYear: Dec.add(feesOf(recent, key), isMoney ? worth.otherFeesThisYear : Dec.zero),
          otherFees: isMoney ? worth.otherFees : Dec.zero,
          otherFeesThisYear: isMoney ? worth.otherFeesThisYear : Dec.zero,
          unpriced,
          isUnstated: false,
          unread: worth.unread,
          unmeasured: countOf(own(lacking, key)),
          unrealized:
            unpriced === 0
              ? { amount: Dec.sum(gains.flatMap(gain => (gain === null ? [] : [gain]))), because: null }
              : { amount: null, because: null },
          asOf: worth.asOf,
          fetchedAt: worth.fetchedAt,
        },
      ]
    }
    const here = [...keys].filter(
      key =>
        key !== 'cash' &&
        [...holdings, ...all, ...income, ...lacking].some(one => (one.assetClass ?? 'other') === key && one.currency === worth.currency),
    )
    return [...here, 'cash'].map(classOf)
  })
}
