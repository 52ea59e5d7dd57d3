import { CsvError, parse } from 'csv-parse/sync'
import { unreadable } from './format.ts'

/** A record of a CSV file and the line it ends on. */
export interface CsvRecord {
  readonly line: number
  readonly cells: readonly string[]
}

/** A record below a header, its cells by column. */
export interface CsvRow {
  readonly line: number
  /** The trimmed cell; empty when the column is missing or the row is shorter. */
  cell(column: string): string
  /** The columns of the header, as written. */
  readonly columns: readonly string[]
  /** The row as JSON text, with every cell as written. */
  readonly raw: string
}

// `="0042"` keeps a spreadsheet from reading digits as a number.
const SPREADSHEET_TEXT = /(?<=^|,)=("[^"\n]*")(?=,|\r?$)/gm

/** The records of a CSV text, blank lines left out. Throws import/unreadable for a quote that is not closed and the like. */
export function readRecords(text: string): CsvRecord[] {
  const records: CsvRecord[] = []
  try {
    parse(text.replaceAll(SPREADSHEET_TEXT, '$1'), {
      bom: true,
      relax_column_count: true,
      // A file may end its lines in more than one way, such as below a title that was put above it.
      record_delimiter: ['\r\n', '\n', '\r'],
      skip_empty_lines: true,
      on_record(cells: string[], { lines }) {
        if (cells.some(cell => cell.trim() !== '')) records.push({ line: lines, cells })
        return null
      },
    })
  } catch (error) {
    if (!(error instanceof CsvError)) throw error
    const line: unknown = error['lines']
    throw unreadable(typeof line === 'number' ? line : 1, '', 'the quotes of a cell are not closed, or text stands beside them')
  }
  return records
}

/** Where the header with these columns stands, whatever their order and case; -1 without one. */
export function headerIndex(records: readonly CsvRecord[], columns: readonly string[]): number {
  return records.findIndex(({ cells }) => {
    const names = new Set(cells.map(plainName))
    return columns.every(column => names.has(plainName(column)))
  })
}

/**
 * The records below a header as rows. A cell beyond the header is refused: it would belong to no column. So is a row that stops
 * before its last column: it was cut off, and what is missing would count as none. A column that is there twice cannot be read.
 */
export function rowsBelow(header: CsvRecord, records: readonly CsvRecord[]): CsvRow[] {
  const places = new Map<string, number>()
  const twice = new Set<string>()
  const columns = header.cells.map(name => name.trim())
  const width = columns.findLastIndex(name => name !== '') + 1
  columns.map(plainName).forEach((name, index) => {
    if (places.has(name)) twice.add(name)
    else places.set(name, index)
  })
  const names = distinct(columns)
  return records.map(({ line, cells }) => {
    const extra = cells.findIndex((cell, index) => index >= header.cells.length && cell.trim() !== '')
    const count = extra >= 0 ? extra + 1 : cells.length
    if (extra >= 0 || count < width) throw unreadable(line, '', `the row has ${count} cells, the header ${header.cells.length}`)
    return {
      line,
      columns,
      cell: column => {
        const name = plainName(column)
        const place = places.get(name)
        if (twice.has(name)) throw unreadable(header.line, column, 'two columns have this name')
        return place === undefined ? '' : (cells[place] ?? '').trim()
      },
      raw: JSON.stringify(Object.fromEntries(names.map((name, index) => [name, cells[index] ?? '']).filter(([name]) => name !== ''))),
    }
  })
}

/** Names a row can be kept by: the second of one name says so. */
function distinct(columns: readonly string[]): string[] {
  const seen = new Map<string, number>()
  return columns.map(name => {
    const times = (seen.get(name) ?? 0) + 1
    seen.set(name, times)
    return name === '' || times === 1 ? name : `${name} (${times})`
  })
}

/** The columns of a header that are in none of the lists. */
export function strangers(header: CsvRecord, known: readonly string[]): string[] {
  const names = new Set(known.map(plainName))
  return header.cells.map(name => name.trim()).filter(name => name !== '' && !names.has(plainName(name)))
}

function plainName(name: string): string {
  return name.trim().toLowerCase().replaceAll(/\s+/g, ' ')
}
