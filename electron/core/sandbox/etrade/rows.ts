import { Dec } from '../../../../shared/domain/decimal.ts'
import type { LocalDate } from '../../../../shared/domain/time.ts'
import type { Bulk } from '../bulk.ts'
import { midnightMs, nextTradingDay } from '../calendar.ts'
import type { BulkForm, FeedRow } from '../feed.ts'
import type { Contract, Instrument } from '../instrument.ts'
import type { CashEntry, Entry, FillEntry, TransferEntry } from '../story.ts'
import type { EtradeIdentity } from './customers.ts'

/** How rows of one account are written. `ms` answers whether times come in milliseconds or, as in the broker's own sandbox, in seconds. */
export interface EtradeBook extends Pick<EtradeIdentity, 'number' | 'index' | 'key'> {
  ms(): boolean
}

interface Facts {
  readonly id: string
  /** When it happened, which no row tells but the order of the list. */
  readonly at: number
  readonly day: LocalDate
  readonly amount: Dec
  readonly type: string
  readonly description: string
  readonly product: object
  readonly displaySymbol: string
  readonly quantity: number
  readonly price: number
  readonly fee: number
  readonly orderNo: number
}

export function etradeId(book: Pick<EtradeBook, 'index'>, entry: Pick<Entry, 'dayNumber' | 'sequence'>): string {
  return String(20_000_000_000_000 + entry.dayNumber * 10_000_000 + book.index * 1_000_000 + entry.sequence)
}

export function etradeOrderId(number: number): number {
  return number % 100_000_000
}

/** What the list says of one booked entry. Days are midnight in New York; nothing has a time of day. */
export function etradeRow(book: EtradeBook, entry: Entry): FeedRow {
  return listRow(book, factsOf(book, entry))
}

/** The detail of one booked entry: capitals where the list has none, and the order's number. */
export function etradeDetail(book: EtradeBook, entry: Entry): object {
  const facts = factsOf(book, entry)
  return {
    transactionId: Number(facts.id),
    accountId: book.number,
    transactionDate: timeOf(book, facts.day),
    amount: Number(facts.amount),
    description: facts.description,
    Category: { categoryId: 0, parentId: 0, categoryName: '', parentName: '' },
    Brokerage: {
      transactionType: facts.type,
      Product: facts.product,
      quantity: facts.quantity,
      price: facts.price,
      settlementCurrency: 'USD',
      paymentCurrency: 'USD',
      fee: facts.fee,
      memo: '',
      orderNo: facts.orderNo,
    },
  }
}

function listRow(book: EtradeBook, facts: Facts): FeedRow {
  const at = timeOf(book, facts.day)
  const value = {
    transactionId: facts.id,
    accountId: book.number,
    transactionDate: at,
    postDate: 0,
    amount: Number(facts.amount),
    description: facts.description,
    transactionType: facts.type,
    memo: '\n\t\t\t',
    imageFlag: false,
    storeId: 0,
    brokerage: {
      product: facts.product,
      quantity: facts.quantity,
      price: facts.price,
      settlementCurrency: 'USD',
      paymentCurrency: 'USD',
      fee: facts.fee,
      displaySymbol: facts.displaySymbol,
      settlementDate: facts.quantity === 0 ? 0 : timeOf(book, nextTradingDay(facts.day)),
    },
  }
  return { id: facts.id, at: facts.at, type: facts.type, symbol: null, text: JSON.stringify(value) }
}

function timeOf(book: EtradeBook, day: LocalDate): number {
  return midnightMs(day) / (book.ms() ? 1 : 1000)
}

function factsOf(book: EtradeBook, entry: Entry): Facts {
  const base = { id: etradeId(book, entry), at: entry.at, day: entry.day, amount: entry.net, orderNo: 0, fee: 0 }
  if (entry.kind === 'fill') return { ...base, ...fillFacts(entry) }
  if (entry.kind === 'cash') return { ...base, ...cashFacts(entry) }
  return { ...base, ...transferFacts(entry) }
}

const WORDS = { buyopen: 'Bought', buyclose: 'Bought To Cover', sellopen: 'Sold Short', sellclose: 'Sold' } as const

function fillFacts({ leg, qty, price, fees, order }: FillEntry): Omit<Facts, 'id' | 'at' | 'day' | 'amount'> {
  const { instrument, side, effect } = leg
  const share = instrument.contract === null
  const bare = share && side === 'sell' && order.number % 5 === 0
  return {
    type: WORDS[`${side}${effect}`],
    description: descriptionOf(instrument),
    // Some sales name their share in the display symbol alone.
    product: bare ? {} : transactionProduct(instrument),
    displaySymbol: share ? instrument.symbol.padEnd(bare ? 8 : 0) : '',
    // Sold shares carry a minus, options never do: the word tells the side.
    quantity: share && side === 'sell' ? -Number(qty) : Number(qty),
    price: Number(price),
    fee: fees.reduce((total, { cents }) => total + cents, 0) / 100,
    orderNo: etradeOrderId(order.number),
  }
}

