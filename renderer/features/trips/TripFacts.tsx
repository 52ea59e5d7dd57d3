import { Dec } from '../../../shared/domain/decimal.ts'
import { formatChange, formatDate, formatFees, formatMoney, formatPrice, formatQuantity, plural, toneOf } from '../../lib/format/index.ts'
import { isUntouched } from '../../lib/untouched.ts'
import type { TripDetail } from '../../state/trip.ts'

type Fact = readonly [name: string, value: string, tone?: string]

/** What a round trip comes to. */
export function TripFacts({ detail }: { readonly detail: TripDetail }) {
  return (
    <dl className="facts">
      {factsOf(detail).map(([name, value, tone]) => (
        <div key={name} style={{ display: 'contents' }}>
          <dt>{name}</dt>
          <dd className={`num ${tone ?? ''}`}>{value}</dd>
        </div>
      ))}
    </dl>
  )
}

function factsOf({ trip, excursion }: TripDetail): Fact[] {
  const { currency } = trip
  const money = (value: Dec | null, unknown: string): [string, string] =>
    value === null ? [unknown, ''] : [formatMoney(value, currency, { sign: 'always', exact: true }), toneOf(value)]
  // By a price that was seen, not by one that was traded: its last digits tell nothing.
  const paper = (value: Dec | null): [string, string] =>
    value === null ? [excursion.because ?? 'unknown', ''] : [formatChange(value, currency), toneOf(value)]
  return [
    ['Result', ...money(isUntouched(trip) ? null : trip.realized, trip.isOpen ? 'none yet' : 'unknown')],
    ['Fees inside', formatFees(trip.fees, currency, { exact: true })],
    ['Direction', trip.direction === 'long' ? 'Long' : 'Short'],
    ['Held', trip.closeDay === null ? `since ${formatDate(trip.openDay)}` : `${formatDate(trip.openDay)} to ${formatDate(trip.closeDay)}`],
    ['Largest position', formatQuantity(trip.quantity)],
    ['Average entry', trip.averageEntry === null ? 'unknown' : `${formatPrice(Dec.round(trip.averageEntry, 6))} ${currency}`],
    [
      'Average exit',
      trip.averageExit === null ? (trip.isOpen ? 'still open' : 'unknown') : `${formatPrice(Dec.round(trip.averageExit, 6))} ${currency}`,
    ],
    ['Worst paper loss (MAE)', ...paper(excursion.adverse)],
    ['Best paper gain (MFE)', ...paper(excursion.favorable)],
    ...(excursion.samples > 0 ? [['Prices seen', plural(excursion.samples, 'price')] satisfies Fact] : []),
  ]
}
