import { useMemo } from 'react'
import type { DayResult } from '../../../shared/contract/ledger.ts'
import type { LocalDate } from '../../../shared/domain/time.ts'
import { formatMoney, plural, shortChange, toneOf } from '../../lib/format/index.ts'
import { DayCell, type DaysProps, Weekdays } from './DayCell.tsx'
import { largest, monthOf } from './calendar.ts'
import { byMonth, type MonthResult } from './results.ts'

/** One month with the figure of each day, and what each week came to. */
export function MonthView({ days, at, ...acts }: DaysProps) {
  const id = at.slice(0, 7)
  const inMonth = useMemo(() => new Map(days.filter(({ day }) => day.startsWith(id)).map(result => [result.day, result])), [days, id])
  const most = useMemo(() => largest([...inMonth.values()]), [inMonth])
  const month = useMemo(() => monthOf(id), [id])
  const [first] = days
  if (!first) return null
  return (
    <table className="month large">
      <thead>
        <tr>
          <Weekdays letters={3} />
          <th scope="col">Week</th>
        </tr>
      </thead>
      <tbody>
        {month.weeks.map((week, index) => (
          <tr key={week.find(day => day !== null) ?? index}>
            {week.map((day, place) => (
              <td key={day ?? `none ${place}`}>
                {day === null ? null : (
                  <DayCell day={day} result={inMonth.get(day)} most={most} isAt={day === at} {...acts}>
                    <Figure result={inMonth.get(day)} />
                  </DayCell>
                )}
              </td>
            ))}
            <td className="week">
              <Figure result={sumOf(week, inMonth)} />
            </td>
          </tr>
        ))}
      </tbody>
      <tfoot>
        <tr>
          <th scope="row" colSpan={7}>
            All of it
          </th>
          <td className="week">
            <Figure result={sumOf([...inMonth.keys()], inMonth)} />
          </td>
        </tr>
      </tfoot>
    </table>
  )
}

type Sum = Pick<MonthResult, 'realized' | 'closings' | 'unknown'> & { readonly currency: string }

function sumOf(days: readonly (LocalDate | null)[], results: ReadonlyMap<LocalDate, DayResult>): Sum | undefined {
  const found = days.flatMap(day => (day === null ? [] : (results.get(day) ?? [])))
  const [sum] = byMonth(found)
  const [first] = found
  return sum && first ? { ...sum, currency: first.currency } : undefined
}

/** What was realised, in full where there is room and in short where there is none. */
function Figure({ result }: { readonly result: Sum | undefined }) {
  if (!result || result.closings + result.unknown === 0) return null
  const { realized, currency, closings, unknown } = result
  if (closings === 0) return <small className="in-full">{`${unknown} of unknown cost`}</small>
  return (
    <>
      <b className={toneOf(realized)}>
        <span className="in-full">{formatMoney(realized, currency, { sign: 'always' })}</span>
        <span className="in-short">{shortChange(Number(realized))}</span>
      </b>
      <small className="in-full">{unknown > 0 ? `${unknown} of unknown cost` : plural(closings, 'closing')}</small>
    </>
  )
}
