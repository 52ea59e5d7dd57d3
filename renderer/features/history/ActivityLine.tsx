/* oxlint-disable jsx-a11y/prefer-tag-over-role, jsx-a11y/click-events-have-key-events, jsx-a11y/interactive-supports-focus -- a row of a virtualised grid; the grid handles the keys */
import type { ActivityRow, AccountView, ConnectionView } from '../../../shared/contract/schemas.ts'
import { Dec } from '../../../shared/domain/decimal.ts'
import { formatClock, formatInstrument, formatPrice, formatQuantity, kindWord, sideWord } from '../../lib/format/index.ts'
import { openActivity } from '../../state/history.ts'
import { BrokerMark, EnvBadge } from '../../ui/badges.tsx'
import { amountText, feesText, signedQuantity } from './row-text.ts'

interface ActivityLineProps {
  readonly row: ActivityRow
  readonly index: number
  readonly place: { readonly connection: ConnectionView; readonly account: AccountView } | undefined
  readonly active: boolean
  readonly open: boolean
  readonly narrow: boolean
  /** The currency named in the column's heading; null when every figure carries its own. */
  readonly currency: string | null
  /** Whether each row says its environment; false when one word in the heading says it for all. */
  readonly badges: boolean
  readonly onPick: (index: number) => void
}

/** One activity on one line, or on two where there is little room. */
export function ActivityLine(props: ActivityLineProps) {
  const { row, index, active, open, narrow, onPick } = props
  const classes = ['hrow', open ? 'sel' : '', active ? 'active' : '', row.status === 'canceled' ? 'canceled' : '', narrow ? 'slim' : '']
    .filter(Boolean)
    .join(' ')
  const pick = () => {
    onPick(index)
    void openActivity(row.id)
  }
  return (
    <div id={`row-${index}`} className={classes} role="row" aria-rowindex={index + 2} aria-selected={open} onClick={pick}>
      {narrow ? <SlimCells {...props} /> : <WideCells {...props} />}
    </div>
  )
}

function WideCells({ row, place, currency, badges }: ActivityLineProps) {
  const quantity = signedQuantity(row)
  return (
    <>
      <span role="gridcell" className="sub" title={row.executedAt ? undefined : 'The broker states the day only'}>
        {row.executedAt ? formatClock(row.executedAt) : '—'}
      </span>
      <span role="gridcell" className="clip">
        <Instrument row={row} />
      </span>
      <span role="gridcell" className={`side ${sideTone(row)}`}>
        {row.side ? sideWord(row.side, row.positionEffect) : '—'}
      </span>
      <span role="gridcell" className="r">
        {quantity === null ? '—' : formatQuantity(quantity)}
      </span>
      <span role="gridcell" className="r">
        {row.price === null ? '—' : formatPrice(row.price)}
      </span>
      <span role="gridcell" className={`r ${amountTone(row)}`}>
        {amountText(row, currency)}
      </span>
      <span role="gridcell" className="r sub">
        {feesText(row, currency)}
      </span>
      <span role="gridcell" className="clip who">
        {place ? (
          <>
            <BrokerMark broker={place.connection.broker} small />
            <span className="clip" title={place.account.name}>
              {`${shortMask(place.account.maskedNumber)} ${place.account.name}`}
            </span>
            {badges ? <EnvBadge environment={place.connection.environment} /> : null}
          </>
        ) : (
          '—'
        )}
      </span>
    </>
  )
}

function SlimCells({ row, place, currency }: ActivityLineProps) {
  const quantity = signedQuantity(row)
  const size = quantity === null ? '' : ` ${formatQuantity(Dec.abs(quantity))}${row.price === null ? '' : ` at ${formatPrice(row.price)}`}`
  return (
    <>
      <span role="gridcell" className="clip">
        <Instrument row={row} />
      </span>
      <span role="gridcell" className={`r ${amountTone(row)}`}>
        {amountText(row, currency === null ? null : '')}
      </span>
      <span role="gridcell" className="sub slim-size">
        {row.side ? <span className={`side ${sideTone(row)}`}>{sideWord(row.side, row.positionEffect)}</span> : kindWord(row.kind)}
        {size}
      </span>
      <span role="gridcell" className="r stamp slim-place">
        {row.executedAt ? <span>{formatClock(row.executedAt).slice(0, 5)}</span> : null}
        {place ? <span className="slim-account">{place.account.name}</span> : null}
        {place ? <span>{shortMask(place.account.maskedNumber)}</span> : null}
        {place ? <EnvBadge environment={place.connection.environment} /> : null}
      </span>
    </>
  )
}

/** What the row is about: the instrument, or the broker's own words where there is none. */
function Instrument({ row }: { readonly row: ActivityRow }) {
  const text = row.symbol ? formatInstrument(row.symbol) : { symbol: row.description ?? kindWord(row.kind), terms: '' }
  return (
    <>
      <span className={row.symbol ? 'sym' : ''}>{text.symbol}</span>
      {text.terms ? <span className="opt">{text.terms}</span> : null}
      {row.kind === 'trade' ? null : <span className="tag">{kindWord(row.kind)}</span>}
      {row.status === 'final' ? null : <span className="tag">{row.status}</span>}
    </>
  )
}

function amountTone({ amount, status }: ActivityRow): string {
  return amount === null || status === 'canceled' || Dec.isNegative(amount) || Dec.isZero(amount) ? '' : 'good'
}

function sideTone({ side }: ActivityRow): string {
  return side === 'buy' ? 'good' : side === 'sell' ? 'bad' : ''
}

function shortMask(masked: string): string {
  return masked.replace(/•{3,}/, '••')
}
