import { AppError } from '../../../../shared/contract/errors.ts'
import { Dec } from '../../../../shared/domain/decimal.ts'
import type { AssetClass } from '../../../../shared/domain/instrument.ts'
import { EXCHANGE_ZONE, type LocalDate } from '../../../../shared/domain/time.ts'
import { type FlexTime, readFlexTime } from '../../brokers/ibkr/flex/dates.ts'
import { endsOption } from '../../brokers/ibkr/flex/kinds.ts'
import { keelsonSymbol } from '../../brokers/ibkr/spelling.ts'
import { costOf, figure, wordsIn } from '../cells.ts'
import { type CsvRecord, type CsvRow, readRecords } from '../csv.ts'
import { type FileFacts, type FileFormat, type FileRow, plainFacts, unreadable } from '../format.ts'
import { FORMAT_LABELS } from '../labels.ts'
import { optionSymbol } from '../option-words.ts'
import { movement } from '../trade-facts.ts'
import { knownSection, type Section, sectionsOf } from './ibkr-sections.ts'

/** The Activity Statement as CSV: sections one below the other, each with its own header, totals among the rows. */
export const ibkrActivityCsv: FileFormat = {
  id: 'ibkr-activity-csv',
  label: FORMAT_LABELS['ibkr-activity-csv'],
  brokers: ['ibkr'],
  idsOf: [],
  detect: text => /^\uFEFF?Statement,Header,Field Name,Field Value/.test(text.trimStart()),
  parse(text) {
    const records = readRecords(text)
    const sections = sectionsOf(records)
    const accounts = accountsIn(records, sections)
    if (accounts.length > 1) throw new AppError('import/several-accounts', { details: { count: accounts.length } })
    const rows = sections.flatMap(({ name, rows: some }) => (name === 'Trades' ? tradeRows(some) : cashRows(name, some)))
    const strange = new Set(sections.map(({ name }) => name).filter(name => !knownSection(name)))
    const orders = rows.some(({ facts }) => facts.brokerType === 'Order')
    const notes = orders ? ['The statement lists orders, not their single fills. A Flex report tells more.'] : []
    return { rows: rows.toSorted((a, b) => a.line - b.line), unknownColumns: [...strange], accountNumber: accounts[0] ?? null, notes }
  },
}

/** The accounts a statement speaks of: by its head, and by the column that one of several accounts has. */
function accountsIn(records: readonly CsvRecord[], sections: readonly Section[]): string[] {
  const columns = sections.flatMap(({ rows }) => rows.map(row => row.cell('Account'))).filter(cell => ACCOUNT.test(cell))
  if (columns.length > 0) return [...new Set(columns)]
  const head = records.find(({ cells }) => cells[0] === 'Account Information' && cells[1] === 'Data' && cells[2]?.trim() === 'Account')
  const number = ACCOUNT.exec(head?.cells[3]?.trim() ?? '')?.[0]
  return number === undefined ? [] : [number]
}

const ACCOUNT = /^[A-Z]{1,3}\d{4,12}/

/** Fills (`Trade`) where the statement lists them, else orders; never both, nor totals and closed lots. */
function tradeRows(rows: readonly CsvRow[]): FileRow[] {
  const fills = rows.filter(row => row.cell('DataDiscriminator') === 'Trade')
  return (fills.length > 0 ? fills : rows.filter(row => row.cell('DataDiscriminator') === 'Order')).flatMap(tradeRow)
}

const CLASSES = new Map<string, AssetClass>([
  ['Stocks', 'equity'],
  ['Equity and Index Options', 'option'],
  ['Options On Futures', 'future-option'],
  ['Futures', 'future'],
  ['Forex', 'forex'],
  ['Bonds', 'bond'],
  ['Treasury Bills', 'bond'],
  ['Mutual Funds', 'fund'],
  ['Crypto', 'crypto'],
  ['Cryptocurrency', 'crypto'],
])

function tradeRow(row: CsvRow): FileRow[] {
  const time = timeIn(row, 'Date/Time')
  const assetClass = CLASSES.get(row.cell('Asset Category')) ?? 'other'
  const quantity = figure(row, 'Quantity')
  const codes = new Set(row.cell('Code').split(';'))
  const currency = row.cell('Currency')
  const costs = costsOf(row, currency)
  const kind = endsOption(assetClass, '', codes) ? 'option-event' : 'trade'
  const opens = codes.has('O') === codes.has('C') ? {} : { effect: codes.has('O') ? ('open' as const) : ('close' as const) }
  const facts: FileFacts = {
    ...plainFacts(kind, row.cell('DataDiscriminator'), time.day),
    executedAt: time.at,
    currency,
    symbol: symbolOf(row.cell('Symbol').replaceAll(',', ''), assetClass, currency, time.day),
    assetClass,
    ...movement(
      { kind, side: quantity !== null && Dec.isNegative(quantity) ? 'sell' : 'buy', ...opens },
      { quantity, price: figure(row, 'T. Price'), amount: cashOf(row, assetClass, costs.own), fees: Dec.neg(costs.own) },
    ),
  }
  const trade = { line: row.line, ownId: null, facts, raw: row.raw, known: facts.kind !== 'other' }
  if (costs.other === null) return [trade]
  const fee: FileFacts = {
    ...plainFacts('fee', 'Commission', time.day),
    symbol: facts.symbol,
    assetClass,
    currency: costs.other.currency,
    amount: costs.other.amount,
    fees: costOf(costs.other.amount),
  }
  return [trade, { ...trade, facts: fee, known: true }]
}

