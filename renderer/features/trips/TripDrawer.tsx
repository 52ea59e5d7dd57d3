import { type ReactNode, useEffect } from 'react'
import type { TripView } from '../../../shared/contract/ledger.ts'
import { instrumentLine } from '../../lib/format/index.ts'
import { useNow } from '../../state/clock.ts'
import { dataOf } from '../../state/remote.ts'
import { closeTrip, openTrip, useTrip } from '../../state/trip.ts'
import { Drawer } from '../../ui/Dialog.tsx'
import { Part } from '../../ui/Part.tsx'
import { TripBody } from './TripBody.tsx'

interface DrawerProps {
  /** What the user wrote about it. */
  readonly notes: (trip: TripView) => ReactNode
}

/** The open round trip in full. */
export function TripDrawer({ notes }: DrawerProps) {
  const openId = useTrip(state => state.openId)
  const detail = useTrip(state => state.detail)
  const trip = dataOf(detail)?.trip
  const now = useNow(30)
  useEffect(() => closeTrip, [])
  return (
    <Drawer
      open={openId !== null}
      title={trip ? `${instrumentLine(trip.symbol)}, round trip` : 'Round trip'}
      onClose={closeTrip}
      size={520}
    >
      <Part
        of={detail}
        now={now}
        label="Loading the round trip"
        heights={[18, 18, 18, 18, 120]}
        onRetry={() => void (openId === null ? undefined : openTrip(openId))}
      >
        {data => (
          <div className="stack-l">
            <TripBody detail={data} />
            {notes(data.trip)}
          </div>
        )}
      </Part>
    </Drawer>
  )
}
