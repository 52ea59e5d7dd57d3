import { Dec } from '../../../../shared/domain/decimal.ts'
import type { LocalDate } from '../../../../shared/domain/time.ts'
import type { Bulk, BulkFill } from '../bulk.ts'
import { midnightMs, nextTradingDay } from '../calendar.ts'
import type { BulkForm, FeedRow } from '../feed.ts'
import { paddedSymbol, shareOf } from '../instrument.ts'
import type { Instrument } from '../instrument.ts'
import { LISTINGS, cusipOf, instrumentIdOf } from '../market.ts'
import type { CashEntry, Entry, FeeLine, FillEntry, StoryOrder, TransferEntry } from '../story.ts'

/** The instrument of every cash and cost item. */
const DOLLAR = {
  assetType: 'CURRENCY',
  status: 'ACTIVE',
  symbol: 'CURRENCY_USD',
  description: 'USD currency',
  instrumentId: 1,
  closingPrice: 0,
} as const

/** How rows of one account are written. `closing` is the price of a day in dollars. */
export interface SchwabBook {
  readonly number: string
  readonly index: number
  readonly subAccount: 'MARGIN' | 'CASH'
  closing(instrument: Instrument, day: LocalDate): number
}

/** Schwab's time form: UTC without a colon in the offset, whole seconds. */
export function schwabTime(ms: number): string {
  return `${new Date(ms).toISOString().slice(0, 19)}+0000`
}

export function schwabOrderId(book: Pick<SchwabBook, 'index'>, order: StoryOrder): number {
  return 1_002_000_000_000 + book.index * 500_000_000 + order.number
}

export function schwabActivityId(book: Pick<SchwabBook, 'index'>, entry: Pick<Entry, 'dayNumber' | 'sequence'>): number {
  return 70_000_000_000 + entry.dayNumber * 1_000_000 + book.index * 100_000 + entry.sequence * 2 + 1
}

/** One booked entry as a transaction. Decimals are JSON numbers. */
export function schwabRow(book: SchwabBook, entry: Entry): FeedRow {
  const body = entry.kind === 'fill' ? tradeBody(book, entry) : entry.kind === 'cash' ? cashBody(entry) : transferBody(book, entry)
  const id = schwabActivityId(book, entry)
  const value = {
    activityId: id,
    time: schwabTime(entry.at),
    ...(body.description === undefined ? {} : { description: body.description }),
    accountNumber: book.number,
    type: body.type,
    status: 'VALID',
    subAccount: book.subAccount,
    tradeDate: schwabTime(body.midnight ? midnightMs(entry.day) : entry.at),
    ...(body.settles === undefined ? {} : { settlementDate: schwabTime(midnightMs(body.settles)) }),
    ...(body.instrument === undefined ? {} : { positionId: 2_000_000_000 + (instrumentIdOf(body.instrument.symbol) % 999_999_999) }),
    ...(entry.kind === 'fill' ? { orderId: schwabOrderId(book, entry.order) } : {}),
    netAmount: Number(entry.net),
    transferItems: body.items,
  }
  const symbol = body.instrument === undefined ? null : paddedSymbol(body.instrument)
  // Times go out in whole seconds, so ranges are cut by whole seconds too.
  const text = JSON.stringify(value)
  // Raw answers hold this key twice in cash rows, as captured; readers keep the last one.
  const raw = entry.kind === 'cash' ? text.replace('{"assetType":"CURRENCY",', '{"assetType":"CURRENCY","assetType":"CURRENCY",') : text
  return { id: String(id), at: Math.floor(entry.at / 1000) * 1000, type: body.type, symbol, text: raw }
}

interface Body {
  readonly type: string
  readonly items: readonly object[]
  readonly description?: string
  readonly instrument?: Instrument
  readonly settles?: LocalDate
  readonly midnight: boolean
}

function tradeBody(book: SchwabBook, entry: FillEntry): Body {
  const { instrument, side, effect } = entry.leg
  const costs = entry.fees.reduce((total, { cents }) => total + cents, 0)
  const cost = Number(entry.net) + costs / 100
  const security = {
    instrument: transactionInstrument(book, instrument, entry.day),
    amount: side === 'buy' ? Number(entry.qty) : -Number(entry.qty),
    cost: Number(cost.toFixed(2)),
    price: Number(entry.price),
    // Some trades come without it, as readers report; it then follows from the running position.
    ...(entry.order.number % 23 === 0 ? {} : { positionEffect: effect === 'open' ? 'OPENING' : 'CLOSING' }),
  }
  // Trades of shares are dated at midnight of the exchange; those of options carry the moment, as in captured rows.
  const items = [...feeItems(entry.fees), security]
  if (instrument.contract) return { type: 'TRADE', items, instrument, midnight: false }
  return { type: 'TRADE', items, instrument, midnight: true, settles: nextTradingDay(entry.day) }
}

function feeItems(fees: readonly FeeLine[]): object[] {
  return fees.map(({ type, cents }) => ({
    instrument: DOLLAR,
    amount: cents / 100,
    cost: cents === 0 ? 0 : -cents / 100,
    ...(type === null ? {} : { feeType: type }),
  }))
}

function cashBody(entry: CashEntry): Body {
  const amount = Number(entry.net)
  return { ...cashForm(entry), items: [{ instrument: DOLLAR, amount, cost: 0 }], midnight: true }
}

