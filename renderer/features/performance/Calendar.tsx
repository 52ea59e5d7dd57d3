import { type KeyboardEvent, type ReactNode, useMemo, useRef, useState } from 'react'
import type { DayResult } from '../../../shared/contract/ledger.ts'
import type { LocalDate } from '../../../shared/domain/time.ts'
import { dayOf, toneOf } from '../../lib/format/index.ts'
import { now, useNow } from '../../state/clock.ts'
import { setFilter } from '../../state/history.ts'
import { setTripFilter, usePerformance } from '../../state/performance.ts'
import { go } from '../../state/route.ts'
import { Button, IconButton } from '../../ui/Button.tsx'
import { dayFor, largest, type Month, monthsOf, strength, yearsOf } from './calendar.ts'
import { dayText, monthText } from './results.ts'

const WEEKDAYS = ['Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday', 'Sunday']

/** Every day of a year by what was realised on it: arrows move through the days, each is said in words, Enter shows its round trips. */
export function Calendar({ days }: { readonly days: readonly DayResult[] }) {
  const today = dayOf(useNow(60))
  const years = useMemo(() => yearsOf(days, today), [days, today])
  const [year, setYear] = useState<string | null>(null)
  const shown = year !== null && years.includes(year) ? year : (days.at(-1)?.day.slice(0, 4) ?? today.slice(0, 4))
  const at = years.indexOf(shown)
  return (
    <div className="stack">
      <div className="row year-pick">
        <IconButton icon="left" label="The year before" disabled={at >= years.length - 1} onClick={() => setYear(years[at + 1] ?? shown)} />
        <span className="strong num">{shown}</span>
        <IconButton icon="right" label="The year after" disabled={at <= 0} onClick={() => setYear(years[at - 1] ?? shown)} />
        <Legend />
      </div>
      <Year key={shown} year={shown} days={days} />
    </div>
  )
}

function Legend() {
  return (
    <span className="row stamp heat-legend" aria-hidden="true">
      <i className="heat bad s4" /> loss <i className="heat bad s1" /> <i className="heat good s1" /> gain <i className="heat good s4" />
    </span>
  )
}

function Year({ year, days }: { readonly year: string; readonly days: readonly DayResult[] }) {
  const inYear = useMemo(() => new Map(days.filter(({ day }) => day.startsWith(year)).map(result => [result.day, result])), [days, year])
  const most = useMemo(() => largest([...inYear.values()]), [inYear])
  const months = useMemo(() => monthsOf(year), [year])
  const [at, setAt] = useState<LocalDate>(() => [...inYear.keys()].at(-1) ?? firstDay(months))
  const grid = useRef<HTMLDivElement>(null)
  function onKeyDown(event: KeyboardEvent<HTMLElement>) {
    const next = event.ctrlKey || event.metaKey || event.altKey ? undefined : dayFor(event.key, at)
    if (next === undefined) return
    event.preventDefault()
    setAt(next)
    grid.current?.querySelector<HTMLElement>(`[data-day="${next}"]`)?.focus()
  }
  const cell = (day: LocalDate) => {
    const result = inYear.get(day)
    const level = strength(result, most)
    return (
      <button
        type="button"
        className={`heat ${level > 0 ? toneOf(result?.realized ?? null) : ''} s${level} ${day === at ? 'at' : ''}`}
        data-day={day}
        tabIndex={day === at ? 0 : -1}
        aria-label={dayText(day, result)}
        aria-pressed={day === at}
        onClick={() => setAt(day)}
        onFocus={() => setAt(day)}
        onKeyDown={onKeyDown}
      >
        {Number(day.slice(8))}
      </button>
    )
  }
  return (
    <>
      <div className="months" ref={grid}>
        {months.map(month => (
          <MonthTable key={month.id} month={month} cell={cell} />
        ))}
      </div>
      <DayLine day={at} result={inYear.get(at)} />
    </>
  )
}

function firstDay([january]: readonly Month[]): LocalDate {
  return january?.weeks[0]?.find(day => day !== null) ?? dayOf(now())
}

function MonthTable({ month, cell }: { readonly month: Month; readonly cell: (day: LocalDate) => ReactNode }) {
  return (
    <table className="month">
      <caption>{monthText(month.id)}</caption>
      <thead className="hidden-text">
        <tr>
          {WEEKDAYS.map(name => (
            <th key={name} scope="col">
              {name}
            </th>
          ))}
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

function DayLine({ day, result }: { readonly day: LocalDate; readonly result: DayResult | undefined }) {
  const tripFilter = usePerformance(state => state.tripFilter)
  const showTrips = () => {
    void setTripFilter({ ...tripFilter, day })
    document.getElementById('trips')?.scrollIntoView({ block: 'start' })
  }
  const showHistory = () => {
    void setFilter({ from: day, to: day })
    go('history')
  }
  return (
    <div className="row between wrap day-line">
      <span className="num">{dayText(day, result)}</span>
      {result ? (
        <span className="row wrap">
          {result.closings > 0 ? <Button onClick={showTrips}>Round trips of this day</Button> : null}
          <Button variant="ghost" onClick={showHistory}>
            Its history
          </Button>
        </span>
      ) : null}
    </div>
  )
}
