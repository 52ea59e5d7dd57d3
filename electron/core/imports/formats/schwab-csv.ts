import { Dec } from '../../../../shared/domain/decimal.ts'
import { normalSymbol } from '../../../../shared/domain/instrument.ts'
import type { LocalDate } from '../../../../shared/domain/time.ts'
import { figure, usDay, wordsIn } from '../cells.ts'
import { type CsvRow, headerIndex, readRecords, rowsBelow, strangers } from '../csv.ts'
import { type FileFormat, type FileRow, plainFacts, unreadable } from '../format.ts'
import { FORMAT_LABELS } from '../labels.ts'
import { optionSymbol } from '../option-words.ts'
import { classOf, type Meaning, type Meanings, meaningOf, movement, TRADES } from '../trade-facts.ts'

const COLUMNS = ['Date', 'Action', 'Symbol', 'Description', 'Quantity', 'Price', 'Fees & Comm', 'Amount']
const TOTAL = /^transactions? total$/i

/** The "Transactions" export: columns in any order, a title above them in some files and a line of totals below. */
export const schwabCsv: FileFormat = {
  id: 'schwab-csv',
  label: FORMAT_LABELS['schwab-csv'],
  brokers: ['schwab', 'tdameritrade'],
  idsOf: [],
  detect: text =>
    text
      .slice(0, 4000)
      .split(/\r?\n/)
      .some(line => COLUMNS.every(column => cellsOf(line).includes(column.toLowerCase()))),
  parse(text) {
    const records = readRecords(text)
    const at = headerIndex(records, COLUMNS)
    const header = records[at]
    if (!header) throw unreadable(1, '', 'a column of the header is missing')
    const rows = rowsBelow(header, records.slice(at + 1)).filter(row => !TOTAL.test(row.cell('Date')))
    return { rows: rows.map(toRow), unknownColumns: strangers(header, COLUMNS), accountNumber: null, notes: [] }
  },
}

function cellsOf(line: string): string[] {
  return line.split(',').map(cell => cell.trim().replaceAll('"', '').toLowerCase())
}

const MEANINGS: Meanings = [
  [/^(?:buy|sell|sold|bought)\b/i, { kind: 'trade' }],
  [/^reinvest shares$/i, { kind: 'trade', side: 'buy' }],
  [/^(?:expired|assigned|exchange or exercise|exercised)/i, { kind: 'option-event' }],
  [/\bsplit\b/i, { kind: 'split' }],
  [
    /^(?:cash in lieu|spin-?off|name change|conversion|(?:stock|cash|full) merger|cash\/stock merger|stock div dist|mandatory|tender|rights|reorg|redemption|full redemption)/i,
    { kind: 'corporate-action' },
  ],
  [/withh|\btax\b|^nra\b/i, { kind: 'tax' }],
  [/\bfees?\b|\bcommission\b/i, { kind: 'fee' }],
  [/interest|\bint\b/i, { kind: 'interest' }],
  [/\bdiv(?:idend)?\b|cap gain/i, { kind: 'dividend' }],
  [
    /^(?:moneylink|wire|funds|internal transfer|journaled shares|security transfer|stock plan|transfer|tfr|bank transfer|visa|check|atm|auto s\d|misc cash|promotional)/i,
    { kind: 'transfer' },
  ],
  [/^journal/i, { kind: 'journal' }],
  [/^adjustment|misc credits?|\badj\b/i, { kind: 'journal' }],
]

function toRow(row: CsvRow): FileRow {
  const action = row.cell('Action')
  const base = { ...plainFacts('other', action, dayOf(row)), amount: figure(row, 'Amount'), description: wordsIn(row, 'Description') }
  const found = meaningOf(MEANINGS, action)
  const meaning = found?.kind === 'trade' ? { ...found, ...meaningOf(TRADES, action) } : found
  if (meaning === null) return { line: row.line, ownId: null, facts: base, raw: row.raw, known: false }
  const symbol = symbolOf(row)
  const figures = {
    quantity: figure(row, 'Quantity'),
    price: figure(row, 'Price'),
    amount: base.amount,
    fees: figure(row, 'Fees & Comm') ?? Dec.zero,
  }
  const facts = { ...base, symbol, brokerType: wordOf(row, meaning), assetClass: classOf(symbol, figures), ...movement(meaning, figures) }
  return { line: row.line, ownId: null, facts, raw: row.raw, known: facts.kind !== 'other' }
}

const AS_OF = / as of /i

/** Shares of a split or another action that are entered as of a day came after its close: the word says so, because all that was traded on that day came before. */
function wordOf(row: CsvRow, { kind }: Meaning): string {
  const [, asOf] = row.cell('Date').split(AS_OF)
  const action = row.cell('Action')
  return asOf !== undefined && (kind === 'split' || kind === 'corporate-action') ? `${action} as of ${asOf.trim()}` : action
}

/** `10/14/2024 as of 10/10/2024`: entered on the first day, true of the second. */
function dayOf(row: CsvRow): LocalDate {
  const [entered = '', asOf] = row.cell('Date').split(AS_OF)
  const day = usDay((asOf ?? entered).trim())
  if (day === null) throw unreadable(row.line, 'Date', 'not a date')
  return day
}

function symbolOf(row: CsvRow): string | null {
  const words = wordsIn(row, 'Symbol')
  return words === null ? null : (optionSymbol(words) ?? normalSymbol(words))
}
