import { type ReactNode, useMemo } from 'react'
import type { LocalDate } from '../../../shared/domain/time.ts'
import { DayCell, type DaysProps, Weekdays } from './DayCell.tsx'
import { largest, type Month, monthsOf } from './calendar.ts'
import { monthText } from './results.ts'

/** The twelve months of a year, each day coloured by its result. */
export function YearView({ days, at, ...acts }: DaysProps) {
  const year = at.slice(0, 4)
  const inYear = useMemo(() => new Map(days.filter(({ day }) => day.startsWith(year)).map(result => [result.day, result])), [days, year])
  const most = useMemo(() => largest([...inYear.values()]), [inYear])
  const months = useMemo(() => monthsOf(year), [year])
  const cell = (day: LocalDate) => <DayCell day={day} result={inYear.get(day)} most={most} isAt={day === at} {...acts} />
  return (
    <div className="months">
      {months.map(month => (
        <MonthTable key={month.id} month={month} cell={cell} />
      ))}
    </div>
  )
}

interface MonthProps {
  readonly month: Month
  readonly cell: (day: LocalDate) => ReactNode
}

function MonthTable({ month, cell }: MonthProps) {
  return (
    <table className="month">
      <caption>{monthText(month.id)}</caption>
      <thead>
        <tr>
          <Weekdays letters={1} />
        </tr>
      </thead>
      <tbody>
        {month.weeks.map((week, index) => (
          <tr key={week.find(day => day !== null) ?? index}>
            {week.map((day, place) => (
              <td key={day ?? `none ${place}`}>{day === null ? null : cell(day)}</td>
            ))}
          </tr>
        ))}
      </tbody>
    </table>
  )
}
