/* oxlint-disable jsx-a11y/prefer-tag-over-role -- a virtualised table is built from positioned boxes, not from table rows */
import { formatDate, formatInstrument, formatMoney, formatPrice, formatQuantity, kindWord, sideWord } from '../../lib/format/index.ts'
import type { PreviewRow } from '../../state/imports.ts'
import { Icon } from '../../ui/icons.tsx'
import { historyWords, VERDICT_WORDS } from './verdicts.ts'

interface LineProps {
  readonly row: PreviewRow
  readonly index: number
  readonly narrow: boolean
}

/** One row of the file: what it says and what would become of it. */
export function PreviewLine({ row, index, narrow }: LineProps) {
  return narrow ? <SlimLine row={row} index={index} /> : <WideLine row={row} index={index} />
}

type Parts = Omit<LineProps, 'narrow'>

function WideLine({ row, index }: Parts) {
  return (
    <div className={`prow ${row.verdict}`} role="row" aria-rowindex={index + 2}>
      <span role="cell" className="stamp num">
        {row.line}
      </span>
      <span role="cell">
        <VerdictWord row={row} />
      </span>
      <span role="cell" className="num nowrap">
        {formatDate(row.tradeDate)}
      </span>
      <span role="cell" className="clip">
        <Instrument row={row} />
      </span>
      <span role="cell" className="clip" title={row.history ? historyWords(row) : (row.description ?? undefined)}>
        {what(row)}
        {row.history ? <span className="sub"> {historyWords(row)}</span> : null}
      </span>
      <span role="cell" className="r num">
        {row.quantity === null ? '' : formatQuantity(row.quantity)}
      </span>
      <span role="cell" className="r num">
        {row.price === null ? '' : formatPrice(row.price)}
      </span>
      <span role="cell" className="r num strong">
        {row.amount === null ? '' : formatMoney(row.amount, row.currency)}
      </span>
    </div>
  )
}

function SlimLine({ row, index }: Parts) {
  const size = row.quantity === null ? '' : `${formatQuantity(row.quantity)}${row.price === null ? '' : ` at ${formatPrice(row.price)}`}`
  return (
    <div className={`prow slim ${row.verdict}`} role="row" aria-rowindex={index + 2}>
      <span role="cell" className="clip">
        <Instrument row={row} /> <span className="sub">{what(row)}</span>
      </span>
      <span role="cell" className="r num strong">
        {row.amount === null ? size : formatMoney(row.amount, row.currency)}
      </span>
      <span role="cell" className="clip">
        <VerdictWord row={row} /> {row.history ? <span className="sub">{historyWords(row)}</span> : null}
      </span>
      <span role="cell" className="r stamp num">{`${formatDate(row.tradeDate)}, line ${row.line}`}</span>
    </div>
  )
}

function Instrument({ row }: { readonly row: PreviewRow }) {
  if (row.symbol === null) return <span className="sub">{row.description ?? row.brokerType}</span>
  const { symbol, terms } = formatInstrument(row.symbol)
  return (
    <>
      <span className="sym">{symbol}</span>
      {terms ? <span className="opt">{terms}</span> : null}
    </>
  )
}

function VerdictWord({ row }: { readonly row: PreviewRow }) {
  const { word, tone, icon, meaning } = VERDICT_WORDS[row.verdict]
  return (
    <span className={`verdict ${tone}`} title={meaning}>
      <Icon name={icon} />
      {word}
    </span>
  )
}

function what(row: PreviewRow): string {
  if (row.verdict === 'unknown') return row.brokerType
  return row.kind === 'trade' && row.side ? sideWord(row.side) : kindWord(row.kind)
}
