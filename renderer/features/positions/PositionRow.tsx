import type { KeyboardEvent } from 'react'
import type { GroupedPosition } from '../../../shared/contract/portfolio.ts'
import { Dec } from '../../../shared/domain/decimal.ts'
import {
  formatChange,
  formatColumnPrice,
  formatExact,
  formatInstrument,
  formatMoment,
  formatMoney,
  formatPercent,
  formatQuantity,
  humanWord,
  plural,
  toneOf,
} from '../../lib/format/index.ts'
import { useNow } from '../../state/clock.ts'
import { openDrifts, useReconciliation } from '../../state/reconciliation.ts'
import { dataOf } from '../../state/remote.ts'
import { show } from '../../state/surface.ts'
import { BrokerMark } from '../../ui/badges.tsx'
import { Icon } from '../../ui/icons.tsx'
import type { RowSlot } from '../../ui/RowWindow.tsx'
import { gainPercent } from './sort.ts'

interface RowProps {
  readonly row: GroupedPosition
  /** Said beside prices where the column does not say it. */
  readonly unit: string | null
  readonly isOpen: boolean
  readonly onToggle: (open: boolean) => void
  readonly slot: RowSlot
}

/** One instrument over all accounts. */
export function PositionRow({ row, unit, isOpen, onToggle, slot }: RowProps) {
  const now = useNow(30)
  const { currency } = row
  const gain = row.unrealized === null ? 'unknown' : formatMoney(row.unrealized, currency, { sign: 'always' })
  const percent = gainPercent(row)
  const priced = (price: Dec | null) =>
    price === null ? <span className="stamp">unknown</span> : `${formatColumnPrice(price)}${unit === null ? '' : ` ${unit}`}`
  return (
    <tr {...slot} className={`${slot.className ?? ''} ${isOpen ? 'open-row' : ''}`}>
      <td>
        <Head row={row} isOpen={isOpen} onToggle={onToggle} />
      </td>
      <td className="r mid-cell">{formatQuantity(row.quantity)}</td>
      <td className="r wide-only-cell">{priced(row.averageCost)}</td>
      <td className="r wide-only-cell">{priced(row.price)}</td>
      <td className="r">
        {row.marketValue === null ? <span className="stamp">not stated</span> : formatMoney(row.marketValue, currency)}
        <div className={`under-slim ${toneOf(row.unrealized)}`}>{gain}</div>
      </td>
      <td className={`r mid-cell ${row.unrealized === null ? 'stamp' : toneOf(row.unrealized)}`}>{gain}</td>
      <td className={`r wide-only-cell ${toneOf(percent)}`}>
        {percent === null ? '—' : formatPercent(percent, { sign: 'always', places: 1 })}
      </td>
      <td className={`r roomy-cell ${row.realized === null ? 'stamp' : toneOf(row.realized)}`}>
        {formatChange(row.realized, currency)}
        {row.realized !== null && row.unknown > 0 ? <span className="stamp">{` +${row.unknown} unknown`}</span> : null}
      </td>
      <td className="r vast-cell">{row.weight === null ? '—' : formatPercent(row.weight, { places: 1 })}</td>
      <td className="r stamp mid-cell as-of" title={`As of ${formatExact(row.asOf)}, fetched ${formatExact(row.fetchedAt)}`}>
        {formatMoment(row.asOf, now)}
      </td>
    </tr>
  )
}

function Head({ row, isOpen, onToggle }: Pick<RowProps, 'row' | 'isOpen' | 'onToggle'>) {
  const { symbol, terms } = formatInstrument(row.symbol)
  const brokers = [...new Set(row.holdings.map(({ broker }) => broker))]
  function onKeyDown(event: KeyboardEvent<HTMLElement>) {
    if (event.key !== 'ArrowRight' && event.key !== 'ArrowLeft') return
    event.preventDefault()
    onToggle(event.key === 'ArrowRight')
  }
  return (
    <>
      <span className="row position-name">
        <button
          type="button"
          className="disclose"
          data-position={row.symbol}
          data-move=""
          aria-expanded={isOpen}
          onClick={() => onToggle(!isOpen)}
          onKeyDown={onKeyDown}
        >
          <Icon name={isOpen ? 'down' : 'right'} />
          <span className="sym">{symbol}</span>
          {terms ? (
            <>
              {' '}
              <span className="opt">{terms}</span>
            </>
          ) : null}
          <span className="hidden-text">, {plural(row.holdings.length, 'account')}</span>
        </button>
        {row.assetClass === 'equity' || terms ? null : <span className="tag">{humanWord(row.assetClass)}</span>}
        {Dec.isNegative(row.quantity) ? <span className="tag">short</span> : null}
        <span className="marks">
          {brokers.map(broker => (
            <BrokerMark key={broker} broker={broker} small />
          ))}
        </span>
        <DriftBadge row={row} />
      </span>
      <div className="under-slim stamp">
        {`${formatQuantity(row.quantity)}${row.averageCost === null ? '' : ` at ${formatColumnPrice(row.averageCost)}`}`}
      </div>
    </>
  )
}

function DriftBadge({ row }: { readonly row: GroupedPosition }) {
  const drifts = useReconciliation(state => dataOf(state.drifts))
  const accounts = new Set(row.holdings.map(({ accountId }) => accountId))
  const differing = openDrifts(drifts).find(
    ({ symbol, accountId }) => symbol !== null && row.symbols.includes(symbol) && accounts.has(accountId),
  )
  if (!differing) return null
  return (
    <button
      type="button"
      className="drift-badge"
      aria-label={`${row.symbol} differs between the ledger and the broker: show the reason`}
      onClick={() => show({ kind: 'differences', accountId: null, symbol: differing.symbol })}
    >
      differs
    </button>
  )
}
