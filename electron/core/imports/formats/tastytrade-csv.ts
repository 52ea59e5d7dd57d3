import type { ActivityKind } from '../../../../shared/domain/activity.ts'
import { Dec } from '../../../../shared/domain/decimal.ts'
import { Instant, type LocalDate } from '../../../../shared/domain/time.ts'
import { exchangeDay } from '../../brokers/exchange-day.ts'
import { activityKind } from '../../brokers/tastytrade/kinds.ts'
import { assetClassOf, fromSymbol } from '../../brokers/tastytrade/symbols.ts'
import { figure, readFigure, wordsIn } from '../cells.ts'
import { type CsvRow, headerIndex, readRecords, rowsBelow, strangers } from '../csv.ts'
import { type FileFacts, type FileFormat, type FileRow, plainFacts, unreadable } from '../format.ts'
import { FORMAT_LABELS } from '../labels.ts'
import { movement } from '../trade-facts.ts'

const NEEDED = [
  'Date',
  'Type',
  'Sub Type',
  'Action',
  'Symbol',
  'Instrument Type',
  'Description',
  'Value',
  'Quantity',
  'Average Price',
  'Commissions',
  'Fees',
]
const KNOWN = [
  ...NEEDED,
  'Multiplier',
  'Root Symbol',
  'Underlying Symbol',
  'Expiration Date',
  'Strike Price',
  'Call or Put',
  'Order #',
  'Total',
  'Currency',
]

/** The "Transaction history" export of the website. Older files have no `Total` column. */
export const tastytradeCsv: FileFormat = {
  id: 'tastytrade-csv',
  label: FORMAT_LABELS['tastytrade-csv'],
  brokers: ['tastytrade'],
  idsOf: [],
  detect: text => /^\uFEFF?"?Date"?,"?Type"?,"?Sub Type"?,"?Action"?,"?Symbol"?,"?Instrument Type/i.test(text.trimStart()),
  parse(text) {
    const records = readRecords(text)
    const at = headerIndex(records, NEEDED)
    const header = records[at]
    if (!header) throw unreadable(1, '', 'a column of the header is missing')
    return {
      rows: rowsBelow(header, records.slice(at + 1)).map(toRow),
      unknownColumns: strangers(header, KNOWN),
      accountNumber: null,
      notes: [],
    }
  },
}

function toRow(row: CsvRow): FileRow {
  const executedAt = momentOf(row)
  const type = [row.cell('Type'), row.cell('Sub Type')].filter(part => part !== '').join(' / ')
  const kind = activityKind({ type: row.cell('Type'), subType: row.cell('Sub Type'), description: row.cell('Description') })
  const base: FileFacts = {
    ...plainFacts('other', type, exchangeDay(executedAt)),
    executedAt,
    currency: currencyOf(row),
    description: wordsIn(row, 'Description'),
    amount: amountOf(row),
  }
  const known = kind !== 'other'
  return { line: row.line, ownId: null, facts: known ? { ...base, ...factsOf(row, kind, base.tradeDate) } : base, raw: row.raw, known }
}

function currencyOf(row: CsvRow): string {
  const currency = wordsIn(row, 'Currency') ?? 'USD'
  if (!/^[A-Z]{3}$/.test(currency)) throw unreadable(row.line, 'Currency', 'not a currency')
  return currency
}

function factsOf(row: CsvRow, kind: ActivityKind, day: LocalDate): Partial<FileFacts> {
  const symbol = wordsIn(row, 'Symbol')
  const assetClass = assetClassOf(wordsIn(row, 'Instrument Type'))
  const quantity = figure(row, 'Quantity')
  const costs = Dec.neg(costsOf(row))
  const side = row.cell('Action').startsWith('SELL') ? 'sell' : row.cell('Action').startsWith('BUY') ? 'buy' : undefined
  const effect = row.cell('Action').endsWith('OPEN') ? 'open' : row.cell('Action').endsWith('CLOSE') ? 'close' : undefined
  const moved = kind === 'trade' ? quantity : signed(quantity, side, row.cell('Sub Type'))
  return {
    symbol: symbol === null ? null : fromSymbol(symbol, assetClass, day),
    assetClass: symbol === null ? null : assetClass,
    orderId: wordsIn(row, 'Order #'),
    ...movement(
      { kind, ...(side === undefined ? {} : { side }), ...(effect === undefined ? {} : { effect }) },
      { quantity: moved, price: priceOf(row), amount: amountOf(row), fees: costs },
    ),
  }
}

/** The signed change of a position. Without an action, an assigned option was short and an exercised one long. */
function signed(quantity: Dec | null, side: 'buy' | 'sell' | undefined, subType: string): Dec | null {
  if (quantity === null || Dec.isZero(quantity)) return null
  const size = Dec.abs(quantity)
  if (side !== undefined) return side === 'sell' ? Dec.neg(size) : size
  return /^assign/i.test(subType) ? size : /^exercise/i.test(subType) ? Dec.neg(size) : null
}

/** `Total`, or what older files leave to add up. */
function amountOf(row: CsvRow): Dec | null {
  const value = figure(row, 'Value')
  return figure(row, 'Total') ?? (value === null ? null : Dec.add(value, costsOf(row)))
}

function costsOf(row: CsvRow): Dec {
  return Dec.add(figure(row, 'Commissions') ?? Dec.zero, figure(row, 'Fees') ?? Dec.zero)
}

const SHARE_OF = new Map([
  ['1', '1'],
  ['10', '0.1'],
  ['100', '0.01'],
  ['1000', '0.001'],
])

/**
 * `Average Price` is for a whole contract and signed; the price is for one unit. The multiplier of a future's option is not in the
 * file (it says 1), so there the description has the price.
 */
function priceOf(row: CsvRow): Dec | null {
  const stated = figure(row, 'Average Price')
  const share = row.cell('Multiplier') === '' ? '1' : SHARE_OF.get(String(figure(row, 'Multiplier') ?? ''))
  if (stated !== null && share !== undefined && !row.cell('Instrument Type').startsWith('Future'))
    return Dec.abs(Dec.mul(stated, Dec.of(share)))
  const words = / @ ([\d.,]+)$/.exec(row.cell('Description'))?.[1]
  return words === undefined ? null : readFigure(words, () => unreadable(row.line, 'Description', 'not a price'))
}

function momentOf(row: CsvRow): Instant {
  try {
    return Instant.parse(row.cell('Date'))
  } catch {
    throw unreadable(row.line, 'Date', 'not a date and time with its offset')
  }
}
