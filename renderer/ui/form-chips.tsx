import { type FormEvent, useState } from 'react'
import { LocalDate } from '../../shared/domain/time.ts'
import { Button } from './Button.tsx'
import { FormChip } from './FilterChip.tsx'

interface SymbolChipProps {
  readonly value: string | null
  readonly shown: string | null
  readonly onChange: (symbol: string | undefined) => void
}

/** One symbol, exactly as the history shows it. */
export function SymbolChip({ value, shown, onChange }: SymbolChipProps) {
  return (
    <FormChip label="Symbol" value={shown} onClear={() => onChange(undefined)}>
      {close => (
        <SymbolForm
          first={value ?? ''}
          onDone={symbol => {
            close()
            onChange(symbol)
          }}
        />
      )}
    </FormChip>
  )
}

function SymbolForm({ first, onDone }: { readonly first: string; readonly onDone: (symbol: string | undefined) => void }) {
  const [text, setText] = useState(first)
  const submit = (event: FormEvent) => {
    event.preventDefault()
    onDone(text.trim() === '' ? undefined : text.trim().toUpperCase())
  }
  return (
    <form className="stack" onSubmit={submit}>
      <div className="field">
        <label htmlFor="symbol-filter">Symbol</label>
        <input
          id="symbol-filter"
          className="input"
          data-autofocus
          maxLength={64}
          value={text}
          placeholder="AAPL"
          autoComplete="off"
          spellCheck={false}
          onChange={event => setText(event.currentTarget.value)}
        />
        <span className="hint">Matches exactly. Options by their OCC symbol, such as SPY261219C00690000.</span>
      </div>
      <Button type="submit" variant="primary">
        Show this symbol
      </Button>
    </form>
  )
}

interface Dates {
  readonly from: LocalDate | undefined
  readonly to: LocalDate | undefined
}

interface DateChipProps extends Dates {
  /** The day in the exchange's zone, which the ready-made ranges count from. */
  readonly today: LocalDate
  readonly shown: string | null
  readonly onChange: (dates: Dates) => void
}

/** A range of trade dates, both included. */
export function DateChip({ from, to, today, shown, onChange }: DateChipProps) {
  return (
    <FormChip label="Dates" value={shown} onClear={() => onChange({ from: undefined, to: undefined })}>
      {close => (
        <DateForm
          from={from}
          to={to}
          today={today}
          onDone={dates => {
            close()
            onChange(dates)
          }}
        />
      )}
    </FormChip>
  )
}

function presets(today: LocalDate): readonly { readonly label: string; readonly from: LocalDate }[] {
  return [
    { label: 'Last 7 days', from: LocalDate.plusDays(today, -6) },
    { label: 'Last 30 days', from: LocalDate.plusDays(today, -29) },
    { label: 'This year', from: LocalDate.of(`${today.slice(0, 4)}-01-01`) },
    { label: 'Last 12 months', from: LocalDate.plusDays(today, -364) },
  ]
}

const dateOf = (text: string): LocalDate | undefined => (LocalDate.is(text) ? text : undefined)

type DateFormProps = Omit<DateChipProps, 'shown' | 'onChange'> & { readonly onDone: (dates: Dates) => void }

function DateForm({ from, to, today, onDone }: DateFormProps) {
  const [first, setFirst] = useState<string>(from ?? '')
  const [last, setLast] = useState<string>(to ?? '')
  const wrongWay = first !== '' && last !== '' && first > last
  const submit = (event: FormEvent) => {
    event.preventDefault()
    if (!wrongWay) onDone({ from: dateOf(first), to: dateOf(last) })
  }
  return (
    <form className="stack" onSubmit={submit}>
      <div className="presets">
        {presets(today).map(preset => (
          <Button key={preset.label} onClick={() => onDone({ from: preset.from, to: today })}>
            {preset.label}
          </Button>
        ))}
      </div>
      <div className="field">
        <label htmlFor="date-from">From</label>
        <input
          id="date-from"
          className="input"
          type="date"
          value={first}
          max={last || undefined}
          onChange={event => setFirst(event.currentTarget.value)}
        />
      </div>
      <div className="field">
        <label htmlFor="date-to">To, included</label>
        <input
          id="date-to"
          className="input"
          type="date"
          value={last}
          min={first || undefined}
          aria-invalid={wrongWay}
          onChange={event => setLast(event.currentTarget.value)}
        />
        {wrongWay ? <span className="bad hint">The last day lies before the first.</span> : null}
      </div>
      <Button type="submit" variant="primary">
        Show these dates
      </Button>
    </form>
  )
}
