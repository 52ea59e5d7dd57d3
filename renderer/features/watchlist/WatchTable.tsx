import { useMemo, useRef } from 'react'
import { useConnections } from '../../state/connections.ts'
import { useNow } from '../../state/clock.ts'
import { dataOf } from '../../state/remote.ts'
import type { WatchedView } from '../../state/watchlist.ts'
import { ScrollTable } from '../../ui/ScrollTable.tsx'
import { WatchRow } from './WatchRow.tsx'

/** The watched symbols; arrows move between them, Alt and arrows move one, Delete takes it away. */
export function WatchTable({ rows }: { readonly rows: readonly WatchedView[] }) {
  const body = useRef<HTMLTableSectionElement>(null)
  const now = useNow(5)
  const list = useConnections(state => state.list)
  const connections = useMemo(() => new Map((dataOf(list) ?? []).map(connection => [connection.id, connection])), [list])
  const currency = onlyCurrency(rows)
  const focus = (index: number) => body.current?.querySelectorAll<HTMLElement>('[data-watched]')[index]?.focus()
  return (
    <ScrollTable label="Table of watched symbols">
      <table className="grid watch-grid">
        <thead>
          <tr>
            <th scope="col" className="plain">
              Symbol
            </th>
            <th scope="col" className="plain r">{`Last${currency === null ? '' : `, ${currency}`}`}</th>
            <th scope="col" className="plain r tight-cell">
              Change
            </th>
            <th scope="col" className="plain r mid-cell">
              Bid
            </th>
            <th scope="col" className="plain r mid-cell">
              Ask
            </th>
            <th scope="col" className="plain wide-only-cell">
              Quoted by
            </th>
            <th scope="col" className="plain r tight-cell">
              As of
            </th>
            <th scope="col" className="plain">
              <span className="hidden-text">What can be done</span>
            </th>
          </tr>
        </thead>
        <tbody ref={body}>
          {rows.map((row, index) => (
            <WatchRow
              key={row.id}
              row={row}
              index={index}
              count={rows.length}
              now={now}
              currency={currency}
              connection={row.connectionId === null ? undefined : connections.get(row.connectionId)}
              onFocus={focus}
            />
          ))}
        </tbody>
      </table>
    </ScrollTable>
  )
}

/** The one currency of all quotes, or null when there are several. */
function onlyCurrency(rows: readonly WatchedView[]): string | null {
  const all = new Set(rows.flatMap(({ quote }) => (quote ? [quote.currency] : [])))
  const [first] = all
  return all.size === 1 && first !== undefined ? first : null
}
