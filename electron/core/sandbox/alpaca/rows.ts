import { Dec } from '../../../../shared/domain/decimal.ts'
import { Instant } from '../../../../shared/domain/time.ts'
import type { LocalDate } from '../../../../shared/domain/time.ts'
import type { Bulk, BulkFill } from '../bulk.ts'
import { midnightMs } from '../calendar.ts'
import { hexOf, uuidOf } from '../dice.ts'
import type { BulkForm, FeedRow } from '../feed.ts'
import type { CashEntry, Entry, FillEntry, StoryOrder, TransferEntry } from '../story.ts'

const CASH_TYPES = {
  deposit: 'CSD',
  withdrawal: 'CSW',
  dividend: 'DIV',
  withholding: 'DIVNRA',
  interest: 'INT',
  fee: 'FEE',
  journal: 'JNLC',
} as const satisfies Record<CashEntry['what'], string>

// Alpaca documents no reinvestment row; its simulated customer does not reinvest.
const TRANSFER_TYPES = {
  split: 'SPLIT',
  expired: 'OPEXP',
  assigned: 'OPASN',
  delivered: 'OPTRD',
  reinvested: 'MISC',
} as const satisfies Record<TransferEntry['what'], string>

/** Every type the activities endpoint takes as a filter. Source: Alpaca's OpenAPI and SDK lists. */
export const ALPACA_ACTIVITY_TYPES: ReadonlySet<string> = new Set(
  (
    'FILL TRANS MISC ACATC ACATS CFEE CIL CSD CSW DIV DIVCGL DIVCGS DIVFEE DIVFT DIVNRA DIVROC DIVTW DIVTXEX DIVWH EXTRD FEE FXTRD ' +
    'INT INTNRA INTPNL INTTW JNL JNLC JNLS MA MEM NC OCT OPASN OPCSH OPEXC OPEXP OPTRD OPXRC PTC PTR REORG SC SPIN SPLIT SSO SSP SWP VOF WH'
  ).split(' '),
)

/** The order's id, as orders and fills carry it. */
export function alpacaOrderId(seed: number, order: StoryOrder): string {
  return uuidOf(seed, 'alpaca order', order.number)
}

/** One booked entry as a row of the activities endpoint. Decimals are strings. */
export function alpacaRow(seed: number, entry: Entry): FeedRow {
  const uuid = uuidOf(seed, 'alpaca activity', entry.dayNumber, entry.sequence)
  if (entry.kind === 'fill') return fillRow(seed, entry, uuid)
  const id = `${entry.day.replaceAll('-', '')}000000000::${uuid}`
  const type = entry.kind === 'cash' ? CASH_TYPES[entry.what] : TRANSFER_TYPES[entry.what]
  const symbol = entry.kind === 'cash' ? entry.symbol : entry.instrument.symbol
  const value = {
    id,
    activity_type: type,
    date: entry.day,
    net_amount: entry.net,
    description: entry.kind === 'cash' && entry.what !== 'fee' ? '' : entry.note,
    ...(symbol === null ? {} : { symbol }),
    ...(entry.qty === null ? {} : { qty: entry.qty }),
    ...(entry.kind === 'cash' && entry.perShare !== null ? { per_share_amount: entry.perShare } : {}),
    ...(entry.kind === 'transfer' && entry.what === 'delivered' ? { price: entry.price } : {}),
    status: 'executed',
  }
  return { id, at: entry.at, type, symbol, text: JSON.stringify(value) }
}

function fillRow(seed: number, entry: FillEntry, uuid: string): FeedRow {
  // The prefix is the exchange's wall clock while transaction_time is UTC; seen in captured rows.
  const id = `${wallDigits(entry.day, entry.at - midnightMs(entry.day))}::${uuid}`
  const done = Dec.isZero(entry.leaves)
  const { side, effect, instrument } = entry.leg
  const value = {
    id,
    activity_type: 'FILL',
    transaction_time: Instant.fromEpochMicros(entry.at * 1000 + entry.micros),
    type: done ? 'fill' : 'partial_fill',
    price: entry.price,
    qty: entry.qty,
    side: side === 'sell' && effect === 'open' && instrument.contract === null ? 'sell_short' : side,
    symbol: instrument.symbol,
    leaves_qty: entry.leaves,
    order_id: alpacaOrderId(seed, entry.order),
    cum_qty: entry.cumulative,
    order_status: done ? 'filled' : 'partially_filled',
  }
  return { id, at: entry.at, type: 'FILL', symbol: instrument.symbol, text: JSON.stringify(value) }
}

/** `YYYYMMDDhhmmssmmm` of a moment given as its day and the milliseconds since midnight. */
function wallDigits(day: LocalDate, wallMs: number): string {
  const hours = Math.floor(wallMs / 3_600_000)
  const minutes = Math.floor(wallMs / 60_000) % 60
  return `${day.slice(0, 4)}${day.slice(5, 7)}${day.slice(8)}${two(hours)}${two(minutes)}${String(wallMs % 60_000).padStart(5, '0')}`
}

function two(value: number): string {
  return value < 10 ? `0${value}` : String(value)
}

const BULK_ID = /^\d{17}::[0-9a-f]{8}-b01c-4000-a000-([0-9a-f]{12})$/

/** The same row form for fills that are made when read; the id holds the fill's number. */
export function alpacaBulkForm(seed: number, bulk: Bulk): BulkForm {
  const head = hexOf(8, seed, 'alpaca bulk')
  const idOf = (fill: BulkFill) => `${wallDigits(fill.day, fill.wallMs)}::${head}-b01c-4000-a000-${hex12(fill.number)}`
  return {
    row(number) {
      const fill = bulk.fill(number)
      const id = idOf(fill)
      const qty = String(fill.pieces)
      const price = centsText(fill.cents)
      const order = `${head}-0de7-4000-a000-${hex12(number)}`
      const text =
        `{"id":"${id}","activity_type":"FILL","transaction_time":"${new Date(fill.at).toISOString()}","type":"fill","price":"${price}",` +
        `"qty":"${qty}","side":"${fill.side}","symbol":"${fill.symbol}","leaves_qty":"0","order_id":"${order}","cum_qty":"${qty}","order_status":"filled"}`
      return { id, at: fill.at, type: 'FILL', symbol: fill.symbol, text }
    },
    numberOf(id) {
      const number = Number.parseInt(BULK_ID.exec(id)?.[1] ?? '', 16)
      return number < bulk.count && idOf(bulk.fill(number)) === id ? number : undefined
    },
  }
}

function hex12(number: number): string {
  return number.toString(16).padStart(12, '0')
}

/** Cents as Alpaca writes a price: no trailing zeros. */
function centsText(cents: number): string {
  const whole = Math.floor(cents / 100)
  const rest = cents % 100
  if (rest === 0) return String(whole)
  return rest % 10 === 0 ? `${whole}.${rest / 10}` : `${whole}.${two(rest)}`
}
