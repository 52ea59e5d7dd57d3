import { Dec } from '../../../../shared/domain/decimal.ts'
import { closeMs } from '../calendar.ts'
import type { AccountDesk } from '../desks.ts'
import { cashOf, priceNow, valueCents } from '../history.ts'
import { centsOf } from '../instrument.ts'
import { movementsOf, realizedOn } from '../own-book.ts'
import type { Moving } from '../own-book.ts'
import type { Holding } from '../story.ts'
import type { TastyIdentity } from './customers.ts'
import { ESTIMATE_OFF } from './rows.ts'
import { amount, dayAt, instrumentType, signed, stamp, symbolOf, underlyingOf } from './wire.ts'

export type TastyDesk = AccountDesk<TastyIdentity>

/** One row of the accounts list. */
export function tastyAccount({ number, nickname, typeName, margin, closed }: TastyIdentity): object {
  const account = {
    'account-number': number,
    'external-id': `A000${number.slice(-5)}`,
    'opened-at': '2021-03-26T18:31:41.070+00:00',
    nickname,
    'account-type-name': typeName,
    'day-trader-status': false,
    'is-closed': closed,
    'is-firm-error': false,
    'is-firm-proprietary': false,
    'is-futures-approved': false,
    'is-test-drive': false,
    'margin-or-cash': margin ? 'Margin' : 'Cash',
    'is-foreign': false,
    'funding-date': '2021-04-07',
    'investment-objective': 'GROWTH',
    'suitable-options-level': margin ? 'No Restrictions' : 'Covered And Cash Secured',
    'created-at': '2021-03-26T18:31:41.078+00:00',
  }
  return { account, 'authority-level': 'owner' }
}

/** Cash as the rows tell it today: fees that are still estimates count as they are shown. */
export function tastyCash({ account }: TastyDesk, nowMs: number): Dec {
  const today = dayAt(nowMs)
  const estimates = account.story.entries.filter(({ kind, day }) => kind === 'fill' && day >= today).length
  return Dec.sub(cashOf(account), Dec.mul(ESTIMATE_OFF, Dec.of(String(estimates))))
}

/** What an entry changed the cash by as its row tells it: a fee that is still an estimate is a cent too high. */
export function tastyNet(entry: Moving, nowMs: number): Dec {
  return entry.kind === 'fill' && entry.day >= dayAt(nowMs) ? Dec.sub(entry.net, ESTIMATE_OFF) : entry.net
}

/** What an account is worth and can buy. */
export function tastyBalances(desk: TastyDesk, nowMs: number): object {
  const { market } = desk.history
  const holdings = [...desk.account.story.holdings.values()]
  const sum = (option: boolean, short: boolean): Dec =>
    centsOf(
      holdings
        .filter(({ instrument, qty }) => (instrument.contract !== null) === option && Dec.isNegative(qty) === short)
        .reduce((total, { instrument, qty }) => total + valueCents(market, instrument, qty), 0),
    )
  const parts = { longStock: sum(false, false), shortStock: sum(false, true), longOption: sum(true, false), shortOption: sum(true, true) }
  const cash = tastyCash(desk, nowMs)
  const total = Object.values(parts).reduce((all, part) => Dec.add(all, part), cash)
  const spare = Dec.isNegative(cash) ? Dec.zero : cash
  const requirement = Dec.round(Dec.mul(Dec.add(parts.longStock, Dec.abs(parts.shortStock)), Dec.of('0.25')), 2)
  const power = desk.identity.margin ? Dec.add(spare, Dec.round(Dec.mul(parts.longStock, Dec.of('0.5')), 2)) : spare
  return {
    'account-number': desk.identity.number,
    'cash-balance': signedText(cash),
    'long-equity-value': amount(parts.longStock),
    'short-equity-value': amount(parts.shortStock),
    'long-derivative-value': amount(parts.longOption),
    'short-derivative-value': amount(parts.shortOption),
    ...NOTHING,
    'margin-equity': signedText(total),
    'equity-buying-power': amount(power),
    'derivative-buying-power': amount(spare),
    'day-trading-buying-power': '0.0',
    'available-trading-funds': '0.0',
    'maintenance-requirement': amount(requirement),
    'net-liquidating-value': signedText(total),
    'cash-available-to-withdraw': amount(spare),
    'day-trade-excess': amount(spare),
    'closed-loop-available-balance': amount(spare),
    'snapshot-date': dayAt(nowMs),
    'reg-t-margin-requirement': amount(requirement),
    'maintenance-excess': amount(spare),
    'effective-cryptocurrency-buying-power': amount(spare),
    'updated-at': stamp(nowMs),
  }
}

