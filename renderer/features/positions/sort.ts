import type { GroupedPosition } from '../../../shared/contract/portfolio.ts'
import { Dec } from '../../../shared/domain/decimal.ts'
import { Instant } from '../../../shared/domain/time.ts'

export const COLUMNS = ['symbol', 'quantity', 'averageCost', 'marketValue', 'unrealized', 'realized', 'weight', 'asOf'] as const
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
    const left = a[column]
    const right = b[column]
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
