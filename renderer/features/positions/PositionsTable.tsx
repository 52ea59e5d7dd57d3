import { Fragment, useMemo, useState } from 'react'
import type { GroupedPosition } from '../../../shared/contract/portfolio.ts'
import { formatChange } from '../../lib/format/index.ts'
import { widestOf } from '../../lib/widest.ts'
import { Icon } from '../../ui/icons.tsx'
import { RowWindow } from '../../ui/RowWindow.tsx'
import { ScrollTable } from '../../ui/ScrollTable.tsx'
import { PositionDetail } from './PositionDetail.tsx'
import { PositionRow } from './PositionRow.tsx'
import { PositionTotals } from './PositionTotals.tsx'
import { type Column, onlyCurrencyOf, positionKey, resorted, type Sorting, sortPositions } from './sort.ts'

const HEADS: readonly { readonly column: Column; readonly word: string; readonly hide?: string; readonly isPrice?: boolean }[] = [
  { column: 'symbol', word: 'Instrument' },
  { column: 'quantity', word: 'Quantity', hide: 'mid-cell' },
  { column: 'averageCost', word: 'Average cost', hide: 'wide-only-cell', isPrice: true },
  { column: 'price', word: 'Price', hide: 'wide-only-cell', isPrice: true },
  { column: 'marketValue', word: 'Market value' },
  { column: 'unrealized', word: 'Unrealised', hide: 'mid-cell' },
  { column: 'percent', word: 'of cost', hide: 'wide-only-cell' },
  { column: 'realized', word: 'Realised', hide: 'roomy-cell' },
  { column: 'weight', word: 'Weight', hide: 'vast-cell' },
  { column: 'asOf', word: 'As of', hide: 'mid-cell' },
]
const ROW = 39

/** Positions over all brokers, sortable by every column; each opens to its accounts and lots. Only what is in view is drawn. */
export function PositionsTable({ rows, stale }: { readonly rows: readonly GroupedPosition[]; readonly stale: boolean }) {
  const [sorting, setSorting] = useState<Sorting>({ column: 'marketValue', descending: true })
  const [open, setOpen] = useState<ReadonlySet<string>>(new Set())
  const sorted = useMemo(() => sortPositions(rows, sorting), [rows, sorting])
  const items = useMemo(() => itemsOf(sorted, open), [sorted, open])
  const currency = useMemo(() => onlyCurrencyOf(rows), [rows])
  const widest = useMemo(
    () =>
      widestOf(items, [
        ({ row }) => row.symbol,
        ({ row }) => row.quantity,
        ({ row }) => row.averageCost ?? '',
        ({ row }) => row.marketValue ?? '',
        ({ row }) => formatChange(row.realized, row.currency),
      ]),
    [items],
  )
  const toggle = (key: string, to: boolean) =>
    setOpen(before => new Set(to ? [...before, key] : [...before].filter(known => known !== key)))
  return (
    <ScrollTable label="Table of positions" {...(stale ? { className: 'stale' } : {})}>
      <table className="grid positions-grid" aria-rowcount={rows.length + 1}>
        <thead>
          <tr aria-rowindex={1}>
            {HEADS.map(({ column, word, hide, isPrice }) => {
              const on = sorting.column === column
              return (
                <th
                  key={column}
                  scope="col"
                  className={`${column === 'symbol' ? '' : 'r'} ${hide ?? ''}`}
                  aria-sort={on ? (sorting.descending ? 'descending' : 'ascending') : undefined}
                >
                  <button type="button" onClick={() => setSorting(resorted(sorting, column))}>
                    {isPrice && currency !== null ? `${word}, ${currency}` : word}
                    {on ? <Icon name={sorting.descending ? 'down' : 'up'} /> : null}
                  </button>
                </th>
              )
            })}
          </tr>
        </thead>
        <RowWindow
          count={items.length}
          estimate={ROW}
          columns={HEADS.length}
          widest={widest}
          keyOf={index => items[index]?.key ?? String(index)}
          row={(index, slot) => {
            const item = items[index]
            if (!item) return <Fragment key={index} />
            const { row, key, isDetail } = item
            return isDetail ? (
              <PositionDetail key={key} row={row} columns={HEADS.length} slot={slot} />
            ) : (
              <PositionRow
                key={slot.className ? `${key} ${slot.className}` : key}
                row={row}
                unit={currency === null ? row.currency : null}
                isOpen={open.has(key)}
                onToggle={to => toggle(key, to)}
                slot={slot}
              />
            )
          }}
        />
        <PositionTotals rows={rows} />
      </table>
    </ScrollTable>
  )
}

interface Item {
  readonly key: string
  readonly row: GroupedPosition
  readonly isDetail: boolean
}

/** Each position, and after an open one what it is made of. */
function itemsOf(rows: readonly GroupedPosition[], open: ReadonlySet<string>): Item[] {
  return rows.flatMap(row => {
    const key = positionKey(row)
    const own = { key, row, isDetail: false }
    return open.has(key) ? [own, { key: `${key} open`, row, isDetail: true }] : [own]
  })
}
