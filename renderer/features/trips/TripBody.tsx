import { useEffect } from 'react'
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
import { useNow } from '../../state/clock.ts'
import { accountIndex, useConnections } from '../../state/connections.ts'
import { refreshLedgerStatus, useLedger } from '../../state/ledger.ts'
import { dataOf } from '../../state/remote.ts'
import { go } from '../../state/route.ts'
import { setFilter } from '../../state/history.ts'
import type { TripDetail } from '../../state/trip.ts'
import { EnvBadge } from '../../ui/badges.tsx'
import { Button } from '../../ui/Button.tsx'
import { ScrollTable } from '../../ui/ScrollTable.tsx'
import { tripStamp } from './stamp.ts'
import { TripFacts } from './TripFacts.tsx'

/** A round trip: its result, every fill with what it did, the lots that were closed, and washes. */
export function TripBody({ detail }: { readonly detail: TripDetail }) {
  const { trip, fills, realizations } = detail
  const place = accountIndex(useConnections(state => state.list)).get(trip.accountId)
  return (
    <div className="stack-l trip">
      {place ? (
        <div className="row between">
          <span className="sub">{`${place.account.name} ${place.account.maskedNumber}`}</span>
          <EnvBadge environment={place.connection.environment} />
        </div>
      ) : null}
      <TripFacts detail={detail} />
      <Stamp detail={detail} />
      {trip.tags.length > 0 ? (
        <p className="row wrap">
          {trip.tags.map(tag => (
            <span key={tag} className="tag">
              {tag}
            </span>
          ))}
        </p>
      ) : null}
      <section className="stack sub-table narrows" aria-label="Fills">
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

/** How old what is said here is. */
export function Stamp({ detail: { trip } }: { readonly detail: TripDetail }) {
  const connection = accountIndex(useConnections(state => state.list)).get(trip.accountId)?.connection
  const computedAt = useLedger(state => dataOf(state.status)?.computedAt ?? null)
  const now = useNow(30)
  useEffect(() => void refreshLedgerStatus(), [trip.id])
  const text = connection ? tripStamp({ computedAt, connection, accountId: trip.accountId }, now) : ''
  return text === '' ? null : <p className="stamp">{text}</p>
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
            <th scope="col" className="tight-part">
              What
            </th>
            <th scope="col" className="r tight-part">
              Price
            </th>
            <th scope="col" className="r tight-part">
              Fees
            </th>
            <th scope="col" className="r tight-part">
              Held after
            </th>
            <th scope="col" className="r">
              Realised
            </th>
          </tr>
        </thead>
        <tbody>
          {fills.map((fill, index) => (
            <Fill key={fill.activityId ?? `${fill.day} ${index}`} fill={fill} currency={currency} />
          ))}
        </tbody>
      </table>
    </ScrollTable>
  )
}

/** One fill; what a narrow drawer has no column for stands below its time and its result. */
function Fill({ fill, currency }: { readonly fill: TripDetail['fills'][number]; readonly currency: string }) {
  const what = `${fill.side ? sideWord(fill.side) : humanWord(fill.kind)} ${formatQuantity(Dec.abs(fill.quantity))}`
  const price = fill.price === null ? 'unknown' : formatPrice(fill.price)
  const fees = Dec.isZero(fill.fees) ? '—' : formatMoney(fill.fees, currency)
  const held = formatQuantity(fill.positionAfter)
  return (
    <tr>
      <th scope="row" title={fill.at ? formatExact(fill.at) : 'The broker states the day only'}>
        {formatDate(fill.day)}
        {fill.at ? <span className="stamp">{` ${formatClock(fill.at)}`}</span> : null}
        <div className="under-tight-part">{fill.price === null ? `${what}, price unknown` : `${what} at ${price}`}</div>
      </th>
      <td className="tight-part">{what}</td>
      <td className="r tight-part">{price}</td>
      <td className="r tight-part">{fees}</td>
      <td className="r tight-part">{held}</td>
      <td className="r">
        <span className={toneOf(fill.realized)}>
          {fill.realized === null ? '—' : formatMoney(fill.realized, currency, { sign: 'always' })}
        </span>
        {Dec.isZero(fill.fees) ? null : <div className="under-tight-part stamp">{`Fees ${fees}`}</div>}
        <div className="under-tight-part stamp">{`Held after ${held}`}</div>
      </td>
    </tr>
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
    <section className="stack sub-table narrows" aria-label="Closed lots">
      <h3>{plural(realizations.length, 'closed lot')}</h3>
      <ScrollTable label="Table of closed lots">
        <table>
          <thead>
            <tr>
              <th scope="col">Opened</th>
              {brief ? null : (
                <th scope="col" className="tight-part">
                  Closed
                </th>
              )}
              {['Quantity', 'Cost', ...(brief ? [] : ['Proceeds']), 'Result'].map(word => (
                <th key={word} scope="col" className={word === 'Result' || brief ? 'r' : 'r tight-part'}>
                  {word}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {realizations.map(one => (
              <Closed key={`${one.openKey} ${one.closeKey}`} one={one} brief={brief} />
            ))}
          </tbody>
        </table>
      </ScrollTable>
      <Washes realizations={realizations} />
    </section>
  )
}

function Closed({ one, brief }: { readonly one: RealizationView; readonly brief: boolean }) {
  const cost = formatKnown(one.cost, one.currency)
  const proceeds = formatKnown(one.proceeds, one.currency)
  const hides = brief ? '' : ' tight-part'
  return (
    <tr>
      <th scope="row">
        {formatDate(one.openDay)}
        {brief ? null : (
          <>
            <div className="under-tight-part">{`to ${formatDate(one.closeDay)}`}</div>
            <div className="under-tight-part stamp">{`Quantity ${formatQuantity(one.quantity)}`}</div>
          </>
        )}
      </th>
      {brief ? null : <td className="tight-part">{formatDate(one.closeDay)}</td>}
      <td className={`r${hides}`}>{formatQuantity(one.quantity)}</td>
      <td className={`r${hides}`}>{cost}</td>
      {brief ? null : <td className="r tight-part">{proceeds}</td>}
      <td className="r">
        <span className={toneOf(one.pnl)}>{formatChange(one.pnl, one.currency)}</span>
        {brief ? null : (
          <>
            <div className="under-tight-part stamp">{`Cost ${cost}`}</div>
            <div className="under-tight-part stamp">{`Proceeds ${proceeds}`}</div>
          </>
        )}
      </td>
    </tr>
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
