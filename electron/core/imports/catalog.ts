import { AppError } from '../../../shared/contract/errors.ts'
import { type FileFormat, type ParsedFile, unreadable } from './format.ts'
import { etradeCsv } from './formats/etrade-csv.ts'
import { ibkrActivityCsv } from './formats/ibkr-activity-csv.ts'
import { ibkrFlex } from './formats/ibkr-flex.ts'
import { ofx } from './formats/ofx.ts'
import { schwabCsv } from './formats/schwab-csv.ts'
import { tastytradeCsv } from './formats/tastytrade-csv.ts'
import { tdaCsv } from './formats/tda-csv.ts'
import { tdaJson } from './formats/tda-json.ts'
import { thinkorswimStatement } from './formats/thinkorswim.ts'

/** Every kind of file Keelson reads, the most distinctive first. */
export const FORMATS: readonly FileFormat[] = [
  ibkrFlex,
  ofx,
  ibkrActivityCsv,
  tastytradeCsv,
  thinkorswimStatement,
  tdaCsv,
  tdaJson,
  etradeCsv,
  schwabCsv,
]

/** Longest file read, in characters. */
export const MOST_CHARACTERS = 25_000_000

/**
 * The format of a text by what stands in it; names mislead. Throws import/too-large, and import/unknown-format with the beginning of
 * the line that looks most like a header.
 */
export function detectFormat(_fileName: string, text: string): FileFormat {
  if (text.length > MOST_CHARACTERS) throw new AppError('import/too-large', { details: { most: MOST_CHARACTERS / 1_000_000 } })
  const format = FORMATS.find(({ detect }) => detect(text))
  if (!format) throw new AppError('import/unknown-format', { details: { header: headerOf(text) } })
  return format
}

/** The rows of a text. Throws import/unreadable, also for one whose figures or depth no broker's file has. */
export function parseFile(format: FileFormat, text: string): ParsedFile {
  try {
    return format.parse(text)
  } catch (error) {
    if (error instanceof RangeError) throw unreadable(1, '', 'a figure or the depth of its parts is beyond what a broker writes')
    throw error
  }
}

/** The first line with several cells and no digits: names of columns, so nothing of the user's. Empty lines tell nothing. */
function headerOf(text: string): string {
  const lines = text.slice(0, 4000).split(/\r?\n/)
  const header = lines.find(line => line.split(',').length > 2 && !/\d{3}/.test(line))
  return header === undefined ? 'no header of columns' : header.slice(0, 120).replaceAll(/[\p{Cc}\p{Cf}]/gu, '')
}
