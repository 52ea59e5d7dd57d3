import { useMemo } from 'react'
import type { DayResult } from '../../../shared/contract/ledger.ts'
import { Dec } from '../../../shared/domain/decimal.ts'
import { knownOf } from '../../../shared/domain/realized.ts'
import { axisTexts, formatChange, formatMoney, toneOf } from '../../lib/format/index.ts'
import { Chart } from '../../ui/charts/Chart.tsx'
import { ScrollTable } from '../../ui/ScrollTable.tsx'
import { byMonth, type MonthResult, monthText, resultText } from './results.ts'

const placeText = (month: string) => monthText(month)

/** What each month realised, as bars. */
export function MonthsPanel({ days, currency }: { readonly days: readonly DayResult[]; readonly currency: string }) {
  const months = useMemo(() => byMonth(days), [days])
  const places = useMemo(() => months.map(({ month }) => month), [months])
  const series = useMemo(
    () => [
      {
        name: `Gain, ${currency}`,
        token: '--good',
        values: months.map(({ realized }) => (Dec.isNegative(realized) ? null : Number(realized))),
      },
      {
        name: `Loss, ${currency}`,
        token: '--bad',
        values: months.map(({ realized }) => (Dec.isNegative(realized) ? Number(realized) : null)),
      },
    ],
    [months, currency],
  )
  const describe = (index: number) => {
    const month = months[index]
    return month ? `${monthText(month.month)}: ${resultText({ ...month, currency })}` : ''
  }
  if (months.length === 0) return <p className="sub">Nothing was closed and nothing paid in this time.</p>
  return (
    <Chart
      kind="bars"
      label="Result by month"
      places={places}
      series={series}
      axisTexts={axisTexts}
      placeText={placeText}
      describe={describe}
      table={<Table months={months} currency={currency} />}
    />
  )
}

function Table({ months, currency }: { readonly months: readonly MonthResult[]; readonly currency: string }) {
  return (
    <div className="chart-table">
      <ScrollTable label="Table of months">
        <table className="grid figures-grid">
          <thead>
            <tr>
              <th scope="col" className="plain">
                Month
              </th>
              {['Realised', 'Fees inside', 'Dividends', 'Interest', 'Other fees', 'Closings'].map(word => (
                <th key={word} scope="col" className="plain r">
                  {word}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {months.toReversed().map(month => (
              <tr key={month.month}>
                <th scope="row">{monthText(month.month)}</th>
                <Realised month={month} currency={currency} />
                <td className="r">{Dec.isZero(month.fees) ? '—' : formatMoney(month.fees, currency)}</td>
                <td className="r">{formatMoney(month.dividends, currency)}</td>
                <td className="r">{formatMoney(month.interest, currency)}</td>
                <td className="r">{formatMoney(month.otherFees, currency)}</td>
                <td className="r">{month.closings}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </ScrollTable>
    </div>
  )
}

function Realised({ month, currency }: { readonly month: MonthResult; readonly currency: string }) {
  const realized = knownOf(month, month.realized)
  return (
    <td className={`r ${realized === null ? 'stamp' : toneOf(realized)}`}>
      {formatChange(realized, currency)}
      {realized !== null && month.unknown > 0 ? <span className="stamp">{` +${month.unknown} unknown`}</span> : null}
    </td>
  )
}
