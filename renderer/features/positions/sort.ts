import type { GroupedPosition } from '../../../shared/contract/portfolio.ts'
import { Dec } from '../../../shared/domain/decimal.ts'
import { Instant } from '../../../shared/domain/time.ts'

export const COLUMNS = [
  'symbol',
  'quantity',
  'averageCost',
  'price',
  'marketValue',
  'unrealized',
  'percent',
  'realized',
  'weight',
  'asOf',
] as const
export type Column = (typeof COLUMNS)[number]

export interface Sorting {
  readonly column: Column
  readonly descending: boolean
}

/** A click on a heading: the other way round, or another column (figures with the largest first). */
export function resorted(before: Sorting, column: Column): Sorting {
  if (before.column === column) return { column, descending: !before.descending }
  return { column, descending: column !== 'symbol' }
}

/** Positions in order; what is not known comes last either way, and equals stand by their name. */
export function sortPositions(rows: readonly GroupedPosition[], { column, descending }: Sorting): GroupedPosition[] {
  const direction = descending ? -1 : 1
  const byName = (a: GroupedPosition, b: GroupedPosition) => a.symbol.localeCompare(b.symbol) || a.currency.localeCompare(b.currency)
  return rows.toSorted((a, b) => {
    if (column === 'symbol') return direction * byName(a, b)
    if (column === 'asOf') return direction * (Instant.toEpochMicros(a.asOf) - Instant.toEpochMicros(b.asOf)) || byName(a, b)
    const [left, right] = column === 'percent' ? [gainPercent(a), gainPercent(b)] : [a[column], b[column]]
    if (left === null || right === null) return left === right ? byName(a, b) : left === null ? 1 : -1
    return direction * Dec.cmp(left, right) || byName(a, b)
  })
}

/** Names a position among all: the same symbol may be held in two currencies. */
export function positionKey({ symbol, currency }: Pick<GroupedPosition, 'symbol' | 'currency'>): string {
  return `${symbol} ${currency}`
}

/** The oldest moments among the rows: the whole is no newer. */
export function oldestStamp(
  rows: readonly Pick<GroupedPosition, 'asOf' | 'fetchedAt'>[],
): Pick<GroupedPosition, 'asOf' | 'fetchedAt'> | undefined {
  const [first, ...rest] = rows
  if (!first) return undefined
  return rest.reduce<Pick<GroupedPosition, 'asOf' | 'fetchedAt'>>(
    (oldest, row) => ({ asOf: Instant.earliest(oldest.asOf, row.asOf), fetchedAt: Instant.earliest(oldest.fetchedAt, row.fetchedAt) }),
    first,
  )
}

const HUNDRED = Dec.of('100')

type Gained = Pick<GroupedPosition, 'unrealized' | 'cost'> & {
  readonly holdings?: readonly Pick<GroupedPosition['holdings'][number], 'quantity'>[]
}

/** What was gained on what it cost, in percent; null where either is unknown, it cost nothing, or what is long and what is short took each other's cost away. */
export function gainPercent({ unrealized, cost, holdings = [] }: Gained): Dec | null {
  const isMixed = new Set(holdings.map(({ quantity }) => Dec.isNegative(quantity))).size > 1
  if (unrealized === null || cost === null || Dec.isZero(cost) || isMixed) return null
  return Dec.divide(Dec.mul(unrealized, HUNDRED), Dec.abs(cost), 2)
}

/** The currency all positions are in; null when there are several. */
export function onlyCurrencyOf(rows: readonly Pick<GroupedPosition, 'currency'>[]): string | null {
  const first = rows[0]?.currency ?? null
  return rows.every(({ currency }) => currency === first) ? first : null
}

/** What the positions in one currency come to. */
export interface PositionSum {
  readonly currency: string
  readonly marketValue: Dec
  readonly unrealized: Dec
  /** Null where it is known of none of them. */
  readonly realized: Dec | null
  /** Of all of them, short ones counted as what was received; null when one is unknown. */
  readonly cost: Dec | null
  /** Positions without a value, and without a known gain: neither is in the sums. */
  readonly unvalued: number
  readonly ungained: number
  /** Closings whose result nobody knows. */
  readonly unmade: number
}

/** Sums by currency, the one of most positions first. */
export function sumsOf(rows: readonly GroupedPosition[]): PositionSum[] {
  const byCurrency = Map.groupBy(rows, ({ currency }) => currency)
  return [...byCurrency]
    .toSorted(([, a], [, b]) => b.length - a.length)
    .map(([currency, mine]) => {
      const known = (values: readonly (Dec | null)[]) => values.filter(value => value !== null)
      const [values, gains] = [known(mine.map(row => row.marketValue)), known(mine.map(row => row.unrealized))]
      const made = known(mine.map(row => row.realized))
      const costs = known(mine.map(row => row.cost))
      return {
        currency,
        marketValue: Dec.sum(values),
        unrealized: Dec.sum(gains),
        realized: made.length === 0 ? null : Dec.sum(made),
        cost: costs.length < mine.length ? null : Dec.sum(costs.map(Dec.abs)),
        unvalued: mine.length - values.length,
        ungained: mine.length - gains.length,
        unmade: mine.reduce((count, { unknown }) => count + unknown, 0),
      }
    })
}
