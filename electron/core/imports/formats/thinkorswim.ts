import { Dec } from '../../../../shared/domain/decimal.ts'
import type { LocalDate } from '../../../../shared/domain/time.ts'
import { dayIn, figure, usDay, wordsIn } from '../cells.ts'
import { type CsvRecord, type CsvRow, readRecords, rowsBelow } from '../csv.ts'
import { type FileFacts, type FileFormat, type FileRow, plainFacts, unreadable } from '../format.ts'
import { FORMAT_LABELS } from '../labels.ts'
import { classOf, type Meanings, meaningOf, movement } from '../trade-facts.ts'
import { costsOf } from './thinkorswim-costs.ts'
import { fillsOf } from './thinkorswim-fills.ts'

const CASH = ['DATE', 'TIME', 'TYPE', 'DESCRIPTION', 'AMOUNT', 'BALANCE']
const TRADES = ['Exec Time', 'Side', 'Qty', 'Pos Effect', 'Symbol', 'Price']

/**
 * The "Account Statement" of thinkorswim: fills come from Account Trade History, costs and all other cash from Cash Balance. It
 * writes times in the zone of the user's screen without naming it, so only its days are taken.
 */
export const thinkorswimStatement: FileFormat = {
  id: 'thinkorswim-statement',
  label: FORMAT_LABELS['thinkorswim-statement'],
  brokers: ['tdameritrade', 'schwab'],
  idsOf: [],
  detect: text =>
    /^\uFEFF?(?:This document was exported[^\n]*\s+)?"?Account Statement for /.test(text.trimStart()) &&
    /^,?"?Cash Balance|^,?"?Account Trade History/m.test(text),
  parse(text) {
    const records = readRecords(text)
    const cash = tableOf(records, 'Cash Balance', CASH)
    const fills = tableOf(records, 'Account Trade History', TRADES)
    if (!cash && !fills) throw unreadable(1, '', 'neither Cash Balance nor Account Trade History is in it')
    const cashRows = (cash ?? []).filter(row => row.cell('TYPE') !== 'BAL' && !/^total/i.test(row.cell('DESCRIPTION')))
    const trades = cashRows.filter(row => row.cell('TYPE') === 'TRD')
    const told = fills ? fillsOf(fills, trades) : { rows: [], told: new Set<CsvRow>() }
    const rows = [...told.rows, ...cashRows.filter(row => !told.told.has(row)).map(cashRow)]
    const futures = tableOf(records, 'Futures Statements', ['Trade Date', 'Description', 'Amount'])
    const left = (futures ?? []).filter(row => usDay(row.cell('Trade Date')) !== null && row.cell('Type') === 'TRD').length
    const notes =
      left === 0 ? [] : [`${left} futures trades were left out: a thinkorswim statement does not say what their contracts are worth.`]
    return {
      rows: rows.toSorted((a, b) => a.line - b.line),
      unknownColumns: [],
      accountNumber: /Account Statement for (\S+)/.exec(text.slice(0, 1000))?.[1] ?? null,
      notes,
    }
  },
}

/** The rows below a section's title and header, down to the next record that does not begin a row; undefined without the section. */
function tableOf(records: readonly CsvRecord[], title: string, columns: readonly string[]): CsvRow[] | undefined {
  const at = records.findIndex(
    ({ cells }) => cells.some(cell => cell.trim() === title) && cells.filter(cell => cell.trim() !== '').length === 1,
  )
  const header = records[at + 1]
  if (at < 0 || !header) return undefined
  const names = new Set(header.cells.map(cell => cell.trim().toLowerCase()))
  const missing = columns.find(column => !names.has(column.toLowerCase()))
  if (missing !== undefined) throw unreadable(header.line, missing, `the header of ${title} has no such column`)
  const below = records.slice(at + 2)
  const end = below.findIndex(
    ({ cells }) => cells.filter(cell => cell.trim() !== '').length === 1 && usDay(cells[0]?.trim() ?? '') === null,
  )
  return rowsBelow(header, end < 0 ? below : below.slice(0, end))
}

const MEANINGS: Meanings = [
  [/removal of option|expiration|assign|exercise/i, { kind: 'option-event' }],
  [/\bsplit\b/i, { kind: 'split' }],
  [/withh|\btax\b/i, { kind: 'tax' }],
  [/\bfees?\b/i, { kind: 'fee' }],
  [/interest/i, { kind: 'interest' }],
  [/dividend|capital gain/i, { kind: 'dividend' }],
  [/funding|wire|transfer|deposit|withdraw|disbursement|funds received|client requested|check|ach\b/i, { kind: 'transfer' }],
  [/money market|sweep|cash alternatives|journal|adjust/i, { kind: 'journal' }],
]

function cashRow(row: CsvRow): FileRow {
  const day: LocalDate = dayIn(row, 'DATE')
  const words = row.cell('DESCRIPTION')
  const fees = costsOf(row)
  const gross = figure(row, 'AMOUNT')
  const base: FileFacts = {
    ...plainFacts('other', row.cell('TYPE'), day),
    amount: gross === null ? null : Dec.sub(gross, fees),
    description: wordsIn(row, 'DESCRIPTION'),
  }
  const meaning = row.cell('TYPE') === 'TRD' ? null : meaningOf(MEANINGS, words)
  const symbol = /~([A-Z][A-Z0-9./]*)/.exec(words)?.[1] ?? null
  const facts =
    meaning === null
      ? base
      : { ...base, symbol, assetClass: classOf(symbol), ...movement(meaning, { quantity: null, price: null, amount: base.amount, fees }) }
  return { line: row.line, ownId: null, facts, raw: row.raw, known: meaning !== null }
}
