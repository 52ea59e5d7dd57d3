import { Dec } from '../../../../shared/domain/decimal.ts'
import { normalSymbol } from '../../../../shared/domain/instrument.ts'
import { dayIn, figure, wordsIn } from '../cells.ts'
import { type CsvRow, headerIndex, readRecords, rowsBelow, strangers } from '../csv.ts'
import { type FileFormat, type FileRow, plainFacts, unreadable } from '../format.ts'
import { FORMAT_LABELS } from '../labels.ts'
import { optionSymbol } from '../option-words.ts'
import { classOf, type Meanings, meaningOf, movement, TRADES } from '../trade-facts.ts'

const NEEDED = ['DATE', 'TRANSACTION ID', 'DESCRIPTION', 'QUANTITY', 'SYMBOL', 'PRICE', 'COMMISSION', 'AMOUNT']
const FEES = ['REG FEE', 'SHORT-TERM RDM FEE', 'FUND REDEMPTION FEE', 'DEFERRED SALES CHARGE', 'SALES FEE']
const END = '***END OF FILE***'

/** The transaction history download of TD Ameritrade. Its last line says that it is whole. */
export const tdaCsv: FileFormat = {
  id: 'tda-csv',
  label: FORMAT_LABELS['tda-csv'],
  brokers: ['tdameritrade', 'schwab'],
  idsOf: ['tdameritrade'],
  detect: text => /^\uFEFF?"?DATE"?,"?TRANSACTION ID"?,"?DESCRIPTION"?,"?QUANTITY"?,"?SYMBOL"?/i.test(text.trimStart()),
  parse(text) {
    const records = readRecords(text)
    const at = headerIndex(records, NEEDED)
    const header = records[at]
    if (!header) throw unreadable(1, '', 'a column of the header is missing')
    const below = records.slice(at + 1)
    const last = below.at(-1)
    if (last?.cells[0]?.trim() !== END) throw unreadable(last?.line ?? header.line, '', 'the file stops before its closing line')
    return {
      rows: rowsBelow(header, below.slice(0, -1)).map(toRow),
      unknownColumns: strangers(header, [...NEEDED, ...FEES, 'NET CASH BALANCE']),
      accountNumber: null,
      notes: [],
    }
  },
}

/** TD Ameritrade's words, in its files and in its API. */
export const TDA_MEANINGS: Meanings = [
  ...TRADES,
  [/^dividend reinvest|reinvested/i, { kind: 'trade', side: 'buy' }],
  [/expiration|\bassign|\bexercise|removal of option/i, { kind: 'option-event' }],
  [/\bsplit\b/i, { kind: 'split' }],
  [/^(?:mandatory|merger|spin|name change|cash in lieu|exchange|tender|stock dividend|rights)/i, { kind: 'corporate-action' }],
  [/withh|\btax\b|foreign tax/i, { kind: 'tax' }],
  [/\bfees?\b/i, { kind: 'fee' }],
  [/^(?:money market|cash alternatives)/i, { kind: 'journal' }],
  [/interest/i, { kind: 'interest' }],
  [/dividend|capital gain|cap gain/i, { kind: 'dividend' }],
  [/electronic funding|wire|transfer|deposit|withdraw|disbursement|check|ach\b|client requested/i, { kind: 'transfer' }],
  [/journal|adjust|off-cycle/i, { kind: 'journal' }],
]

function toRow(row: CsvRow): FileRow {
  const words = row.cell('DESCRIPTION')
  const base = {
    ...plainFacts('other', words.split(/ \d|\(|~/)[0]?.trim() ?? '', dayIn(row, 'DATE')),
    amount: figure(row, 'AMOUNT'),
    description: wordsIn(row, 'DESCRIPTION'),
  }
  const meaning = meaningOf(TDA_MEANINGS, words)
  const symbol = symbolOf(row)
  const figures = {
    quantity: figure(row, 'QUANTITY'),
    price: figure(row, 'PRICE'),
    amount: base.amount,
    fees: Dec.sum(['COMMISSION', ...FEES].map(column => Dec.abs(figure(row, column) ?? Dec.zero))),
  }
  const facts = meaning === null ? base : { ...base, symbol, assetClass: classOf(symbol, figures), ...movement(meaning, figures) }
  return { line: row.line, ownId: wordsIn(row, 'TRANSACTION ID'), facts, raw: row.raw, known: facts.kind !== 'other' }
}

function symbolOf(row: CsvRow): string | null {
  const words = wordsIn(row, 'SYMBOL')
  return words === null ? null : (optionSymbol(words) ?? normalSymbol(words))
}