/** `Proceeds` with what the trade cost; those of futures and CFDs are no cash. */
function cashOf(row: CsvRow, assetClass: AssetClass, costs: Dec): Dec | null {
  const proceeds = figure(row, 'Proceeds', 'Notional Value')
  return proceeds === null || assetClass === 'future' || row.cell('Asset Category') === 'CFDs' ? null : Dec.add(proceeds, costs)
}

/** `Comm/Fee` is in the trade's currency, `Comm in USD` in its own: that of a trade in another currency stands in a row of its own. */
function costsOf(row: CsvRow, currency: string): { own: Dec; other: { currency: string; amount: Dec } | null } {
  const stated = figure(row, 'Comm/Fee')
  if (stated !== null) return { own: stated, other: null }
  const named = row.columns.map(column => /^Comm in ([A-Z]{3})$/.exec(column)?.[1]).find(found => found !== undefined)
  const amount = named === undefined ? null : figure(row, `Comm in ${named}`)
  if (named === undefined || amount === null || Dec.isZero(amount)) return { own: Dec.zero, other: null }
  return named === currency ? { own: amount, other: null } : { own: Dec.zero, other: { currency: named, amount } }
}

const SECTIONS = new Map<string, { kind: FileFacts['kind']; date: string; amount: readonly string[] }>([
  ['Deposits & Withdrawals', { kind: 'transfer', date: 'Settle Date', amount: ['Amount'] }],
  ['Dividends', { kind: 'dividend', date: 'Date', amount: ['Amount'] }],
  ['Payment In Lieu Of Dividends', { kind: 'dividend', date: 'Date', amount: ['Amount'] }],
  ['Withholding Tax', { kind: 'tax', date: 'Date', amount: ['Amount'] }],
  ['871(m) Withholding', { kind: 'tax', date: 'Date', amount: ['Amount'] }],
  ['Interest', { kind: 'interest', date: 'Date', amount: ['Amount'] }],
  ['Bond Interest Received', { kind: 'interest', date: 'Date', amount: ['Amount'] }],
  ['Fees', { kind: 'fee', date: 'Date', amount: ['Amount'] }],
  ['Transaction Fees', { kind: 'fee', date: 'Date/Time', amount: ['Amount'] }],
  ['Corporate Actions', { kind: 'corporate-action', date: 'Report Date', amount: ['Proceeds'] }],
  ['Transfers', { kind: 'transfer', date: 'Date', amount: ['Cash Amount', 'Cash Transfer'] }],
])

function cashRows(name: string, rows: readonly CsvRow[]): FileRow[] {
  const section = SECTIONS.get(name)
  if (!section) return []
  return rows.filter(isRow).map(row => {
    const words = row.cell('Description')
    const symbol = wordsIn(row, 'Symbol') ?? /^([A-Z][A-Z0-9. ]{0,11})\(/.exec(words)?.[1] ?? null
    const amount = figure(row, ...section.amount)
    const time = timeIn(row, section.date)
    const assetClass = CLASSES.get(row.cell('Asset Category')) ?? 'equity'
    const facts: FileFacts = {
      ...plainFacts(/split/i.test(words) && section.kind === 'corporate-action' ? 'split' : section.kind, name, time.day),
      currency: row.cell('Currency'),
      symbol: symbol === null ? null : symbolOf(symbol, assetClass, row.cell('Currency'), time.day),
      assetClass: symbol === null ? null : assetClass,
      quantity: MOVES.has(section.kind) ? directed(row, figure(row, 'Quantity', 'Qty')) : null,
      amount: directed(row, amount),
      fees: section.kind === 'fee' ? costOf(amount) : Dec.zero,
      description: wordsIn(row, 'Description'),
    }
    return { line: row.line, ownId: null, facts, raw: row.raw, known: true }
  })
}

/** Dividends, taxes and fees name the holding they are about, and move none of it. */
const MOVES = new Set<FileFacts['kind']>(['transfer', 'corporate-action'])

/** Transfers say which way they went. */
function directed(row: CsvRow, value: Dec | null): Dec | null {
  const direction = row.cell('Direction').toUpperCase()
  if (value === null || (direction !== 'IN' && direction !== 'OUT')) return value
  return direction === 'OUT' ? Dec.neg(Dec.abs(value)) : Dec.abs(value)
}

function symbolOf(text: string, assetClass: AssetClass, currency: string, near: LocalDate): string {
  return optionSymbol(text) ?? keelsonSymbol(text, assetClass, currency, near)
}

/** Totals stand among the rows with words where the currency or the first cell would be. */
function isRow(row: CsvRow): boolean {
  return /^[A-Z]{3}$/.test(row.cell('Currency'))
}

function timeIn(row: CsvRow, column: string): FlexTime {
  const time = readFlexTime(row.cell(column), EXCHANGE_ZONE)
  if (time === null || time === 'ambiguous') throw unreadable(row.line, column, 'not a date')
  return time
}
