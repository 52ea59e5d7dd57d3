import { Dec } from '../../../../shared/domain/decimal.ts'
import type { Bulk } from '../bulk.ts'
import { midnightMs, nextTradingDay } from '../calendar.ts'
import type { BulkForm, FeedRow } from '../feed.ts'
import type { Instrument } from '../instrument.ts'
import { cusipOf } from '../market.ts'
import type { CashEntry, Entry, FeeLine, FillEntry, TransferEntry } from '../story.ts'
import type { TdaIdentity } from './customers.ts'
import { tdaSymbol, tdaTime } from './wire.ts'

type Book = Pick<TdaIdentity, 'number' | 'index'>

export function tdaId(book: Pick<Book, 'index'>, entry: Pick<Entry, 'dayNumber' | 'sequence'>): number {
  return 10_000_000_000 + entry.dayNumber * 1_000_000 + book.index * 100_000 + entry.sequence
}

export function tdaOrderId(book: Pick<Book, 'index'>, number: number): number {
  return 1_000_000_000 + book.index * 500_000_000 + number
}

interface Body {
  readonly type: string
  readonly sub: string
  readonly description: string
  readonly item: object
}

/** One booked entry as a transaction: one item, the costs beside it. */
export function tdaRow(book: Book, entry: Entry): FeedRow {
  const body = entry.kind === 'fill' ? fillBody(entry) : entry.kind === 'cash' ? cashBody(entry) : transferBody(entry)
  const trade = entry.kind === 'fill'
  const id = tdaId(book, entry)
  const value = {
    type: body.type,
    subAccount: '2',
    settlementDate: trade ? nextTradingDay(entry.day) : entry.day,
    ...(trade ? { orderId: `T${tdaOrderId(book, entry.order.number)}` } : {}),
    netAmount: Number(entry.net),
    transactionDate: tdaTime(entry.at),
    ...(trade ? { orderDate: tdaTime(entry.order.submittedAt) } : {}),
    transactionSubType: body.sub,
    transactionId: id,
    ...(body.sub === 'MI' ? { achStatus: 'Approved' } : {}),
    cashBalanceEffectFlag: true,
    description: body.description,
    fees: feesOf(trade ? entry.fees : []),
    transactionItem: { accountId: Number(book.number), ...body.item },
  }
  const symbol = entry.kind === 'cash' ? entry.symbol : tdaSymbol(entry.kind === 'fill' ? entry.leg.instrument : entry.instrument)
  return { id: String(id), at: Math.floor(entry.at / 1000) * 1000, type: body.type, symbol, text: JSON.stringify(value) }
}

function feesOf(fees: readonly FeeLine[]): object {
  const sum = (type: FeeLine['type']) => fees.filter(fee => fee.type === type).reduce((total, { cents }) => total + cents, 0) / 100
  return {
    rFee: 0,
    additionalFee: 0,
    cdscFee: 0,
    regFee: sum('TAF_FEE'),
    otherCharges: 0,
    commission: sum('COMMISSION'),
    optRegFee: sum('OPT_REG_FEE'),
    secFee: sum('SEC_FEE'),
  }
}

const TRADES = {
  buyopen: ['BY', 'BUY TRADE'],
  buyclose: ['CS', 'CLOSE SHORT POSITION'],
  sellopen: ['SS', 'SHORT SALE'],
  sellclose: ['SL', 'SELL TRADE'],
} as const

function fillBody({ leg, qty, price, net, fees }: FillEntry): Body {
  const [sub, description] = TRADES[`${leg.side}${leg.effect}`]
  const costs = fees.reduce((total, { cents }) => total + cents, 0) / 100
  const item = {
    amount: Number(qty),
    price: Number(price),
    cost: Number((Number(net) + costs).toFixed(2)),
    instruction: leg.side.toUpperCase(),
    positionEffect: leg.effect === 'open' ? 'OPENING' : 'CLOSING',
    instrument: transactionInstrument(leg.instrument),
  }
  return { type: 'TRADE', sub, description, item }
}

