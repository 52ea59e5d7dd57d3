import { useMemo, useState } from 'react'
import type { GroupedPosition } from '../../../shared/contract/portfolio.ts'
import { Icon } from '../../ui/icons.tsx'
import { ScrollTable } from '../../ui/ScrollTable.tsx'
import { PositionRow } from './PositionRow.tsx'
import { type Column, positionKey, resorted, type Sorting, sortPositions } from './sort.ts'

const HEADS: readonly { readonly column: Column; readonly word: string; readonly hide?: string }[] = [
  { column: 'symbol', word: 'Instrument' },
  { column: 'quantity', word: 'Quantity', hide: 'mid-cell' },
  { column: 'averageCost', word: 'Average cost', hide: 'wide-only-cell' },
  { column: 'marketValue', word: 'Market value' },
  { column: 'unrealized', word: 'Unrealised', hide: 'mid-cell' },
  { column: 'realized', word: 'Realised', hide: 'wide-only-cell' },
  { column: 'weight', word: 'Weight', hide: 'wide-only-cell' },
  { column: 'asOf', word: 'As of', hide: 'mid-cell' },
]

/** Positions over all brokers, sortable by every column; each opens to its accounts and lots. */
export function PositionsTable({ rows, stale }: { readonly rows: readonly GroupedPosition[]; readonly stale: boolean }) {
  const [sorting, setSorting] = useState<Sorting>({ column: 'marketValue', descending: true })
  const [open, setOpen] = useState<ReadonlySet<string>>(new Set())
  const sorted = useMemo(() => sortPositions(rows, sorting), [rows, sorting])
  const toggle = (key: string, to: boolean) =>
    setOpen(before => new Set(to ? [...before, key] : [...before].filter(known => known !== key)))
  return (
    <ScrollTable label="Table of positions" {...(stale ? { className: 'stale' } : {})}>
      <table className="grid positions-grid">
        <thead>
          <tr>
            {HEADS.map(({ column, word, hide }) => {
              const on = sorting.column === column
              return (
                <th
                  key={column}
                  scope="col"
                  className={`${column === 'symbol' ? '' : 'r'} ${hide ?? ''}`}
                  aria-sort={on ? (sorting.descending ? 'descending' : 'ascending') : undefined}
                >
                  <button type="button" onClick={() => setSorting(resorted(sorting, column))}>
                    {word}
                    {on ? <Icon name={sorting.descending ? 'down' : 'up'} /> : null}
                  </button>
                </th>
              )
            })}
          </tr>
        </thead>
        <tbody>
          {sorted.map(row => {
            const key = positionKey(row)
            return <PositionRow key={key} row={row} isOpen={open.has(key)} onToggle={to => toggle(key, to)} columns={HEADS.length} />
          })}
        </tbody>
      </table>
    </ScrollTable>
  )
}
