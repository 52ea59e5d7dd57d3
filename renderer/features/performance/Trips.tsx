import type { KeyboardEvent } from 'react'
import type { TripView } from '../../../shared/contract/ledger.ts'
import { Dec } from '../../../shared/domain/decimal.ts'
import { formatDate, formatInstrument, formatMoney, formatPrice, formatQuantity, toneOf } from '../../lib/format/index.ts'
import { useNow } from '../../state/clock.ts'
import { accountIndex, useConnections } from '../../state/connections.ts'
import { readMoreTrips, refreshPart, setTripFilter, type TripFilter, type TripRows, usePerformance } from '../../state/performance.ts'
import { openTrip, useTrip } from '../../state/trip.ts'
import { BrokerMark } from '../../ui/badges.tsx'
import { Button } from '../../ui/Button.tsx'
import { OptionChip } from '../../ui/FilterChip.tsx'
import { Part } from '../../ui/Part.tsx'
import { ScrollTable } from '../../ui/ScrollTable.tsx'

/** Every round trip, from flat to flat, newest first. */
export function Trips() {
  const trips = usePerformance(state => state.trips)
  const now = useNow(30)
  return (
    <section className="panel part" aria-label="Round trips" id="trips">
      <div className="row between wrap panel-head">
        <h2>Round trips</h2>
        <TripChips />
      </div>
      <div className="part-body">
        <Part of={trips} now={now} label="Loading the round trips" heights={[22, 22, 22, 22, 22]} onRetry={() => void refreshPart.trips()}>
          {data => <Table data={data} />}
        </Part>
      </div>
    </section>
  )
}

const STATES = [
  { value: 'open', label: 'Open' },
  { value: 'closed', label: 'Closed' },
] as const
const OUTCOMES = [
  { value: 'win', label: 'Won' },
  { value: 'loss', label: 'Lost' },
] as const

function TripChips() {
  const filter = usePerformance(state => state.tripFilter)
  const { state, outcome, day, ...none } = filter
  const put = (next: { [K in keyof TripFilter]: TripFilter[K] | undefined }) => {
    const known = { state, outcome, day, ...none, ...next }
    void setTripFilter({
      ...(known.state ? { state: known.state } : {}),
      ...(known.outcome ? { outcome: known.outcome } : {}),
      ...(known.day ? { day: known.day } : {}),
    })
  }
  return (
    <span className="row wrap">
      {day ? (
        <button type="button" className="chip on" aria-label={`Clear the day ${formatDate(day)}`} onClick={() => put({ day: undefined })}>
          {formatDate(day)} ×
        </button>
      ) : null}
      <OptionChip
        label="Open or closed"
        value={STATES.find(({ value }) => value === state)?.label ?? null}
        selected={state ? [state] : []}
        options={STATES}
        onChange={([value]) => put({ state: STATES.find(one => one.value === value)?.value })}
        onClear={() => put({ state: undefined })}
      />
      <OptionChip
        label="Won or lost"
        value={OUTCOMES.find(({ value }) => value === outcome)?.label ?? null}
        selected={outcome ? [outcome] : []}
        options={OUTCOMES}
        onChange={([value]) => put({ outcome: OUTCOMES.find(one => one.value === value)?.value })}
        onClear={() => put({ outcome: undefined })}
      />
    </span>
  )
}

const HEADS = ['Quantity', 'Entry', 'Exit', 'Result'] as const

function Table({ data }: { readonly data: TripRows }) {
  const more = usePerformance(state => state.more)
  const index = accountIndex(useConnections(state => state.list))
  const openId = useTrip(state => state.openId)
  if (data.rows.length === 0)
    return <p className="sub panel-pad">No round trip fits. One begins with the first fill that opens a position.</p>
  return (
    <>
      <ScrollTable label="Table of round trips">
        <table className="grid trips-grid">
          <thead>
            <tr>
              <th scope="col" className="plain">
                Instrument
              </th>
              <th scope="col" className="plain wide-only-cell">
                Account
              </th>
              <th scope="col" className="plain mid-cell">
                Opened
              </th>
              <th scope="col" className="plain">
                Closed
              </th>
              {HEADS.map(word => (
                <th key={word} scope="col" className={`plain r ${word === 'Result' ? '' : 'wide-only-cell'}`}>
                  {word}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {data.rows.map(trip => (
              <TripLine key={trip.id} trip={trip} place={index.get(trip.accountId)} isShown={trip.id === openId} />
            ))}
          </tbody>
        </table>
      </ScrollTable>
      {more.status === 'failed' ? <p className="bad">{more.error.message}</p> : null}
      {data.next === null ? null : (
        <Button busy={more.status === 'loading'} onClick={() => void readMoreTrips()}>
          Show more
        </Button>
      )}
    </>
  )
}

interface LineProps {
  readonly trip: TripView
  readonly place: ReturnType<ReturnType<typeof accountIndex>['get']>
  readonly isShown: boolean
}

function TripLine({ trip, place, isShown }: LineProps) {
  const { symbol, terms } = formatInstrument(trip.symbol)
  return (
    <tr className={isShown ? 'sel' : undefined}>
      <th scope="row">
        <button type="button" className="link" data-trip={trip.id} onClick={() => void openTrip(trip.id)} onKeyDown={moveAmongTrips}>
          <span className="sym">{symbol}</span>
          {terms ? <span className="opt">{terms}</span> : null}
        </button>
        <span className="tag">{trip.direction}</span>
        {trip.hasWash ? <span className="tag warn">wash</span> : null}
        {trip.tags.map(tag => (
          <span key={tag} className="tag">
            {tag}
          </span>
        ))}
      </th>
      <td className="wide-only-cell">
        {place ? (
          <span className="who">
            <BrokerMark broker={place.connection.broker} small />
            <span className="clip" title={place.account.name}>{`${shortMask(place.account.maskedNumber)} ${place.account.name}`}</span>
          </span>
        ) : (
          'An account'
        )}
      </td>
      <td className="mid-cell">{formatDate(trip.openDay)}</td>
      <td>{trip.closeDay === null ? <span className="tag">open</span> : formatDate(trip.closeDay)}</td>
      <td className="r wide-only-cell">{formatQuantity(trip.quantity)}</td>
      <td className="r wide-only-cell">{trip.averageEntry === null ? 'unknown' : formatPrice(Dec.round(trip.averageEntry, 4))}</td>
      <td className="r wide-only-cell">
        {trip.averageExit === null ? (trip.isOpen ? '—' : 'unknown') : formatPrice(Dec.round(trip.averageExit, 4))}
      </td>
      <td className={`r ${toneOf(trip.realized)}`}>
        {trip.realized === null ? 'unknown' : formatMoney(trip.realized, trip.currency, { sign: 'always' })}
      </td>
    </tr>
  )
}

function shortMask(masked: string): string {
  return masked.replace(/•{3,}/, '••')
}

const STEPS: Readonly<Record<string, number>> = { ArrowDown: 1, ArrowUp: -1, Home: -Infinity, End: Infinity }

/** Arrows lead from one round trip to the next. */
function moveAmongTrips(event: KeyboardEvent<HTMLElement>) {
  const step = STEPS[event.key]
  if (step === undefined || event.ctrlKey || event.metaKey) return
  const all = [...(event.currentTarget.closest('tbody')?.querySelectorAll<HTMLElement>('[data-trip]') ?? [])]
  event.preventDefault()
  all[Math.min(all.length - 1, Math.max(0, all.indexOf(event.currentTarget) + step))]?.focus()
}
