import type { KeyboardEvent } from 'react'
import type { GroupedPosition } from '../../../shared/contract/portfolio.ts'
import { Dec } from '../../../shared/domain/decimal.ts'
import {
  formatExact,
  formatInstrument,
  formatKnown,
  formatMoment,
  formatMoney,
  formatPercent,
  formatPrice,
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
import { Holdings } from './Holdings.tsx'
import { Lots } from './Lots.tsx'

interface RowProps {
  readonly row: GroupedPosition
  readonly isOpen: boolean
  readonly onToggle: (open: boolean) => void
  readonly columns: number
}

/** One instrument over all accounts, and below it where and in which lots it is held. */
export function PositionRow({ row, isOpen, onToggle, columns }: RowProps) {
  const now = useNow(30)
  const { currency } = row
  const gain = row.unrealized === null ? 'unknown' : formatMoney(row.unrealized, currency, { sign: 'always' })
  return (
    <>
      <tr className={isOpen ? 'open-row' : undefined}>
        <td>
          <Head row={row} isOpen={isOpen} onToggle={onToggle} />
        </td>
        <td className="r mid-cell">{formatQuantity(row.quantity)}</td>
        <td className="r wide-only-cell">
          {row.averageCost === null ? <span className="stamp">unknown</span> : `${formatPrice(Dec.round(row.averageCost, 6))}`}
        </td>
        <td className="r">
          {row.marketValue === null ? <span className="stamp">not stated</span> : formatMoney(row.marketValue, currency)}
          <div className={`under-slim ${toneOf(row.unrealized)}`}>{gain}</div>
        </td>
        <td className={`r mid-cell ${row.unrealized === null ? 'stamp' : toneOf(row.unrealized)}`}>{gain}</td>
        <td className={`r wide-only-cell ${toneOf(row.realized)}`}>{formatMoney(row.realized, currency, { sign: 'always' })}</td>
        <td className="r wide-only-cell">{row.weight === null ? '—' : formatPercent(row.weight, { max: 1 })}</td>
        <td className="r stamp mid-cell as-of" title={`As of ${formatExact(row.asOf)}, fetched ${formatExact(row.fetchedAt)}`}>
          {formatMoment(row.asOf, now)}
        </td>
      </tr>
      {isOpen ? (
        <tr className="detail-row">
          <td colSpan={columns}>
            <div className="stack-l position-detail">
              <p className="stamp">
                {`Cost ${formatKnown(row.cost, currency)}, realised so far ${formatMoney(row.realized, currency, { sign: 'always' })}. As of ${formatExact(row.asOf)}, fetched ${formatExact(row.fetchedAt)}.`}
              </p>
              <Holdings row={row} />
              <Lots symbol={row.symbol} currency={currency} />
            </div>
          </td>
        </tr>
      ) : null}
    </>
  )
}

function Head({ row, isOpen, onToggle }: Pick<RowProps, 'row' | 'isOpen' | 'onToggle'>) {
  const { symbol, terms } = formatInstrument(row.symbol)
  const brokers = [...new Set(row.holdings.map(({ broker }) => broker))]
  function onKeyDown(event: KeyboardEvent<HTMLElement>) {
    if (event.key !== 'ArrowRight' && event.key !== 'ArrowLeft') return moveAmongPositions(event)
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
        {`${formatQuantity(row.quantity)}${row.averageCost === null ? '' : ` at ${formatPrice(Dec.round(row.averageCost, 6))}`}`}
      </div>
    </>
  )
}

const STEPS: Readonly<Record<string, number>> = { ArrowDown: 1, ArrowUp: -1, Home: -Infinity, End: Infinity }

/** Arrows lead from one position to the next. */
function moveAmongPositions(event: KeyboardEvent<HTMLElement>) {
  const step = STEPS[event.key]
  if (step === undefined || event.ctrlKey || event.metaKey) return
  const all = [...(event.currentTarget.closest('tbody')?.querySelectorAll<HTMLElement>('[data-position]') ?? [])]
  event.preventDefault()
  all[Math.min(all.length - 1, Math.max(0, all.indexOf(event.currentTarget) + step))]?.focus()
}

function DriftBadge({ row }: { readonly row: GroupedPosition }) {
  const drifts = useReconciliation(state => dataOf(state.drifts))
  const accounts = new Set(row.holdings.map(({ accountId }) => accountId))
  const count = openDrifts(drifts).filter(({ symbol, accountId }) => symbol === row.symbol && accounts.has(accountId)).length
  if (count === 0) return null
  return (
    <button
      type="button"
      className="drift-badge"
      aria-label={`${row.symbol} differs between the ledger and the broker: show the reason`}
      onClick={() => show({ kind: 'differences', accountId: null, symbol: row.symbol })}
    >
      differs
    </button>
  )
}
