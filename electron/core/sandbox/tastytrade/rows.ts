import { Dec } from '../../../../shared/domain/decimal.ts'
import type { LocalDate } from '../../../../shared/domain/time.ts'
import type { Bulk } from '../bulk.ts'
import { hexOf } from '../dice.ts'
import type { BulkForm, FeedRow } from '../feed.ts'
import { centsOf } from '../instrument.ts'
import type { CashEntry, Entry, FeeLine, FillEntry, StoryLeg, TransferEntry } from '../story.ts'
import type { TastyIdentity } from './customers.ts'
import { amount, effectOf, instrumentType, signed, stamp, symbolOf, underlyingOf } from './wire.ts'

type Book = Pick<TastyIdentity, 'number' | 'index'>

/** What an estimate is off by until the fee is known: a cent too much. */
export const ESTIMATE_OFF = Dec.of('0.01')

export function tastyId(book: Book, entry: Pick<Entry, 'dayNumber' | 'sequence'>): number {
  return entry.dayNumber * 1_000_000 + book.index * 100_000 + entry.sequence * 2
}

export function tastyOrderId(book: Book, number: number): number {
  return 200_000_000 + book.index * 100_000_000 + number
}

export function actionOf({ side, effect }: Pick<StoryLeg, 'side' | 'effect'>): string {
  return `${side === 'buy' ? 'Buy' : 'Sell'} to ${effect === 'open' ? 'Open' : 'Close'}`
}

/** The execution's ids, the same in the order's fill and in the transaction. */
export function executionIds(book: Book, entry: FillEntry): { fillId: string; group: string; extExec: string } {
  const id = tastyId(book, entry)
  return { fillId: `${book.index}_${id}`, group: String(600_000_000 + (id % 99_999_989)), extExec: String(id % 9_999_991) }
}

/** One booked entry as rows of the transactions endpoint. `estimated`: its fees are not final yet. */
export function tastyRows(book: Book, entry: Entry, estimated: boolean): FeedRow[] {
  if (entry.kind === 'fill') return [fillRow(book, entry, estimated)]
  if (entry.kind === 'cash') return [cashRow(book, entry)]
  return entry.what === 'split' ? splitRows(book, entry) : [transferRow(book, entry, estimated)]
}

interface Facts {
  readonly id: number
  readonly at: number
  readonly day: LocalDate
  readonly type: string
  readonly sub: string
  readonly symbol: string | null
  readonly body: object
}

function row(book: Book, { id, at, day, type, sub, symbol, body }: Facts): FeedRow {
  const value = {
    id,
    'account-number': book.number,
    'transaction-type': type,
    'transaction-sub-type': sub,
    ...body,
    'executed-at': stamp(at),
    'transaction-date': day,
  }
  return { id: String(id), at, type, symbol, text: JSON.stringify(value) }
}

function sumOf(fees: readonly FeeLine[], types: readonly FeeLine['type'][]): Dec {
  return centsOf(-fees.filter(({ type }) => types.includes(type)).reduce((total, { cents }) => total + cents, 0))
}

function fillRow(book: Book, entry: FillEntry, estimated: boolean): FeedRow {
  const { instrument, side } = entry.leg
  const fees = sumOf(entry.fees, ['COMMISSION', 'OPT_REG_FEE', 'SEC_FEE', 'TAF_FEE'])
  const off = estimated ? ESTIMATE_OFF : Dec.zero
  const { group, extExec } = executionIds(book, entry)
  const id = tastyId(book, entry)
  const body = {
    symbol: symbolOf(instrument),
    'instrument-type': instrumentType(instrument),
    'underlying-symbol': underlyingOf(instrument),
    description: `${side === 'buy' ? 'Bought' : 'Sold'} ${entry.qty} ${instrument.symbol} @ ${entry.price}`,
    action: actionOf(entry.leg),
    quantity: amount(entry.qty),
    price: amount(entry.price),
    ...signed('value', Dec.sub(entry.net, fees)),
    ...signed('regulatory-fees', Dec.sub(sumOf(entry.fees, ['SEC_FEE', 'TAF_FEE']), off)),
    ...signed('clearing-fees', sumOf(entry.fees, ['OPT_REG_FEE'])),
    ...signed('net-value', Dec.sub(entry.net, off)),
    ...signed('commission', sumOf(entry.fees, ['COMMISSION'])),
    ...signed('proprietary-index-option-fees', Dec.zero),
    'is-estimated-fee': estimated,
    'ext-exchange-order-number': String(6_000_000_000_000 + entry.order.number),
    'ext-global-order-number': entry.order.number % 10_000,
    'ext-group-id': '0',
    'ext-group-fill-id': group,
    'ext-exec-id': extExec,
    'exec-id': `4_${hexOf(10, book.number, id).toUpperCase()}`,
    exchange: 'D',
    'order-id': tastyOrderId(book, entry.order.number),
    'exchange-affiliation-identifier': '',
    'leg-count': entry.order.legs.length,
    'destination-venue': instrument.contract ? 'WOLVERINE_OPTIONS_A' : 'CITADEL_EQUITIES_A',
  }
  return row(book, { id, at: entry.at, day: entry.day, type: 'Trade', sub: actionOf(entry.leg), symbol: symbolOf(instrument), body })
}

