import { Fragment, useMemo } from 'react'
import type { TripView } from '../../../shared/contract/ledger.ts'
import { Dec } from '../../../shared/domain/decimal.ts'
import { formatDate, formatInstrument, formatMoney, formatPrice, formatQuantity, formatRange, toneOf } from '../../lib/format/index.ts'
import { useNow } from '../../state/clock.ts'
import { accountIndex, useConnections } from '../../state/connections.ts'
import { readMoreTrips, refreshPart, setTripFilter, type TripFilter, type TripRows, usePerformance } from '../../state/performance.ts'
import { openTrip, useTrip } from '../../state/trip.ts'
import { BrokerMark } from '../../ui/badges.tsx'
import { Button } from '../../ui/Button.tsx'
import { type RowSlot, RowWindow } from '../../ui/RowWindow.tsx'
import { isUntouched } from '../../lib/untouched.ts'
import { widestOf } from '../../lib/widest.ts'
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
const COLUMNS = 8
const ROW = 39
function readOn(): void {
  if (usePerformance.getState().more.status === 'idle') void readMoreTrips()
}

function Table({ data }: { readonly data: TripRows }) {
  const more = usePerformance(state => state.more)
  const connections = useConnections(state => state.list)
  const index = useMemo(() => accountIndex(connections), [connections])
  const openId = useTrip(state => state.openId)
  const { rows } = data
  const widest = useMemo(
    () =>
      widestOf(rows, [
        row => row.symbol + row.tags.join(''),
        row => row.quantity,
        row => row.averageEntry ?? '',
        row => row.realized ?? '',
      ]),
    [rows],
  )
  // Of its own for each reading: one that was on its way when all was read anew was given up.
  const readMore = useMemo(() => (data.next === null ? undefined : () => readOn()), [data])
  if (rows.length === 0) return <p className="sub panel-pad">No round trip fits. One begins with the first fill that opens a position.</p>
  return (
    <>
      <ScrollTable label="Table of round trips" className="tall">
        <table className="grid trips-grid" aria-rowcount={data.next === null ? rows.length + 1 : -1}>
          <thead>
            <tr aria-rowindex={1}>
              <th scope="col" className="plain">
                Instrument
              </th>
              <th scope="col" className="plain wide-only-cell">
                Account
              </th>
              <th scope="col" className="plain mid-cell">
                Opened
              </th>
              <th scope="col" className="plain mid-cell">
                Closed
              </th>
              {HEADS.map(word => (
                <th key={word} scope="col" className={`plain r ${word === 'Result' ? '' : 'wide-only-cell'}`}>
                  {word}
                </th>
              ))}
            </tr>
          </thead>
          <RowWindow
            count={rows.length}
            estimate={ROW}
            columns={COLUMNS}
            widest={widest}
            keyOf={at => rows[at]?.id ?? String(at)}
            onNearEnd={readMore}
            row={(at, slot) => {
              const trip = rows[at]
              if (!trip) return <Fragment key={at} />
              return (
                <TripLine
                  key={slot.className ? `${trip.id} ${slot.className}` : trip.id}
                  trip={trip}
                  place={index.get(trip.accountId)}
                  isShown={trip.id === openId}
                  slot={slot}
                />
              )
            }}
          />
        </table>
      </ScrollTable>
      {more.status === 'failed' ? (
        <p className="bad">
          {more.error.message} <Button onClick={() => void readMoreTrips()}>Try again</Button>
        </p>
      ) : null}
    </>
  )
}

interface LineProps {
  readonly trip: TripView
  readonly place: ReturnType<ReturnType<typeof accountIndex>['get']>
  readonly isShown: boolean
  readonly slot: RowSlot
}

function TripLine({ trip, place, isShown, slot }: LineProps) {
  const { symbol, terms } = formatInstrument(trip.symbol)
  return (
    <tr {...slot} className={`${slot.className ?? ''} ${isShown ? 'sel' : ''}`}>
      <th scope="row">
        <button type="button" className="link" data-trip={trip.id} data-move="" onClick={() => void openTrip(trip.id)}>
          <span className="sym">{symbol}</span>
          {terms ? <span className="opt">{terms}</span> : null}
        </button>
        {trip.direction === 'short' ? <span className="tag">short</span> : null}
        {trip.hasWash ? <span className="tag warn">wash</span> : null}
        {trip.tags.map(tag => (
          <span key={tag} className="tag">
            {tag}
          </span>
        ))}
        <div className="under-mid stamp">
          <Where place={place} />
        </div>
        <div className="under-slim stamp">{daysWords(trip)}</div>
      </th>
      <td className="wide-only-cell">
        <Where place={place} />
      </td>
      <td className="mid-cell">{formatDate(trip.openDay)}</td>
      <td className="mid-cell">{trip.closeDay === null ? <span className="sub">open</span> : formatDate(trip.closeDay)}</td>
      <td className="r wide-only-cell">{formatQuantity(trip.quantity)}</td>
      <td className="r wide-only-cell">{trip.averageEntry === null ? 'unknown' : formatPrice(Dec.round(trip.averageEntry, 4))}</td>
      <td className="r wide-only-cell">
        {trip.averageExit === null ? (trip.isOpen ? '—' : 'unknown') : formatPrice(Dec.round(trip.averageExit, 4))}
      </td>
      <td className={`r ${toneOf(trip.realized)}`}>
        {trip.realized === null ? 'unknown' : isUntouched(trip) ? '—' : formatMoney(trip.realized, trip.currency, { sign: 'always' })}
      </td>
    </tr>
  )
}

function daysWords({ openDay, closeDay }: TripView): string {
  return closeDay === null ? `Open since ${formatDate(openDay)}` : formatRange(openDay, closeDay)
}

function Where({ place }: Pick<LineProps, 'place'>) {
  if (!place) return 'An account'
  const { broker } = place.connection
  return (
    <span className="who">
      <BrokerMark broker={broker} small />
      <span className="clip" title={place.account.name}>{`${shortMask(place.account.maskedNumber)} ${place.account.name}`}</span>
    </span>
  )
}

function shortMask(masked: string): string {
  return masked.replace(/•{3,}/, '••')
}
