import { type FormEvent, useState } from 'react'
import type { ErrorView } from '../../../shared/contract/errors.ts'
import { isQuietHours, type QuietHours } from '../../../shared/domain/sync-schedule.ts'
import { errorViewOf } from '../../state/failure.ts'
import { setQuietHours } from '../../state/schedules.ts'
import { Button } from '../../ui/Button.tsx'
import { CheckField, SelectField, TimeField } from '../../ui/fields.tsx'
import { ErrorNote } from '../../ui/notes.tsx'

const USUAL = { from: '22:00', to: '07:00' }

/** Hours of each day in which nothing syncs by itself. */
export function QuietHoursSetting({ quiet }: { readonly quiet: QuietHours | null }) {
  const [draft, setDraft] = useState<QuietHours | null>(quiet)
  const [saving, setSaving] = useState(false)
  const [error, setError] = useState<ErrorView | null>(null)
  const wrong = draft !== null && !isQuietHours(draft)
  const changed = JSON.stringify(draft) !== JSON.stringify(quiet)
  async function save(next: QuietHours | null) {
    setSaving(true)
    setError(null)
    try {
      await setQuietHours(next)
    } catch (failure) {
      setError(errorViewOf(failure))
    }
    setSaving(false)
  }
  const submit = (event: FormEvent) => {
    event.preventDefault()
    if (draft !== null && !wrong && !saving) void save(draft)
  }
  const toggle = (on: boolean) => {
    const next = on ? { ...USUAL, zone: ownZone() } : null
    setDraft(next)
    if (next === null && quiet !== null) void save(null)
  }
  return (
    <form className="stack" onSubmit={submit}>
      <CheckField
        id="quiet-on"
        label="Quiet hours"
        hint="Nothing syncs by itself in them. Sign-ins are renewed all the same."
        checked={draft !== null}
        onChange={toggle}
      />
      {draft ? (
        <>
          <div className="field-grid quiet">
            <TimeField id="quiet-from" label="From" value={draft.from} onChange={from => setDraft({ ...draft, from })} />
            <TimeField
              id="quiet-to"
              label="To"
              value={draft.to}
              problem={draft.from === draft.to ? 'Two different times.' : undefined}
              onChange={to => setDraft({ ...draft, to })}
            />
            <SelectField
              id="quiet-zone"
              label="Time zone"
              value={draft.zone}
              options={zones(draft.zone)}
              onChange={zone => setDraft({ ...draft, zone })}
            />
          </div>
          <div>
            <Button type="submit" busy={saving} disabled={wrong || !changed}>
              {changed ? 'Save quiet hours' : 'Saved'}
            </Button>
          </div>
        </>
      ) : null}
      {error ? <ErrorNote error={error} /> : null}
    </form>
  )
}

function ownZone(): string {
  return new Intl.DateTimeFormat().resolvedOptions().timeZone
}

function zones(own: string): { value: string; label: string }[] {
  const names = [...new Set([own, 'America/New_York', ...Intl.supportedValuesOf('timeZone')])]
  return names.map(name => ({ value: name, label: name.replaceAll('_', ' ') }))
}