const CASH_SUBS = {
  deposit: 'Deposit',
  withdrawal: 'Withdrawal',
  dividend: 'Dividend',
  // Tax held back comes as a dividend with the other sign, as in exported histories.
  withholding: 'Dividend',
  interest: 'Credit Interest',
  fee: 'Fee',
  journal: 'Balance Adjustment',
} as const satisfies Record<CashEntry['what'], string>

function cashRow(book: Book, entry: CashEntry): FeedRow {
  const debit = entry.what === 'interest' && Dec.isNegative(entry.net)
  const about = entry.symbol === null ? {} : { symbol: entry.symbol, 'instrument-type': 'Equity', 'underlying-symbol': entry.symbol }
  const body = {
    ...about,
    description: descriptionOf(entry),
    ...signed('value', entry.net),
    ...signed('net-value', entry.net),
    'is-estimated-fee': false,
  }
  const sub = debit ? 'Debit Interest' : CASH_SUBS[entry.what]
  return row(book, { id: tastyId(book, entry), at: entry.at, day: entry.day, type: 'Money Movement', sub, symbol: entry.symbol, body })
}

function descriptionOf({ what, note }: CashEntry): string {
  if (what === 'deposit') return note === 'opening' ? 'Wire Funds Received' : 'ACH DEPOSIT'
  if (what === 'withdrawal') return 'ACH DISBURSEMENT'
  return what === 'interest' ? `INTEREST ON CREDIT BALANCE ${note}` : note
}

const TRANSFER_NOTES = {
  expired: 'Removal of option due to expiration',
  assigned: 'Removal of option due to assignment',
} as const

function transferRow(book: Book, entry: TransferEntry, estimated: boolean): FeedRow {
  const { instrument, qty, price, net } = entry
  const base = {
    symbol: symbolOf(instrument),
    'instrument-type': instrumentType(instrument),
    'underlying-symbol': underlyingOf(instrument),
  }
  const facts = { id: tastyId(book, entry), at: entry.at, day: entry.day, type: 'Receive Deliver', symbol: symbolOf(instrument) }
  if (entry.what === 'expired' || entry.what === 'assigned') {
    // Neither an action nor a sign: the row takes away what was held.
    const sub = entry.what === 'expired' ? 'Expiration' : 'Assignment'
    const body = {
      ...base,
      description: TRANSFER_NOTES[entry.what],
      quantity: amount(qty),
      ...signed('value', Dec.zero),
      ...signed('net-value', Dec.zero),
      'is-estimated-fee': estimated,
    }
    return row(book, { ...facts, sub, body })
  }
  const sub = Dec.isNegative(qty) ? 'Sell to Close' : 'Buy to Open'
  const pieces = amount(qty)
  const body = {
    ...base,
    description: `${sub} ${pieces} ${instrument.symbol} @ ${price}`,
    action: sub,
    quantity: pieces,
    price: amount(price),
    ...signed('value', net),
    ...signed('clearing-fees', Dec.zero),
    'net-value': amount(net),
    'net-value-effect': effectOf(net),
    'is-estimated-fee': estimated,
  }
  return row(book, { ...facts, sub, body })
}

/** A split is a pair: the old shares go, the new ones come. */
function splitRows(book: Book, entry: TransferEntry): FeedRow[] {
  const { instrument, qty } = entry
  const ratio = Number(/ (\d+) for 1 /.exec(entry.note)?.[1] ?? 2)
  const before = Dec.of(String(Number((Number(qty) / (ratio - 1)).toFixed(9))))
  const part = (number: 0 | 1, action: string, pieces: Dec): FeedRow => {
    const body = {
      symbol: instrument.symbol,
      'instrument-type': 'Equity',
      'underlying-symbol': instrument.symbol,
      description: `Forward split: ${number === 0 ? 'Close' : 'Open'} ${pieces} ${instrument.symbol}`,
      action,
      quantity: amount(pieces),
      ...signed('value', Dec.zero),
      ...signed('net-value', Dec.zero),
      'is-estimated-fee': false,
    }
    const id = tastyId(book, entry) + number
    return row(book, { id, at: entry.at, day: entry.day, type: 'Receive Deliver', sub: 'Forward Split', symbol: instrument.symbol, body })
  }
  return [part(0, 'Sell to Close', before), part(1, 'Buy to Open', Dec.add(before, qty))]
}

const BULK_FIRST_ID = 300_000_000_000

/** Day trades of a large history; the id counts them. They carry no fees. */
export function tastyBulkForm(book: Book, bulk: Bulk): BulkForm {
  return {
    row(number) {
      const { at, day, side, symbol, pieces, cents } = bulk.fill(number)
      const id = BULK_FIRST_ID + number
      const action = actionOf({ side, effect: side === 'buy' ? 'open' : 'close' })
      const value = centsOf((side === 'buy' ? -1 : 1) * pieces * cents)
      const body = {
        symbol,
        'instrument-type': 'Equity',
        'underlying-symbol': symbol,
        description: `${side === 'buy' ? 'Bought' : 'Sold'} ${pieces} ${symbol}`,
        action,
        quantity: `${pieces}.0`,
        price: amount(centsOf(cents)),
        ...signed('value', value),
        ...signed('net-value', value),
        'is-estimated-fee': false,
        'order-id': id,
        'leg-count': 1,
      }
      return row(book, { id, at, day, type: 'Trade', sub: action, symbol, body })
    },
    numberOf(id) {
      const number = Number(id) - BULK_FIRST_ID
      return Number.isInteger(number) && number >= 0 && number < bulk.count ? number : undefined
    },
  }
}
