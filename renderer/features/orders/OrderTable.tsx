import { Fragment, type ReactNode, useMemo } from 'react'
import type { OrderRow } from '../../../shared/contract/orders.ts'
import { Dec } from '../../../shared/domain/decimal.ts'
import { Instant } from '../../../shared/domain/time.ts'
import { formatExact, formatInstrument, formatMoment } from '../../lib/format/index.ts'
import { priceIn } from '../../lib/order-words.ts'
import { visibleText } from '../../lib/visible-text.ts'
import { widestOf } from '../../lib/widest.ts'
import { useNow } from '../../state/clock.ts'
import { accountIndex, useConnections } from '../../state/connections.ts'
import { openOrder, useOrders } from '../../state/orders.ts'
import { BrokerMark, EnvBadge } from '../../ui/badges.tsx'
import { type RowSlot, RowWindow } from '../../ui/RowWindow.tsx'
import { ScrollTable } from '../../ui/ScrollTable.tsx'
import { filledWords, orderWords } from './order-line.ts'
import { OrderStatus } from './parts.tsx'

interface TableProps {
  readonly label: string
  readonly rows: readonly OrderRow[]
  readonly stale?: boolean
  /** What can be done with a row; nothing for rows that are done. */
  readonly acts?: (row: OrderRow) => ReactNode
  /** The end is near: time to read more. */
  readonly onNearEnd?: (() => void) | undefined
}

const COLUMNS = 7
const ROW = 56

/** Orders with what they are, where, and how they stand. Enter on its instrument opens a row. */
export function OrderTable({ label, rows, stale = false, acts, onNearEnd }: TableProps) {
  const [environment, ...others] = new Set(rows.map(row => row.environment))
  // What works now is seen without a second scrollbar, unless there is a lot of it.
  const isTall = acts === undefined || rows.length > 100
  const widest = useMemo(
    () => widestOf(rows, [row => row.symbol ?? '', orderWords, filledWords, row => row.averageFillPrice ?? '', row => row.statusText]),
    [rows],
  )
  // Said once where it is the same for all.
  const shared = others.length === 0 ? environment : undefined
  return (
    <ScrollTable label={label} className={`${isTall ? 'tall' : ''} ${stale ? 'stale' : ''}`}>
      <table className="grid orders-grid" aria-rowcount={onNearEnd ? -1 : rows.length + 1}>
        <Head environment={shared} hasActs={acts !== undefined} />
        <RowWindow
          count={rows.length}
          estimate={ROW}
          columns={COLUMNS}
          widest={widest}
          keyOf={at => rows[at]?.id ?? String(at)}
          onNearEnd={onNearEnd}
          row={(at, slot) => {
            const row = rows[at]
            if (!row) return <Fragment key={at} />
            return (
              <Row
                key={slot.className ? `${row.id} ${slot.className}` : row.id}
                row={row}
                isMixed={shared === undefined}
                acts={acts}
                slot={slot}
              />
            )
          }}
        />
      </table>
    </ScrollTable>
  )
}

function Head({ environment, hasActs }: { readonly environment: OrderRow['environment'] | undefined; readonly hasActs: boolean }) {
  return (
    <thead>
      <tr aria-rowindex={1}>
        <th scope="col" className="plain">
          Order {environment ? <EnvBadge environment={environment} /> : null}
        </th>
        <th scope="col" className="plain wide-only-cell">
          Account
        </th>
        <th scope="col" className="plain r mid-cell">
          Filled
        </th>
        <th scope="col" className="plain r mid-cell">
          Average
        </th>
        <th scope="col" className="plain">
          State
        </th>
        <th scope="col" className="plain r mid-cell">
          Changed
        </th>
        {hasActs ? (
          <th scope="col" className="plain r mid-cell">
            <span className="hidden-text">Actions</span>
          </th>
        ) : null}
      </tr>
    </thead>
  )
}

interface RowProps {
  readonly row: OrderRow
  readonly acts: TableProps['acts']
  /** The rows around it are of other environments. */
  readonly isMixed: boolean
  readonly slot: RowSlot
}

function Row({ row, isMixed, acts, slot }: RowProps) {
  const now = useNow(30)
  const openId = useOrders(state => state.openId)
  const { symbol, terms } = formatInstrument(row.symbol ?? '')
  const filled = filledWords(row)
  return (
    <tr {...slot} className={`${slot.className ?? ''} ${openId === row.id ? 'sel' : ''}`}>
      <td>
        <button type="button" className="row-link" data-move="" onClick={() => void openOrder(row.id)}>
          <span className="sym">{row.symbol === null ? 'No symbol' : visibleText(symbol)}</span>
          {terms ? <span className="opt">{terms}</span> : null}
        </button>{' '}
        {isMixed ? <EnvBadge environment={row.environment} /> : null}
        <div className="stamp">{orderWords(row)}</div>
        <div className="under-mid">
          <Where row={row} />
        </div>
        <div className="under-slim stamp">{slimWords(row, now)}</div>
        {acts ? <div className="under-slim slim-acts">{acts(row)}</div> : null}
      </td>
      <td className="wide-only-cell">
        <Where row={row} />
      </td>
      <td className="r mid-cell">{filled}</td>
      <td className="r mid-cell">{row.averageFillPrice === null ? '—' : priceIn(row.averageFillPrice, row.currency)}</td>
      <td>
        <OrderStatus status={row.status} statusText={row.statusText} />
        {row.isOurs ? null : <div className="stamp">not from Keelson</div>}
      </td>
      <td
        className="r stamp mid-cell"
        title={`Changed ${formatExact(row.updatedAt)}${row.fetchedAt === null ? '' : `, fetched ${formatExact(row.fetchedAt)}`}`}
      >
        {formatMoment(row.updatedAt, now)}
        {acts && row.fetchedAt !== null && isOld(row.fetchedAt, now) ? <div>{`read ${formatMoment(row.fetchedAt, now)}`}</div> : null}
      </td>
      {acts ? <td className="r mid-cell">{acts(row)}</td> : null}
    </tr>
  )
}

/** What the hidden columns say: `2 of 5 filled at $14.89, 09:50:00 ET`. */
function slimWords(row: OrderRow, now: Instant): string {
  const at = row.averageFillPrice === null ? '' : ` at ${priceIn(row.averageFillPrice, row.currency)}`
  const filled = Dec.isZero(row.filledQuantity) ? '' : `${filledWords(row)} filled${at}, `
  return `${filled}${formatMoment(row.updatedAt, now)}`
}

const OLD_MS = 300_000

/** What was read a while ago may work no longer. */
function isOld(fetchedAt: Instant, now: Instant): boolean {
  return Instant.toEpochMs(now) - Instant.toEpochMs(fetchedAt) > OLD_MS
}

function Where({ row }: { readonly row: OrderRow }) {
  const connections = useConnections(state => state.list)
  const place = useMemo(() => accountIndex(connections), [connections]).get(row.accountId)
  return (
    <span className="who">
      <BrokerMark broker={row.broker} small />
      {place ? visibleText(`${place.account.name} ${place.account.maskedNumber}`) : 'An account that is gone'}
    </span>
  )
}
