import { hash } from 'node:crypto'

const DAY_MS = 86_400_000
const NEWEST_DAY = Date.UTC(2026, 10, 20)
const SYMBOLS = Array.from(
  { length: 500 },
  (_, at) => String.fromCharCode(65 + (at % 26), 65 + ((at * 7) % 26), 65 + ((at * 11) % 26)) + (at % 3 === 0 ? 'X' : ''),
)

export interface TradeOptions {
  /** Rows on one day. */
  readonly perDay: number
  /** The newest rows, spread one a day's share thinner: so many, at so many a day. */
  readonly recent?: { readonly rows: number; readonly perDay: number }
}

export interface WireRow {
  /** Milliseconds since 1970. */
  readonly at: number
  readonly id: string
  /** As Alpaca sends it. */
  readonly text: string
}

/** Row `at` of a history, 0 the newest: the same each time, ids led by their time and fills of about 320 bytes, as Alpaca sends them. */
export function wireRow(at: number, { perDay, recent }: TradeOptions): WireRow {
  const inRecent = recent !== undefined && at < recent.rows
  const rate = inRecent ? recent.perDay : perDay
  const place = inRecent ? at : at - (recent?.rows ?? 0)
  const day =
    NEWEST_DAY - DAY_MS * (Math.floor(place / rate) + (inRecent || recent === undefined ? 0 : Math.ceil(recent.rows / recent.perDay)))
  const inDay = place % rate
  const time = day + 20 * 3_600_000 - Math.floor((inDay * 5 * 3_600_000) / rate)
  const text = new Date(time).toISOString()
  const digest = hash('sha1', String(at))
  const uuid = `${digest.slice(0, 8)}-${digest.slice(8, 12)}-${digest.slice(12, 16)}-${digest.slice(16, 20)}-${digest.slice(20, 32)}`
  const id = `${text.slice(0, 10).replaceAll('-', '')}${text.slice(11, 23).replace(/[:.]/g, '')}::${uuid}`
  const dice = Number.parseInt(digest.slice(32), 16)
  const symbol = SYMBOLS[Math.floor(500 * ((dice % 1000) / 1000) ** 3)] ?? 'SPY'
  const row = at % 25 === 24 ? dividend(id, text, symbol, dice) : fill(id, text, symbol, dice)
  return { at: time, id, text: JSON.stringify(row) }
}

function fill(id: string, time: string, symbol: string, dice: number): Record<string, string> {
  const qty = dice % 7 === 0 ? `${1 + (dice % 90)}.${1 + (dice % 999_983)}1` : String(1 + (dice % 900))
  return {
    id,
    activity_type: 'FILL',
    transaction_time: `${time.slice(0, 19)}.${String(100_000 + (dice % 899_999))}Z`,
    type: 'fill',
    price: `${5 + (dice % 800)}.${10 + (dice % 89)}`,
    qty,
    side: dice % 2 === 0 ? 'buy' : 'sell',
    symbol,
    leaves_qty: '0',
    order_id: `${id.slice(19, 27)}-aaaa-4bbb-8ccc-${id.slice(-12)}`,
    cum_qty: qty,
    order_status: 'filled',
  }
}

function dividend(id: string, time: string, symbol: string, dice: number): Record<string, string> {
  return {
    id,
    activity_type: 'DIV',
    date: time.slice(0, 10),
    net_amount: `${1 + (dice % 50)}.${10 + (dice % 89)}`,
    symbol,
    qty: String(10 + (dice % 500)),
    per_share_amount: '0.24',
    description: `Cash DIV @ 0.24 ${symbol}`,
    status: 'executed',
  }
}