const CASH_WORDS = {
  deposit: ['Transfer', 'ACH DEPOSIT'],
  withdrawal: ['Transfer', 'ACH WITHDRAWL'],
  dividend: ['Qualified Dividend', 'QUALIFIED DIVIDEND'],
  withholding: ['Foreign Tax Withheld', 'FOREIGN TAX WITHHELD'],
  interest: ['Interest Income', 'INTEREST ON CREDIT BALANCE'],
  fee: ['Fee', 'SERVICE FEE'],
  journal: ['Adjustment', 'PROMOTIONAL CREDIT'],
} as const satisfies Record<CashEntry['what'], readonly [string, string]>

function cashFacts({ what, symbol, net, dayNumber }: CashEntry): Omit<Facts, 'id' | 'at' | 'day' | 'amount' | 'orderNo' | 'fee'> {
  const [type, words] = what === 'interest' && Dec.isNegative(net) ? ['Margin Interest', 'MARGIN INTEREST'] : CASH_WORDS[what]
  const description = what === 'deposit' || what === 'withdrawal' ? `${words} REFID:${70_000_000 + dayNumber};` : words
  const product = symbol === null ? (what === 'interest' ? { symbol: '', securityType: 'MMF' } : {}) : { symbol, securityType: 'EQ' }
  return {
    type,
    description: symbol === null ? description : `${symbol} ${description}`,
    product,
    displaySymbol: symbol ?? '',
    quantity: 0,
    price: 0,
  }
}

const TRANSFER_WORDS = {
  split: 'Stock Split',
  expired: 'Option Expired',
  assigned: 'Option Assigned',
  reinvested: 'Dividend Reinvestment',
} as const

function transferFacts({ what, instrument, qty, price }: TransferEntry): Omit<Facts, 'id' | 'at' | 'day' | 'amount' | 'orderNo' | 'fee'> {
  const product = transactionProduct(instrument)
  if (what === 'delivered') {
    const sold = Dec.isNegative(qty)
    const description = `${instrument.symbol} ${sold ? 'CALL' : 'PUT'} ASN UNSOLICITED TRADE`
    return {
      type: sold ? 'Sold' : 'Bought',
      description,
      product,
      displaySymbol: instrument.symbol,
      quantity: Number(qty),
      price: Number(price),
    }
  }
  const description = what === 'split' ? `${instrument.symbol} STOCK SPLIT` : descriptionOf(instrument)
  const quantity = what === 'split' || what === 'reinvested' ? Number(qty) : Math.abs(Number(qty))
  return { type: TRANSFER_WORDS[what], description, product, displaySymbol: '', quantity, price: Number(price) }
}

function descriptionOf({ contract, name }: Instrument): string {
  if (!contract) return name
  const [year = '', month = '', day = ''] = contract.expiry.split('-')
  return `${contract.right.toUpperCase()} ${contract.underlying} ${month}/${day}/${year.slice(2)} ${(contract.strikeCents / 100).toFixed(3)}`
}

function transactionProduct({ symbol, contract }: Instrument): object {
  if (!contract) return { symbol, securityType: 'EQ' }
  // Two digits here, four in orders and positions.
  return { ...optionProduct(contract), expiryYear: Number(contract.expiry.slice(2, 4)) }
}

/** An option's product: the symbol is that of the share behind it. */
export function optionProduct({ underlying, right, strikeCents, expiry }: Contract) {
  const [year = '', month = '', day = ''] = expiry.split('-')
  return {
    symbol: underlying,
    securityType: 'OPTN',
    callPut: right.toUpperCase(),
    expiryYear: Number(year),
    expiryMonth: Number(month),
    expiryDay: Number(day),
    strikePrice: strikeCents / 100,
  }
}

/** The OSI key: padded with dashes, as in `TSLA--231020C00230000`. */
export function osiKey({ symbol, contract }: Instrument): string {
  return contract ? contract.underlying.padEnd(6, '-') + symbol.slice(contract.underlying.length) : symbol
}

const BULK_FIRST_ID = 90_000_000_000_000

/** Day trades of a large history; the id counts them. */
export function etradeBulkForm(book: EtradeBook, bulk: Bulk): BulkForm {
  return {
    row(number) {
      const { at, day, side, symbol, pieces, cents } = bulk.fill(number)
      const buy = side === 'buy'
      const facts: Facts = {
        id: String(BULK_FIRST_ID + number),
        at,
        day,
        amount: Dec.of(String(((buy ? -1 : 1) * pieces * cents) / 100)),
        type: buy ? 'Bought' : 'Sold',
        description: symbol,
        product: { symbol, securityType: 'EQ' },
        displaySymbol: symbol,
        quantity: buy ? pieces : -pieces,
        price: cents / 100,
        fee: 0,
        orderNo: 0,
      }
      return listRow(book, facts)
    },
    numberOf(id) {
      const number = Number(id) - BULK_FIRST_ID
      return Number.isInteger(number) && number >= 0 && number < bulk.count ? number : undefined
    },
  }
}
