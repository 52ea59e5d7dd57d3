import { useMemo } from 'react'
import type { GroupedPosition } from '../../../shared/contract/portfolio.ts'
import { formatChange, formatMoney, formatPercent, toneOf } from '../../lib/format/index.ts'
import { gainPercent, type PositionSum, sumsOf } from './sort.ts'

/** What all positions come to, in each currency; figures that are missing are left out and said. */
export function PositionTotals({ rows }: { readonly rows: readonly GroupedPosition[] }) {
  const sums = useMemo(() => sumsOf(rows), [rows])
  return (
    <tfoot>
      {sums.map(sum => (
        <Total key={sum.currency} sum={sum} label={sums.length === 1 ? 'All' : `All in ${sum.currency}`} />
      ))}
    </tfoot>
  )
}

function Total({ sum, label }: { readonly sum: PositionSum; readonly label: string }) {
  const { currency, marketValue, unrealized, realized, unvalued, ungained, unmade } = sum
  const percent = ungained > 0 ? null : gainPercent(sum)
  const gain = formatMoney(unrealized, currency, { sign: 'always' })
  const without = (count: number) => (count === 0 ? undefined : `Without ${count} of unknown value`)
  return (
    <tr>
      <th scope="row">{label}</th>
      <None at="mid-cell" />
      <None at="wide-only-cell" />
      <None at="wide-only-cell" />
      <td className="r" title={without(unvalued)}>
        {formatMoney(marketValue, currency)}
        {unvalued > 0 ? <span className="stamp">{` +${unvalued} unknown`}</span> : null}
        <div className={`under-slim ${toneOf(unrealized)}`}>{gain}</div>
      </td>
      <td className={`r mid-cell ${toneOf(unrealized)}`} title={without(ungained)}>
        {gain}
        {ungained > 0 ? <span className="stamp">{` +${ungained} unknown`}</span> : null}
      </td>
      <td className={`r wide-only-cell ${toneOf(percent)}`}>
        {percent === null ? '—' : formatPercent(percent, { sign: 'always', places: 1 })}
      </td>
      <td className={`r roomy-cell ${realized === null ? 'stamp' : toneOf(realized)}`}>
        {formatChange(realized, currency)}
        {realized !== null && unmade > 0 ? <span className="stamp">{` +${unmade} unknown`}</span> : null}
      </td>
      <None at="vast-cell" />
      <None at="mid-cell" />
    </tr>
  )
}

/** A figure that has no sum. */
function None({ at }: { readonly at: string }) {
  return <td className={at}>{null}</td>
}
