import { useState } from 'react'
import type { ErrorView } from '../../../shared/contract/errors.ts'
import type { ConnectionView } from '../../../shared/contract/schemas.ts'
import type { SyncInterval, SyncSchedule } from '../../../shared/domain/sync-schedule.ts'
import { formatExact, formatMoment } from '../../lib/format/index.ts'
import { waitReason } from '../../lib/wait-reason.ts'
import { useApp } from '../../state/app.ts'
import { useNow } from '../../state/clock.ts'
import { errorViewOf } from '../../state/failure.ts'
import { dataOf } from '../../state/remote.ts'
import { setSchedule } from '../../state/schedules.ts'
import { CheckField } from '../../ui/fields.tsx'
import { ErrorNote } from '../../ui/notes.tsx'
import { Segments } from '../../ui/Segments.tsx'

const EVERY: readonly { readonly value: SyncInterval; readonly label: string }[] = [
  { value: 'manual', label: 'By hand' },
  { value: '15m', label: '15 minutes' },
  { value: 'hourly', label: 'Hourly' },
  { value: 'daily', label: 'Daily' },
]

/** When one connection syncs by itself; a choice counts at once. */
export function ScheduleForm({ connection }: { readonly connection: ConnectionView }) {
  const { schedule } = connection
  const [error, setError] = useState<ErrorView | null>(null)
  async function set(change: Partial<SyncSchedule>) {
    setError(null)
    try {
      await setSchedule(connection.id, { ...schedule, ...change })
    } catch (failure) {
      setError(errorViewOf(failure))
    }
  }
  const manual = schedule.every === 'manual'
  return (
    <div className="stack">
      <div>
        <Segments label="Syncs by itself" value={schedule.every} options={EVERY} onChange={every => void set({ every })} />
      </div>
      <CheckField
        id={`market-${connection.id}`}
        label="Only while its market trades"
        hint={schedule.every === 'daily' ? 'On trading days only.' : 'And once after the close, for the day’s final figures.'}
        checked={schedule.marketHours}
        disabled={manual}
        onChange={marketHours => void set({ marketHours })}
      />
      <NextRun connection={connection} />
      {error ? <ErrorNote error={error} /> : null}
    </div>
  )
}

function NextRun({ connection }: { readonly connection: ConnectionView }) {
  const { schedule, nextSyncAt, state } = connection
  const now = useNow(10)
  const plan = useApp(found => dataOf(found.schedule))
  if (schedule.every === 'manual') return <p className="stamp">It syncs only when you ask for it. Its sign-in is renewed all the same.</p>
  if (plan?.paused) return <p className="stamp">Background sync is paused, so nothing is planned.</p>
  if (state.kind === 'needs-sign-in') return <p className="stamp">Nothing is planned until you sign in.</p>
  if (nextSyncAt === null) return <p className="stamp">Nothing is planned yet.</p>
  const why = waitReason({ nextAt: nextSyncAt, quiet: plan?.quiet ?? null, connections: [connection] }, now)
  const outside = why === null && plan?.quiet ? ', outside the quiet hours' : ''
  return (
    <p className="stamp" title={formatExact(nextSyncAt)}>
      {`Next run ${formatMoment(nextSyncAt, now)}${why ? `: ${why}` : outside}.`}
    </p>
  )
}
