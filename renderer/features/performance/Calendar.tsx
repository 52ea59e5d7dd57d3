import { type KeyboardEvent, useMemo, useRef, useState } from 'react'
import type { DayResult } from '../../../shared/contract/ledger.ts'
import { LocalDate } from '../../../shared/domain/time.ts'
import { dayOf } from '../../lib/format/index.ts'
import { useNow } from '../../state/clock.ts'
import { setFilter } from '../../state/history.ts'
import { setTripFilter, usePerformance } from '../../state/performance.ts'
import { go } from '../../state/route.ts'
import { Button, IconButton } from '../../ui/Button.tsx'
import { Segments } from '../../ui/Segments.tsx'
import { dayFor, monthBeside, yearsOf } from './calendar.ts'
import { MonthView } from './MonthView.tsx'
import { dayText, monthText } from './results.ts'
import { YearView } from './YearView.tsx'

type View = 'year' | 'month'
const VIEWS: readonly { readonly value: View; readonly label: string }[] = [
  { value: 'year', label: 'Year' },
  { value: 'month', label: 'Month' },
]

/** Every day by what was realised on it, a year or a month at a time: arrows move through the days, each is said in words. */
export function Calendar({ days }: { readonly days: readonly DayResult[] }) {
  const today = dayOf(useNow(60))
  const [view, setView] = useState<View>('year')
  const [chosen, setChosen] = useState<LocalDate | null>(null)
  const years = useMemo(() => yearsOf(days, today), [days, today])
  const at = chosen !== null && years.includes(chosen.slice(0, 4)) ? chosen : (days.at(-1)?.day ?? today)
  const grid = useRef<HTMLDivElement>(null)
  function onKeyDown(event: KeyboardEvent<HTMLElement>) {
    const next = event.ctrlKey || event.metaKey || event.altKey ? undefined : dayFor(event.key, at)
    if (next === undefined) return
    event.preventDefault()
    setChosen(next)
    // A month that was not drawn yet is there a moment later.
    requestAnimationFrame(() => grid.current?.querySelector<HTMLElement>(`[data-day="${next}"]`)?.focus())
  }
  return (
    <div className="stack">
      <div className="row wrap year-pick">
        <Segments label="Days of a" value={view} options={VIEWS} onChange={setView} />
        <Picker view={view} at={at} years={years} days={days} onPick={setChosen} />
        <Legend />
      </div>
      <div className="calendar" ref={grid}>
        {view === 'year' ? (
          <YearView days={days} at={at} onPick={setChosen} onKeyDown={onKeyDown} />
        ) : (
          <MonthView days={days} at={at} onPick={setChosen} onKeyDown={onKeyDown} />
        )}
      </div>
      <DayLine day={at} result={days.find(({ day }) => day === at)} />
    </div>
  )
}

interface PickerProps {
  readonly view: View
  readonly at: LocalDate
  /** Newest first. */
  readonly years: readonly string[]
  readonly days: readonly DayResult[]
  readonly onPick: (day: LocalDate) => void
}

/** Leads to the year or month before and after; its newest day with a result is looked at. */
function Picker({ view, at, years, days, onPick }: PickerProps) {
  const beside = (step: 1 | -1): string | undefined => {
    if (view === 'year') return years[years.indexOf(at.slice(0, 4)) - step]
    const month = monthBeside(at.slice(0, 7), step)
    return years.includes(month.slice(0, 4)) ? month : undefined
  }
  const [before, after] = [beside(-1), beside(1)]
  const to = (period: string | undefined) => {
    if (period === undefined) return
    const last = days.findLast(({ day }) => day.startsWith(period))?.day
    onPick(last ?? LocalDate.of(`${period}${period.length === 4 ? '-01' : ''}-01`))
  }
  return (
    <span className="row">
      <IconButton icon="left" label={`The ${view} before`} disabled={before === undefined} onClick={() => to(before)} />
      <span className="strong num period">{view === 'year' ? at.slice(0, 4) : monthText(at.slice(0, 7))}</span>
      <IconButton icon="right" label={`The ${view} after`} disabled={after === undefined} onClick={() => to(after)} />
    </span>
  )
}

function Legend() {
  return (
    <span className="row stamp heat-legend" aria-hidden="true">
      loss <i className="heat bad s4" />
      <i className="heat bad s2" />
      <i className="heat" />
      <i className="heat good s2" />
      <i className="heat good s4" /> gain
    </span>
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