const CASH = {
  deposit: ['ELECTRONIC_FUND', 'AD', 'CLIENT REQUESTED ELECTRONIC FUNDING RECEIPT (FUNDS NOW)'],
  withdrawal: ['ELECTRONIC_FUND', 'AW', 'CLIENT REQUESTED ELECTRONIC FUNDING DISBURSEMENT (FUNDS NOW)'],
  dividend: ['DIVIDEND_OR_INTEREST', 'QF', 'QUALIFIED DIVIDEND'],
  withholding: ['JOURNAL', 'WF', 'FOREIGN TAX WITHHELD'],
  interest: ['DIVIDEND_OR_INTEREST', 'MI', 'FREE BALANCE INTEREST ADJUSTMENT'],
  fee: ['CASH_DISBURSEMENT', 'FE', 'SERVICE FEE'],
  journal: ['JOURNAL', 'JN', 'PROMOTIONAL CREDIT'],
} as const satisfies Record<CashEntry['what'], readonly [string, string, string]>

function cashBody({ what, symbol, net }: CashEntry): Body {
  const [type, sub, words] = CASH[what]
  const description = what === 'interest' && Dec.isNegative(net) ? 'MARGIN INTEREST ADJUSTMENT' : words
  const instrument = symbol === null ? {} : { instrument: { symbol, cusip: cusipOf(symbol), assetType: 'EQUITY' } }
  return { type, sub, description, item: { cost: 0, ...instrument } }
}

const TRANSFERS = {
  split: ['RECEIVE_AND_DELIVER', 'ST', 'STOCK SPLIT'],
  expired: ['RECEIVE_AND_DELIVER', 'OE', 'REMOVAL OF OPTION DUE TO EXPIRATION'],
  assigned: ['RECEIVE_AND_DELIVER', 'OA', 'REMOVAL OF OPTION DUE TO ASSIGNMENT'],
  delivered: ['TRADE', 'OA', 'OPTION ASSIGNMENT'],
  reinvested: ['TRADE', 'DR', 'DIVIDEND REINVEST'],
} as const satisfies Record<TransferEntry['what'], readonly [string, string, string]>

function transferBody({ what, instrument, qty, price, net }: TransferEntry): Body {
  const [type, sub, description] = TRANSFERS[what]
  // Amounts carry no sign: a removal takes away what was held.
  const base = { amount: Math.abs(Number(qty)), cost: Number(net), instrument: transactionInstrument(instrument) }
  if (type !== 'TRADE') return { type, sub, description, item: base }
  return { type, sub, description, item: { ...base, price: Number(price), instruction: Dec.isNegative(qty) ? 'SELL' : 'BUY' } }
}

function transactionInstrument(instrument: Instrument): object {
  const { contract } = instrument
  const base = { symbol: tdaSymbol(instrument), cusip: cusipOf(instrument.symbol), assetType: contract ? 'OPTION' : 'EQUITY' }
  if (!contract) return base
  return {
    ...base,
    underlyingSymbol: contract.underlying,
    optionExpirationDate: tdaTime(midnightMs(contract.expiry)),
    optionStrikePrice: contract.strikeCents / 100,
    putCall: contract.right.toUpperCase(),
    description: instrument.name,
  }
}

const BULK_FIRST_ID = 300_000_000_000

/** Day trades of a large history; the id counts them. */
export function tdaBulkForm(book: Book, bulk: Bulk): BulkForm {
  return {
    row(number) {
      const { at, day, side, symbol, pieces, cents } = bulk.fill(number)
      const id = BULK_FIRST_ID + number
      const buy = side === 'buy'
      const cost = ((buy ? -1 : 1) * pieces * cents) / 100
      const item = {
        accountId: Number(book.number),
        amount: pieces,
        price: cents / 100,
        cost,
        instruction: side.toUpperCase(),
        positionEffect: buy ? 'OPENING' : 'CLOSING',
        instrument: { symbol, cusip: cusipOf(symbol), assetType: 'EQUITY' },
      }
      const value = {
        type: 'TRADE',
        subAccount: '2',
        settlementDate: nextTradingDay(day),
        orderId: `T${id}`,
        netAmount: cost,
        transactionDate: tdaTime(at),
        transactionSubType: buy ? 'BY' : 'SL',
        transactionId: id,
        cashBalanceEffectFlag: true,
        description: buy ? 'BUY TRADE' : 'SELL TRADE',
        fees: feesOf([]),
        transactionItem: item,
      }
      return { id: String(id), at: Math.floor(at / 1000) * 1000, type: 'TRADE', symbol, text: JSON.stringify(value) }
    },
    numberOf(id) {
      const number = Number(id) - BULK_FIRST_ID
      return Number.isInteger(number) && number >= 0 && number < bulk.count ? number : undefined
    },
  }
}
