import { Dec } from '../../../../shared/domain/decimal.ts'
import { normalSymbol } from '../../../../shared/domain/instrument.ts'
import { dayIn, figure, usDay, wordsIn } from '../cells.ts'
import { type CsvRecord, type CsvRow, headerIndex, readRecords, rowsBelow, strangers } from '../csv.ts'
import { type FileFormat, type FileRow, plainFacts, unreadable } from '../format.ts'
import { FORMAT_LABELS } from '../labels.ts'
import { optionSymbol } from '../option-words.ts'
import { classOf, type Meaning, type Meanings, meaningOf, movement, TRADES } from '../trade-facts.ts'

/** Where a generation of the export keeps what. */
interface Generation {
  readonly needed: readonly string[]
  readonly known: readonly string[]
  readonly date: string
  readonly type: string
  readonly quantity: string
  readonly price: string
  readonly amount: string
  readonly fees: readonly string[]
}

const GENERATIONS: readonly Generation[] = [
  {
    needed: [
      'Activity/Trade Date',
      'Transaction Date',
      'Settlement Date',
      'Activity Type',
      'Description',
      'Symbol',
      'Quantity #',
      'Price $',
      'Amount $',
      'Commission',
    ],
    known: ['Cusip', 'Fees', 'Category', 'Note'],
    date: 'Activity/Trade Date',
    type: 'Activity Type',
    quantity: 'Quantity #',
    price: 'Price $',
    amount: 'Amount $',
    fees: ['Commission', 'Fees'],
  },
  {
    needed: ['TransactionDate', 'TransactionType', 'SecurityType', 'Symbol', 'Quantity', 'Amount', 'Price', 'Commission', 'Description'],
    known: [],
    date: 'TransactionDate',
    type: 'TransactionType',
    quantity: 'Quantity',
    price: 'Price',
    amount: 'Amount',
    fees: ['Commission'],
  },
  {
    needed: ['Date', 'Transaction type', 'Description', 'Quantity', 'Price', 'Commission', 'Fees', 'Amount'],
    known: ['Symbol'],
    date: 'Date',
    type: 'Transaction type',
    quantity: 'Quantity',
    price: 'Price',
    amount: 'Amount',
    fees: ['Commission', 'Fees'],
  },
]

/** The "Transactions" download in its three generations of headers, with a title above and a disclaimer below in some. */
export const etradeCsv: FileFormat = {
  id: 'etrade-csv',
  label: FORMAT_LABELS['etrade-csv'],
  brokers: ['etrade'],
  idsOf: [],
  detect: text =>
    text
      .slice(0, 4000)
      .split(/\r?\n/)
      .some(line =>
        GENERATIONS.some(({ needed }) =>
          needed.every(column =>
            line
              .toLowerCase()
              .replaceAll('"', '')
              .split(',')
              .map(cell => cell.trim())
              .includes(column.toLowerCase()),
          ),
        ),
      ),
  parse(text) {
    const records = readRecords(text)
    for (const generation of GENERATIONS) {
      const at = headerIndex(records, generation.needed)
      const header = records[at]
      if (header)
        return {
          ...readBelow(header, records.slice(at + 1), generation),
          unknownColumns: strangers(header, [...generation.needed, ...generation.known]),
        }
    }
    throw unreadable(1, '', 'a column of the header is missing')
  },
}

/** Rows down to the disclaimer: lines of one cell that hold no date. A line of several cells without a date is a broken row. */
function readBelow(
  header: CsvRecord,
  records: readonly CsvRecord[],
  generation: Generation,
): { rows: FileRow[]; accountNumber: null; notes: string[] } {
  const isText = ({ cells }: CsvRecord): boolean =>
    cells.filter(cell => cell.trim() !== '').length === 1 && usDay(cells[0]?.trim() ?? '') === null
  const end = records.findIndex(isText)
  const table = end < 0 ? records : records.slice(0, end)
  const after = end < 0 ? [] : records.slice(end).filter(record => !isText(record))
  if (after[0]) throw unreadable(after[0].line, '', 'a row stands below the closing text')
  return { rows: rowsBelow(header, table).map(row => toRow(row, generation)), accountNumber: null, notes: [] }
}

const MEANINGS: Meanings = [
  ...TRADES,
  [/^(?:option )?(?:expired|expiration|assigned|assignment|exercised?|cash settled)/i, { kind: 'option-event' }],
  [/\bsplit\b/i, { kind: 'split' }],
  [/^(?:reorg|merger|spin|cash in lieu|name change|exchange|redemption|tender|stock dividend|rights)/i, { kind: 'corporate-action' }],
  [/withh|\btax\b/i, { kind: 'tax' }],
  [/\bfees?\b|\bcommission\b/i, { kind: 'fee' }],
  [/interest/i, { kind: 'interest' }],
  [/dividend|cap(?:ital)? gain|distribution/i, { kind: 'dividend' }],
  [/transfer|deposit|withdraw|wire|ach\b|direct debit|contribution|check|transfer/i, { kind: 'transfer' }],
  [/^(?:adjustment|journal|misc)/i, { kind: 'journal' }],
]

function toRow(row: CsvRow, generation: Generation): FileRow {
  const type = row.cell(generation.type)
  const base = {
    ...plainFacts('other', type, dayIn(row, generation.date)),
    amount: figure(row, generation.amount),
    description: wordsIn(row, 'Description'),
  }
  const quantity = figure(row, generation.quantity)
  const meaning = reinvested(meaningOf(MEANINGS, type), type, quantity, base.amount)
  if (meaning === null) return { line: row.line, ownId: null, facts: base, raw: row.raw, known: false }
  const symbol = symbolOf(row)
  const figures = { quantity, price: priceOf(row, generation), amount: base.amount, fees: feesOf(row, generation) }
  const facts = { ...base, symbol, assetClass: classOf(symbol, figures), ...movement(meaning, figures) }
  return { line: row.line, ownId: null, facts, raw: row.raw, known: facts.kind !== 'other' }
}

/** A dividend row that pays for shares is its reinvestment; the dividend itself stands in a row of its own. */
function reinvested(meaning: Meaning | null, type: string, quantity: Dec | null, amount: Dec | null): Meaning | null {
  if (meaning?.kind !== 'dividend' || quantity === null || Dec.isZero(quantity)) return meaning
  return /reinvest/i.test(type) || (amount !== null && Dec.isNegative(amount) && !Dec.isNegative(quantity))
    ? { kind: 'trade', side: 'buy' }
    : meaning
}

function priceOf(row: CsvRow, generation: Generation): Dec | null {
  const price = figure(row, generation.price)
  return price !== null && Dec.isZero(price) ? null : price
}

function feesOf(row: CsvRow, { fees }: Generation): Dec {
  return Dec.sum(fees.map(column => Dec.abs(figure(row, column) ?? Dec.zero)))
}

/** The option in the description or the symbol, else the symbol. */
function symbolOf(row: CsvRow): string | null {
  const words = wordsIn(row, 'Symbol')
  const option = optionSymbol(words ?? '') ?? optionSymbol(row.cell('Description'))
  return option ?? (words === null ? null : normalSymbol(words))
}
