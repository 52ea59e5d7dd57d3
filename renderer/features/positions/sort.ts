import type { PositionView } from '../../../shared/contract/app.ts'
import { Dec } from '../../../shared/domain/decimal.ts'
import { Instant } from '../../../shared/domain/time.ts'

export const COLUMNS = ['symbol', 'account', 'quantity', 'averagePrice', 'marketValue', 'unrealized', 'asOf'] as const
export type Column = (typeof COLUMNS)[number]

export interface Sorting {
  readonly column: Column
  readonly descending: boolean
}

/** A click on a heading: the other way round, or another column (figures with the largest first). */
export function resorted(before: Sorting, column: Column): Sorting {
  if (before.column === column) return { column, descending: !before.descending }
  return { column, descending: column !== 'symbol' && column !== 'account' }
}

/** Positions in order; what is not stated comes last either way. */
export function sortPositions(
  rows: readonly PositionView[],
  { column, descending }: Sorting,
  accountName: (row: PositionView) => string,
): PositionView[] {
  const direction = descending ? -1 : 1
  return rows.toSorted((a, b) => {
    if (column === 'symbol') return direction * a.symbol.localeCompare(b.symbol)
    if (column === 'account') return direction * accountName(a).localeCompare(accountName(b)) || a.symbol.localeCompare(b.symbol)
    if (column === 'asOf') return direction * (Instant.toEpochMicros(a.asOf) - Instant.toEpochMicros(b.asOf))
    const left = a[column]
    const right = b[column]
    if (left === null || right === null) return left === right ? 0 : left === null ? 1 : -1
    return direction * Dec.cmp(left, right)
  })
}

/** The oldest moments among the rows: the whole is no newer. */
export function oldestStamp(rows: readonly PositionView[]): Pick<PositionView, 'asOf' | 'fetchedAt'> | undefined {
  const [first, ...rest] = rows
  if (!first) return undefined
  return rest.reduce<Pick<PositionView, 'asOf' | 'fetchedAt'>>(
    (oldest, row) => ({ asOf: Instant.earliest(oldest.asOf, row.asOf), fetchedAt: Instant.earliest(oldest.fetchedAt, row.fetchedAt) }),
    first,
  )
}
