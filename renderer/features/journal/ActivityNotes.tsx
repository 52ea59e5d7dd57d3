import type { ActivityRow } from '../../../shared/contract/schemas.ts'
import { useTrip } from '../../state/trip.ts'
import { SubjectNotes } from './SubjectNotes.tsx'

/** The notes about a row of history: those of its round trip where it belongs to one. */
export function ActivityNotes({ activity: { id, tradeDate, symbol } }: { readonly activity: ActivityRow }) {
  const known = useTrip(state => (state.activityId === id ? state.ofActivity : null))
  // Until it is known what it belongs to, its notes are nobody's.
  if (known === null || known.status === 'loading' || known.status === 'idle') return null
  const trip = known.status === 'ready' ? known.data?.trip : undefined
  const subject = trip ? ({ kind: 'trip', tripId: trip.id } as const) : ({ kind: 'activity', activityId: id } as const)
  return <SubjectNotes subject={subject} day={tradeDate} symbol={symbol} />
}
