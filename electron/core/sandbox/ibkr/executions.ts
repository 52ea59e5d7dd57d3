import { Dec } from '../../../../shared/domain/decimal.ts'
import type { Account } from '../history.ts'
import { hash32, hexOf } from '../dice.ts'
import { centsOf, shareOf } from '../instrument.ts'
import type { Instrument } from '../instrument.ts'
import type { Market } from '../market.ts'
import type { BulkFill } from '../bulk.ts'
import type { FillEntry, StoryOrder } from '../story.ts'
import type { IbkrIdentity } from './customers.ts'

/** One execution as every surface of IBKR tells it: the id is the same in TWS, Flex and the web API. */
export interface IbkrExecution {
  /** `00004c1e.51230003.01.01`: the last two digits count its corrections. */
  readonly execId: string
  readonly identity: IbkrIdentity
  /** Milliseconds since the epoch. */
  readonly at: number
  readonly instrument: Instrument
  readonly side: 'buy' | 'sell'
  readonly effect: 'open' | 'close'
  readonly qty: Dec
  readonly price: Dec
  /** Positive for what was charged. */
  readonly commission: Dec
  /** Signed cash, the commission inside it. */
  readonly net: Dec
  readonly cumulative: Dec
  /** Mean price of the order's fills up to this one. */
  readonly average: Dec
  readonly exchange: string
  readonly order: OrderNumbers
  readonly tradeId: string
  readonly transactionId: string
  /** The entry behind it; null for one of the day trades that fill a large history. */
  readonly entry: FillEntry | null
  /** 1 for the first report, 2 after a correction ... */
  readonly revision: number
}

/** How an order is known to each surface. */
export interface OrderNumbers {
  readonly permId: number
  readonly webId: number
  readonly clientId: number
  readonly orderId: number
  readonly orderRef: string
  readonly type: string
  readonly submittedAt: number
}

/** What a fill said before it was corrected, oldest first. */
export type Revisions = ReadonlyMap<FillEntry, readonly { readonly price: Dec; readonly net: Dec }[]>

const SHARE_VENUES = ['IEX', 'ARCA', 'NASDAQ', 'NYSE', 'BATS'] as const
const OPTION_VENUES = ['CBOE', 'AMEX', 'PHLX'] as const
const ORDERS_APART = 500_000_000

export function permIdOf(identity: IbkrIdentity, number: number): number {
  return 600_000_000 + identity.index * ORDERS_APART + number
}

/** The order number of Flex and the web API, which is not the permanent id of TWS. */
export function webIdOf(identity: IbkrIdentity, number: number): number {
  return 300_000_000 + identity.index * ORDERS_APART + number
}

export function tradeIdOf(identity: IbkrIdentity, { dayNumber, sequence }: { dayNumber: number; sequence: number }): string {
  return String(4_000_000_000 + identity.index * 1_000_000_000 + dayNumber * 10_000 + sequence)
}

export function transactionIdOf(identity: IbkrIdentity, { dayNumber, sequence }: { dayNumber: number; sequence: number }): string {
  return String(30_000_000_000 + identity.index * 1_000_000_000 + dayNumber * 10_000 + sequence)
}

/** Every report of one fill: the first, and one for each correction. */
export function executionsOf(
  seed: number,
  identity: IbkrIdentity,
  entry: FillEntry,
  numbers: OrderNumbers,
  revisions: Revisions,
): IbkrExecution[] {
  const told = [...(revisions.get(entry) ?? []), { price: entry.price, net: entry.net }]
  const { instrument } = entry.leg
  const place = ((entry.dayNumber << 16) | entry.sequence).toString(16).padStart(8, '0')
  return told.map(({ price, net }, index) => ({
    execId: `0000${hexOf(4, seed, identity.account)}.${place}.01.${String(index + 1).padStart(2, '0')}`,
    identity,
    at: entry.at,
    instrument,
    side: entry.leg.side,
    effect: entry.leg.effect,
    qty: entry.qty,
    price,
    commission: centsOf(entry.fees.reduce((total, fee) => total + fee.cents, 0)),
    net,
    cumulative: entry.cumulative,
    average: averageAt(entry, price),
    exchange: venueOf(instrument, entry.dayNumber + entry.sequence),
    order: numbers,
    tradeId: tradeIdOf(identity, { dayNumber: entry.dayNumber, sequence: entry.sequence + 1000 * index }),
    transactionId: transactionIdOf(identity, { dayNumber: entry.dayNumber, sequence: entry.sequence + 1000 * index }),
    entry,
    revision: index + 1,
  }))
}

/** One of the day trades that fill a large history. */
export function bulkExecution(seed: number, identity: IbkrIdentity, market: Market, fill: BulkFill): IbkrExecution {
  const listing = market.listings.get(fill.symbol)
  if (!listing) throw new RangeError('no such listing')
  const qty = Dec.of(String(fill.pieces))
  const price = centsOf(fill.cents)
  const value = centsOf(fill.cents * fill.pieces)
  const number = 100_000_000 + fill.number
  return {
    execId: `0001${hexOf(4, seed, identity.account)}.${fill.number.toString(16).padStart(8, '0')}.01.01`,
    identity,
    at: fill.at,
    instrument: shareOf(listing),
    side: fill.side,
    effect: fill.side === 'buy' ? 'open' : 'close',
    qty,
    price,
    commission: Dec.zero,
    net: fill.side === 'buy' ? Dec.neg(value) : value,
    cumulative: qty,
    average: price,
    exchange: venueOf(shareOf(listing), fill.number),
    order: {
      permId: permIdOf(identity, number),
      webId: webIdOf(identity, number),
      clientId: 0,
      orderId: 0,
      orderRef: '',
      type: 'MKT',
      submittedAt: fill.at - 1000,
    },
    tradeId: String(7_000_000_000 + fill.number),
    transactionId: String(50_000_000_000 + fill.number),
    entry: null,
    revision: 1,
  }
}

/** How an order of the past is known: it came from TWS itself, so no client of the API owns it. */
export function pastNumbers(identity: IbkrIdentity, order: StoryOrder): OrderNumbers {
  return {
    permId: permIdOf(identity, order.number),
    webId: webIdOf(identity, order.number),
    clientId: 0,
    orderId: 0,
    orderRef: '',
    type: order.type === 'limit' ? 'LMT' : 'MKT',
    submittedAt: order.submittedAt,
  }
}

/** Fills of an account in a time range, both ends included, oldest first. */
export function fillsBetween(account: Account, from: number, to: number): FillEntry[] {
  return account.story.entries
    .filter((entry): entry is FillEntry => entry.kind === 'fill' && entry.at >= from && entry.at <= to)
    .sort((a, b) => a.at - b.at || a.sequence - b.sequence)
}

function averageAt(entry: FillEntry, price: Dec): Dec {
  const before = entry.order.fills.slice(0, entry.order.fills.indexOf(entry)).filter(({ leg }) => leg === entry.leg)
  const paid = before.reduce((total, fill) => Dec.add(total, Dec.mul(fill.qty, fill.price)), Dec.mul(entry.qty, price))
  return before.length === 0 ? price : Dec.of((Number(paid) / Number(entry.cumulative)).toFixed(8))
}

function venueOf(instrument: Instrument, salt: number): string {
  if (instrument.kind === 'future-option') return 'CME'
  const venues = instrument.kind === 'option' ? OPTION_VENUES : SHARE_VENUES
  return venues[hash32(instrument.symbol, salt) % venues.length] ?? 'IEX'
}
