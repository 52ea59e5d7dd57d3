import { useEffect, useState } from 'react'
import type { ActivityRow } from '../../../shared/contract/schemas.ts'
import { formatMoney, plural, toneOf } from '../../lib/format/index.ts'
import { Dec } from '../../../shared/domain/decimal.ts'
import { useNow } from '../../state/clock.ts'
import { closeFill, openFill, refreshTripOf, refreshVersions, type TripDetail, useTrip } from '../../state/trip.ts'
import { Button } from '../../ui/Button.tsx'
import { Part } from '../../ui/Part.tsx'
import { OverrideForm } from './OverrideForm.tsx'
import { PicksForm } from './PicksForm.tsx'
import { ClosedLots, Stamp } from './TripBody.tsx'
import { TripFacts } from './TripFacts.tsx'
import { VersionList } from './VersionList.tsx'

/** What the ledger makes of one row of history: its round trip, the lots it closed, its earlier states, and what the user says about it. */
export function FillLedger({ activity }: { readonly activity: ActivityRow }) {
  const { id } = activity
  const ofActivity = useTrip(state => state.ofActivity)
  const versions = useTrip(state => state.versions)
  const now = useNow(30)
  useEffect(() => {
    void openFill(id)
    return closeFill
  }, [id])
  return (
    <div className="stack-l">
      <Part of={ofActivity} now={now} label="Reading the round trip" heights={[18, 18]} onRetry={() => void refreshTripOf()}>
        {data => (data === null ? <NoTrip activity={activity} /> : <InTrip detail={data} activity={activity} />)}
      </Part>
      <Part of={versions} now={now} label="Reading earlier states" heights={[18]} onRetry={() => void refreshVersions()}>
        {data => (
          <>
            <VersionList versions={data.versions} currency={activity.currency} />
            <OverrideForm key={`${id} ${JSON.stringify(data.override)}`} activity={activity} override={data.override} />
          </>
        )}
      </Part>
    </div>
  )
}

function NoTrip({ activity }: { readonly activity: ActivityRow }) {
  return activity.kind === 'trade' ? <p className="stamp">It is part of no round trip yet. Lots are worked out soon after a sync.</p> : null
}

function InTrip({ detail, activity }: { readonly detail: TripDetail; readonly activity: ActivityRow }) {
  const [isOpen, setOpen] = useState(false)
  const { trip, fills } = detail
  const closed = detail.realizations.filter(({ closeId }) => closeId === activity.id)
  const known = closed.flatMap(({ pnl }) => (pnl === null ? [] : [pnl]))
  const realised = closed.length > 0 && known.length === closed.length ? Dec.sum(known) : null
  return (
    <section className="stack" aria-label="Round trip of this row">
      <h3>Ledger</h3>
      <dl className="facts">
        {closed.length > 0 ? (
          <>
            <dt>Realised</dt>
            <dd className={`num ${toneOf(realised)}`}>
              {realised === null ? 'unknown' : formatMoney(realised, trip.currency, { sign: 'always', exact: true })}
            </dd>
            <dt>Closed lots</dt>
            <dd className="num">{closed.length}</dd>
          </>
        ) : null}
        <dt>Round trip</dt>
        <dd>{`${trip.direction}, ${plural(fills.length, 'fill')}, ${trip.isOpen ? 'open' : 'closed'}`}</dd>
      </dl>
      <div className="row wrap">
        <Button aria-expanded={isOpen} onClick={() => setOpen(!isOpen)}>
          {isOpen ? 'Hide the round trip' : 'Round trip'}
        </Button>
      </div>
      {isOpen ? (
        <>
          <TripFacts detail={detail} />
          <Stamp detail={detail} />
        </>
      ) : null}
      <ClosedLots realizations={isOpen ? detail.realizations : closed} brief={!isOpen} />
      {closed.length > 0 ? <PicksForm key={activity.id} activity={activity} closed={closed} /> : null}
    </section>
  )
}
