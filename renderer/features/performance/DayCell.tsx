import type { KeyboardEvent, ReactNode } from 'react'
import type { DayResult } from '../../../shared/contract/ledger.ts'
import type { Dec } from '../../../shared/domain/decimal.ts'
import type { LocalDate } from '../../../shared/domain/time.ts'
import { toneOf } from '../../lib/format/index.ts'
import { strength } from './calendar.ts'
import { dayText } from './results.ts'

const WEEKDAYS = ['Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday', 'Sunday']

/** What a view of days shows, and what a key or a click does. */
export interface DaysProps {
  readonly days: readonly DayResult[]
  readonly at: LocalDate
  readonly onPick: (day: LocalDate) => void
  readonly onKeyDown: (event: KeyboardEvent<HTMLElement>) => void
}

interface CellProps extends Pick<DaysProps, 'onPick' | 'onKeyDown'> {
  readonly day: LocalDate
  readonly result: DayResult | undefined
  /** The largest result among the days shown. */
  readonly most: Dec
  readonly isAt: boolean
  readonly children?: ReactNode
}

/** A day: its colour says how much, its mark which way, its name all of it. */
export function DayCell({ day, result, most, isAt, onPick, onKeyDown, children }: CellProps) {
  const level = strength(result, most)
  return (
    <button
      type="button"
      className={`heat ${level > 0 ? toneOf(result?.realized ?? null) : ''} s${level} ${isAt ? 'at' : ''}`}
      data-day={day}
      tabIndex={isAt ? 0 : -1}
      aria-label={children === undefined ? dayText(day, result) : undefined}
      aria-pressed={isAt}
      onClick={() => onPick(day)}
      onFocus={() => onPick(day)}
      onKeyDown={onKeyDown}
    >
      {children === undefined ? (
        Number(day.slice(8))
      ) : (
        <>
          <span className="in-cell" aria-hidden="true">
            <span>{Number(day.slice(8))}</span>
            {children}
          </span>
          <span className="hidden-text">{dayText(day, result)}</span>
        </>
      )}
    </button>
  )
}

/** The heads of the seven columns, from Monday; read aloud in full. */
export function Weekdays({ letters }: { readonly letters: number }) {
  return WEEKDAYS.map(name => (
    <th key={name} scope="col">
      <span aria-hidden="true">{name.slice(0, letters)}</span>
      <span className="hidden-text">{name}</span>
    </th>
  ))
}