function cashForm({ what, symbol, note, net }: CashEntry): { type: string; description: string } {
  switch (what) {
    case 'deposit':
      return note === 'opening'
        ? { type: 'WIRE_IN', description: 'WIRED FUNDS RECEIVED' }
        : { type: 'ELECTRONIC_FUND', description: 'MONEYLINK TRANSFER' }
    case 'withdrawal':
      return { type: 'ELECTRONIC_FUND', description: 'MONEYLINK TRANSFER OUT' }
    case 'dividend':
      return { type: 'DIVIDEND_OR_INTEREST', description: `Ordinary Dividend~${symbol ?? ''}` }
    case 'withholding':
      return { type: 'JOURNAL', description: `W-8 Withholding~${symbol ?? ''}` }
    case 'interest':
      return { type: 'DIVIDEND_OR_INTEREST', description: Dec.isNegative(net) ? 'MARGIN INTEREST' : 'SCHWAB1 INT' }
    case 'fee':
      return { type: 'CASH_DISBURSEMENT', description: 'SERVICE FEE' }
    case 'journal':
      return { type: 'JOURNAL', description: 'PROMOTIONAL CREDIT' }
  }
}

function transferBody(book: SchwabBook, entry: TransferEntry): Body {
  const { instrument } = entry
  const item = {
    instrument: transactionInstrument(book, instrument, entry.day),
    amount: Number(entry.qty),
    cost: Number(entry.net),
    price: Number(entry.price),
  }
  const shares = { items: [item], instrument, midnight: true }
  switch (entry.what) {
    case 'reinvested':
      return {
        ...shares,
        type: 'TRADE',
        items: [{ ...item, positionEffect: 'OPENING' }],
        description: 'Dividend Reinvest',
        settles: entry.day,
      }
    case 'delivered':
      return { ...shares, type: 'TRADE', description: 'Option Assignment' }
    case 'split':
      return { ...shares, type: 'RECEIVE_AND_DELIVER', description: `Stock Split~${instrument.symbol}` }
    case 'expired':
      return {
        ...shares,
        type: 'RECEIVE_AND_DELIVER',
        items: [{ ...item, positionEffect: 'CLOSING' }],
        description: 'Removal of option due to expiration',
      }
    case 'assigned':
      return {
        ...shares,
        type: 'RECEIVE_AND_DELIVER',
        items: [{ ...item, positionEffect: 'CLOSING' }],
        description: 'Removal of option due to assignment',
      }
  }
}

/** An instrument inside a transaction. ETFs are COLLECTIVE_INVESTMENT; futures options keep their own symbol form. */
function transactionInstrument(book: SchwabBook, instrument: Instrument, day: LocalDate): object {
  const base = {
    status: 'ACTIVE',
    symbol: paddedSymbol(instrument),
    description: instrument.name,
    instrumentId: instrumentIdOf(instrument.symbol),
    closingPrice: book.closing(instrument, day),
  }
  const { contract } = instrument
  if (!contract) {
    const fund = instrument.kind === 'etf'
    return {
      assetType: fund ? 'COLLECTIVE_INVESTMENT' : 'EQUITY',
      ...base,
      cusip: cusipOf(instrument.symbol),
      type: fund ? 'EXCHANGE_TRADED_FUND' : 'COMMON_STOCK',
    }
  }
  const future = instrument.kind === 'future-option'
  return {
    assetType: 'OPTION',
    ...base,
    expirationDate: schwabTime(midnightMs(contract.expiry)),
    optionDeliverables: [
      { rootSymbol: contract.underlying, strikePercent: future ? 0 : 100, deliverableNumber: 1, deliverableUnits: future ? 1 : 100 },
    ],
    optionPremiumMultiplier: Number(instrument.multiplier),
    putCall: contract.right === 'call' ? 'CALL' : 'PUT',
    strikePrice: contract.strikeCents / 100,
    type: 'VANILLA',
    // The future behind a futures option starts with a dot here, as captured; elsewhere with a slash.
    underlyingSymbol: future ? `.${contract.underlying.slice(1)}` : contract.underlying,
  }
}

const BULK_FIRST_ID = 300_000_000_000

/** Day trades of a large history as transactions; the activity id counts them. */
export function schwabBulkForm(book: SchwabBook, bulk: Bulk): BulkForm {
  const dollar = JSON.stringify(DOLLAR)
  const instruments = new Map<string, string>()
  return {
    row(number) {
      const fill = bulk.fill(number)
      const id = String(BULK_FIRST_ID + number)
      const time = schwabTime(fill.at)
      const cost = (fill.side === 'buy' ? -1 : 1) * fill.pieces * fill.cents
      const text =
        `{"activityId":${id},"time":"${time}","accountNumber":"${book.number}","type":"TRADE","status":"VALID","subAccount":"${book.subAccount}",` +
        `"tradeDate":"${time}","positionId":${2_100_000_000 + (fill.pair % 1000)},"orderId":${BULK_FIRST_ID + number},"netAmount":${cost / 100},"transferItems":[` +
        `{"instrument":${dollar},"amount":0,"cost":0,"feeType":"COMMISSION"},{"instrument":${instrumentText(instruments, book, fill)},` +
        `"amount":${fill.side === 'buy' ? fill.pieces : -fill.pieces},"cost":${cost / 100},"price":${fill.cents / 100},"positionEffect":"${fill.side === 'buy' ? 'OPENING' : 'CLOSING'}"}]}`
      return { id, at: Math.floor(fill.at / 1000) * 1000, type: 'TRADE', symbol: fill.symbol, text }
    },
    numberOf(id) {
      const number = Number(id) - BULK_FIRST_ID
      return Number.isInteger(number) && number >= 0 && number < bulk.count ? number : undefined
    },
  }
}

function instrumentText(known: Map<string, string>, book: SchwabBook, { symbol, day }: BulkFill): string {
  const key = `${symbol}@${day}`
  const listing = LISTINGS.find(item => item.symbol === symbol) ?? LISTINGS[0]
  const text = known.get(key) ?? JSON.stringify(transactionInstrument(book, shareOf(listing), day))
  known.set(key, text)
  return text
}
