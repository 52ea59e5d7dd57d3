import { type FormEvent, useState } from 'react'
import type { ErrorView } from '../../../shared/contract/errors.ts'
import type { ActivityRow } from '../../../shared/contract/schemas.ts'
import { errorViewOf } from '../../state/failure.ts'
import { type Override, setOverride } from '../../state/ledger.ts'
import { toast } from '../../state/toast.ts'
import { refreshVersions, type Versions } from '../../state/trip.ts'
import { Button } from '../../ui/Button.tsx'
import { CheckField, TextField } from '../../ui/fields.tsx'
import { ErrorNote } from '../../ui/notes.tsx'
import { overrideOf, type OverrideText, textOf } from './override.ts'

interface OverrideProps {
  readonly activity: ActivityRow
  readonly override: Versions['override']
}

/** What the user says about a row where its broker says it wrong. The broker's own record stays as it is. */
export function OverrideForm({ activity, override }: OverrideProps) {
  const [isOpen, setOpen] = useState(false)
  return (
    <section className="stack" aria-label="Your correction">
      {override ? (
        <p className="note info">
          <span className="grow">The ledger counts this row as you said, not as the broker did.</span>
        </p>
      ) : null}
      <div className="row">
        <Button variant="ghost" aria-expanded={isOpen} onClick={() => setOpen(!isOpen)}>
          {isOpen ? 'Correct nothing' : override ? 'Change your correction' : 'Correct it for the ledger'}
        </Button>
      </div>
      {isOpen ? <Form activity={activity} override={override} onDone={() => setOpen(false)} /> : null}
    </section>
  )
}

const FIELDS = [
  { name: 'quantity', label: 'Quantity' },
  { name: 'price', label: 'Price' },
  { name: 'fees', label: 'Fees' },
  { name: 'multiplier', label: 'Multiplier' },
] as const

function Form({ activity, override, onDone }: OverrideProps & { readonly onDone: () => void }) {
  const [text, setText] = useState<OverrideText>(() => textOf(override))
  const [busy, setBusy] = useState(false)
  const [error, setError] = useState<ErrorView | null>(null)
  const { value, problems } = overrideOf(text)
  async function save(next: Override | null) {
    setBusy(true)
    setError(null)
    try {
      await setOverride(activity.id, next)
      toast('Everything that hangs on this row is worked out again.', next === null ? 'Correction taken back' : 'Correction kept')
      await refreshVersions()
      onDone()
    } catch (failure) {
      setError(errorViewOf(failure))
      setBusy(false)
    }
  }
  const submit = (event: FormEvent) => {
    event.preventDefault()
    if (value) void save(value)
  }
  return (
    <form className="stack" onSubmit={submit}>
      <CheckField
        id="override-ignored"
        label="Leave this row out of the ledger"
        hint="It stays in the history."
        checked={text.ignored}
        onChange={ignored => setText({ ...text, ignored })}
      />
      {text.ignored || activity.kind !== 'trade' || activity.side !== 'sell' ? null : (
        <CheckField
          id="override-short"
          label="It was a short sale"
          hint="What was not held is short, and what is bought later covers it."
          checked={text.isShort}
          onChange={isShort => setText({ ...text, isShort })}
        />
      )}
      {text.ignored ? null : (
        <div className="field-pair">
          {FIELDS.map(({ name, label }) => (
            <TextField
              key={name}
              id={`override-${name}`}
              label={label}
              optional
              value={text[name]}
              problem={problems[name]}
              onChange={typed => setText({ ...text, [name]: typed })}
            />
          ))}
        </div>
      )}
      {error ? <ErrorNote error={error} /> : null}
      <div className="row wrap">
        <Button type="submit" variant="primary" busy={busy} disabled={value === null}>
          Keep the correction
        </Button>
        {override ? (
          <Button busy={busy} onClick={() => void save(null)}>
            Take it back
          </Button>
        ) : null}
      </div>
    </form>
  )
}