const NOTHING = {
  'long-futures-value': '0.0',
  'short-futures-value': '0.0',
  'long-futures-derivative-value': '0.0',
  'short-futures-derivative-value': '0.0',
  'long-margineable-value': '0.0',
  'short-margineable-value': '0.0',
  'futures-margin-requirement': '0.0',
  'maintenance-call-value': '0.0',
  'reg-t-call-value': '0.0',
  'day-trading-call-value': '0.0',
  'day-equity-call-value': '0.0',
  'pending-cash': '0.0',
  'pending-cash-effect': 'None',
  'long-cryptocurrency-value': '0.0',
  'short-cryptocurrency-value': '0.0',
  'cryptocurrency-margin-requirement': '0.0',
  'unsettled-cryptocurrency-fiat-amount': '0.0',
  'unsettled-cryptocurrency-fiat-effect': 'None',
  'equity-offering-margin-requirement': '0.0',
  'long-bond-value': '0.0',
  'bond-margin-requirement': '0.0',
  'futures-overnight-margin-requirement': '0.0',
  'futures-intraday-margin-requirement': '0.0',
  'pending-margin-interest': '0.0',
} as const

// Balances have no effect beside them; below zero they carry a minus.
function signedText(value: Dec): string {
  return `${Dec.isNegative(value) ? '-' : ''}${amount(value)}`
}

/** One position: the quantity without a sign, its direction beside it. */
export function tastyPosition(
  { history: { market }, account, identity }: TastyDesk,
  holding: Holding,
  nowMs: number,
  marks: boolean,
): object {
  const { instrument, qty, cost } = holding
  const { contract } = instrument
  const short = Dec.isNegative(qty)
  const price = centsOf(priceNow(market, instrument))
  const average = Dec.of((Number(cost) / Number(qty) / Number(instrument.multiplier)).toFixed(4))
  const opened = account.story.entries.find(entry => entry.kind === 'fill' && entry.leg.instrument.symbol === instrument.symbol)
  const today = dayAt(nowMs)
  const movements = movementsOf(account.story.entries, entry => tastyNet(entry, nowMs))
  const gain = Dec.round(realizedOn(movements, today, instrument.symbol), 2)
  return {
    'account-number': identity.number,
    symbol: symbolOf(instrument),
    'instrument-type': instrumentType(instrument),
    'underlying-symbol': underlyingOf(instrument),
    // A number, while every other amount is text; seen so.
    quantity: Math.abs(Number(qty)),
    'quantity-direction': short ? 'Short' : 'Long',
    'close-price': amount(price),
    'average-open-price': amount(average),
    'average-yearly-market-close-price': amount(average),
    'average-daily-market-close-price': amount(price),
    ...(marks ? { mark: amount(centsOf(Math.abs(valueCents(market, instrument, qty)))), 'mark-price': amount(price) } : {}),
    multiplier: Number(instrument.multiplier),
    'cost-effect': short ? 'Debit' : 'Credit',
    'is-suppressed': false,
    'is-frozen': false,
    'restricted-quantity': 0,
    ...(contract ? { 'expires-at': stamp(closeMs(contract.expiry)) } : {}),
    ...signed('realized-day-gain', gain),
    'realized-day-gain-date': today,
    ...signed('realized-today', gain),
    'realized-today-date': today,
    'created-at': stamp(opened?.at ?? nowMs),
    'updated-at': stamp(opened?.at ?? nowMs),
  }
}
