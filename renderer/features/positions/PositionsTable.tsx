import { useMemo, useState } from 'react'
import type { PositionView } from '../../../shared/contract/app.ts'
import { Dec } from '../../../shared/domain/decimal.ts'
import { formatExact, formatInstrument, formatMoney, formatMoment, formatPrice, formatQuantity, humanWord } from '../../lib/format/index.ts'
import { useNow } from '../../state/clock.ts'
import { accountIndex, onlyEnvironment, useConnections } from '../../state/connections.ts'
import { BrokerMark, EnvBadge } from '../../ui/badges.tsx'
import { Icon } from '../../ui/icons.tsx'
import { ScrollTable } from '../../ui/ScrollTable.tsx'
import { type Column, resorted, type Sorting, sortPositions } from './sort.ts'

const HEADS: readonly { readonly column: Column; readonly word: string; readonly figure: boolean; readonly hide?: string }[] = [
  { column: 'symbol', word: 'Instrument', figure: false },
  { column: 'account', word: 'Account', figure: false, hide: 'wide-only-cell' },
  { column: 'quantity', word: 'Quantity', figure: true, hide: 'mid-cell' },
  { column: 'averagePrice', word: 'Average price', figure: true, hide: 'wide-only-cell' },
  { column: 'marketValue', word: 'Market value', figure: true },
  { column: 'unrealized', word: 'Unrealised', figure: true, hide: 'mid-cell' },
  { column: 'asOf', word: 'As of', figure: true, hide: 'mid-cell' },
]

/** Positions, sortable by every column. */
export function PositionsTable({ rows, stale }: { readonly rows: readonly PositionView[]; readonly stale: boolean }) {
  const [sorting, setSorting] = useState<Sorting>({ column: 'symbol', descending: false })
  const connections = useConnections(state => state.list)
  const environment = onlyEnvironment(connections)
  const accounts = useMemo(() => accountIndex(connections), [connections])
  const sorted = useMemo(
    () => sortPositions(rows, sorting, row => accounts.get(row.accountId)?.account.name ?? ''),
    [rows, sorting, accounts],
  )
  return (
    <ScrollTable label="Table of positions" {...(stale ? { className: 'stale' } : {})}>
      <table className="grid positions-grid">
        <thead>
          <tr>
            {HEADS.map(({ column, word, figure, hide }) => {
              const on = sorting.column === column
              return (
                <th
                  key={column}
                  scope="col"
                  className={`${figure ? 'r' : ''} ${hide ?? ''}`}
                  aria-sort={on ? (sorting.descending ? 'descending' : 'ascending') : undefined}
                >
                  <button type="button" onClick={() => setSorting(resorted(sorting, column))}>
                    {word}
                    {column === 'account' && environment ? (
                      <>
                        {' '}
                        <EnvBadge environment={environment} />
                      </>
                    ) : null}
                    {on ? <Icon name={sorting.descending ? 'down' : 'up'} /> : null}
                  </button>
                </th>
              )
            })}
          </tr>
        </thead>
        <tbody>
          {sorted.map(row => (
            <PositionRow
              key={`${row.accountId} ${row.symbol}`}
              row={row}
              place={accounts.get(row.accountId)}
              badge={environment === null}
            />
          ))}
        </tbody>
      </table>
    </ScrollTable>
  )
}

type Place = ReturnType<ReturnType<typeof accountIndex>['get']>

function Where({ place, badge }: { readonly place: Place; readonly badge: boolean }) {
  if (!place) return '—'
  const { connection, account } = place
  return (
    <span className="who">
      <BrokerMark broker={connection.broker} small />
      {`${account.name} ${account.maskedNumber}`}
      {badge ? <EnvBadge environment={connection.environment} /> : null}
      {account.excluded ? <span className="tag">excluded</span> : null}
    </span>
  )
}

function PositionRow({ row, place, badge }: { readonly row: PositionView; readonly place: Place; readonly badge: boolean }) {
  const now = useNow(30)
  const { symbol, terms } = formatInstrument(row.symbol)
  const gain = row.unrealized
  const gainText = gain === null ? '—' : formatMoney(gain, row.currency, { sign: 'always' })
  const size = `${formatQuantity(row.quantity)}${row.averagePrice === null ? '' : ` at ${formatPrice(row.averagePrice)}`}`
  const tone = gain === null || Dec.isZero(gain) ? '' : Dec.isNegative(gain) ? 'bad' : 'good'
  return (
    <tr className={place?.account.excluded ? 'excluded' : undefined}>
      <td>
        <span className="sym">{symbol}</span>
        {terms ? <span className="opt">{terms}</span> : null}
        {row.assetClass === 'equity' || terms ? null : (
          <>
            {' '}
            <span className="tag">{humanWord(row.assetClass)}</span>
          </>
        )}
        <div className="under-slim stamp">{size}</div>
        <div className="under-mid">
          <Where place={place} badge />
        </div>
      </td>
      <td className="wide-only-cell">
        <Where place={place} badge={badge} />
      </td>
      <td className="r mid-cell">
        {formatQuantity(row.quantity)}
        {Dec.isNegative(row.quantity) ? (
          <>
            {' '}
            <span className="tag">short</span>
          </>
        ) : null}
        {row.averagePrice === null ? null : <div className="under-mid stamp">{`at ${formatPrice(row.averagePrice)}`}</div>}
      </td>
      <td className="r wide-only-cell">{row.averagePrice === null ? '—' : formatPrice(row.averagePrice)}</td>
      <td className="r">
        {row.marketValue === null ? '—' : formatMoney(row.marketValue, row.currency)}
        <div className={`under-slim ${tone}`}>{gainText}</div>
      </td>
      <td className={`r mid-cell ${tone}`}>{gainText}</td>
      <td className="r stamp mid-cell as-of" title={`As of ${formatExact(row.asOf)}, fetched ${formatExact(row.fetchedAt)}`}>
        {formatMoment(row.asOf, now)}
      </td>
    </tr>
  )
}
