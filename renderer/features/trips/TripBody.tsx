import type { RealizationView } from '../../../shared/contract/ledger.ts'
import { Dec } from '../../../shared/domain/decimal.ts'
import {
  formatChange,
  formatClock,
  formatDate,
  formatExact,
  formatKnown,
  formatMoney,
  formatPrice,
  formatQuantity,
  humanWord,
  plural,
  sideWord,
  toneOf,
  ZONE_NAME,
} from '../../lib/format/index.ts'
import { accountIndex, useConnections } from '../../state/connections.ts'
import { go } from '../../state/route.ts'
import { setFilter } from '../../state/history.ts'
import type { TripDetail } from '../../state/trip.ts'
import { EnvBadge } from '../../ui/badges.tsx'
import { Button } from '../../ui/Button.tsx'
import { ScrollTable } from '../../ui/ScrollTable.tsx'
import { TripFacts } from './TripFacts.tsx'

/** A round trip: its result, every fill with what it did, the lots that were closed, and washes. */
export function TripBody({ detail }: { readonly detail: TripDetail }) {
  const { trip, fills, realizations } = detail
  const place = accountIndex(useConnections(state => state.list)).get(trip.accountId)
  return (
    <div className="stack-l trip">
      {place ? (
        <div className="row between">
          <span className="sub clip">{`${place.account.name} ${place.account.maskedNumber}`}</span>
          <EnvBadge environment={place.connection.environment} />
        </div>
      ) : null}
      <TripFacts detail={detail} />
      {trip.tags.length > 0 ? (
        <p className="row wrap">
          {trip.tags.map(tag => (
            <span key={tag} className="tag">
              {tag}
            </span>
          ))}
        </p>
      ) : null}
      <section className="stack sub-table" aria-label="Fills">
        <h3>{plural(fills.length, 'fill')}</h3>
        <FillTable fills={fills} currency={trip.currency} />
      </section>
      <ClosedLots realizations={realizations} />
      <div className="row wrap">
        <Button
          icon="history"
          onClick={() => {
            void setFilter({ accountId: trip.accountId, symbol: trip.symbol })
            go('history')
          }}
        >
          Its history
        </Button>
      </div>
    </div>
  )
}

interface FillProps {
  readonly fills: TripDetail['fills']
  readonly currency: string
}

function FillTable({ fills, currency }: FillProps) {
  return (
    <ScrollTable label="Table of fills">
      <table>
        <thead>
          <tr>
            <th scope="col">{`Time ${ZONE_NAME}`}</th>
            <th scope="col">What</th>
            <th scope="col" className="r">
              Price
            </th>
            <th scope="col" className="r">
              Fees
            </th>
            <th scope="col" className="r">
              Held after
            </th>
            <th scope="col" className="r">
              Realised
            </th>
          </tr>
        </thead>
        <tbody>
          {fills.map((fill, index) => (
            <tr key={fill.activityId ?? `${fill.day} ${index}`}>
              <th scope="row" title={fill.at ? formatExact(fill.at) : 'The broker states the day only'}>
                {formatDate(fill.day)}
                {fill.at ? <span className="stamp">{` ${formatClock(fill.at)}`}</span> : null}
              </th>
              <td>{`${fill.side ? sideWord(fill.side) : humanWord(fill.kind)} ${formatQuantity(Dec.abs(fill.quantity))}`}</td>
              <td className="r">{fill.price === null ? 'unknown' : formatPrice(fill.price)}</td>
              <td className="r">{formatMoney(fill.fees, currency)}</td>
              <td className="r">{formatQuantity(fill.positionAfter)}</td>
              <td className={`r ${toneOf(fill.realized)}`}>
                {fill.realized === null ? '—' : formatMoney(fill.realized, currency, { sign: 'always' })}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </ScrollTable>
  )
}

interface ClosedProps {
  readonly realizations: readonly RealizationView[]
  /** Of one closing: its day and proceeds stand above it. */
  readonly brief?: boolean
}

/** Which lots were closed by what, and what each made. */
export function ClosedLots({ realizations, brief = false }: ClosedProps) {
  if (realizations.length === 0) return null
  return (
    <section className="stack sub-table" aria-label="Closed lots">
      <h3>{plural(realizations.length, 'closed lot')}</h3>
      <ScrollTable label="Table of closed lots">
        <table>
          <thead>
            <tr>
              <th scope="col">Opened</th>
              {brief ? null : <th scope="col">Closed</th>}
              {['Quantity', 'Cost', ...(brief ? [] : ['Proceeds']), 'Result'].map(word => (
                <th key={word} scope="col" className="r">
                  {word}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {realizations.map(one => (
              <tr key={`${one.openKey} ${one.closeKey}`}>
                <th scope="row">{formatDate(one.openDay)}</th>
                {brief ? null : <td>{formatDate(one.closeDay)}</td>}
                <td className="r">{formatQuantity(one.quantity)}</td>
                <td className="r">{formatKnown(one.cost, one.currency)}</td>
                {brief ? null : <td className="r">{formatKnown(one.proceeds, one.currency)}</td>}
                <td className={`r ${toneOf(one.pnl)}`}>{formatChange(one.pnl, one.currency)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </ScrollTable>
      <Washes realizations={realizations} />
    </section>
  )
}

/** Losses that may not count, because the same was bought again. */
function Washes({ realizations }: Pick<ClosedProps, 'realizations'>) {
  const washes = realizations.flatMap(({ openKey, closeKey, wash, currency, closeDay }) =>
    wash ? [{ key: `${openKey} ${closeKey}`, wash, currency, closeDay }] : [],
  )
  return washes.map(({ key, wash, currency, closeDay }) => (
    <p key={key} className="note warn">
      <span>
        {`Up to ${formatMoney(wash.disallowed, currency)} of the loss of ${formatDate(closeDay)} may be disallowed as a wash sale: bought again on ${wash.replacements
          .map(({ day, quantity }) => `${formatDate(day)} (${formatQuantity(quantity)})`)
          .join(', ')}. A flag, not tax advice.`}
      </span>
    </p>
  ))
}
