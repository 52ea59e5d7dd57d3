import { readFileSync } from 'node:fs'
import path from 'node:path'
import { detectFormat, parseFile } from '../../../../electron/core/imports/catalog.ts'
import type { FileFacts, FileFormat, FileRow, ParsedFile } from '../../../../electron/core/imports/format.ts'
import { AppError } from '../../../../shared/contract/errors.ts'

const folder = path.resolve(import.meta.dirname, '../../../fixtures/imports')

/** The text of a file of our own, in a broker's shape. */
export function fileText(name: string): string {
  return readFileSync(path.join(folder, name), 'utf8')
}

export interface ReadFile extends ParsedFile {
  readonly format: FileFormat
  /** The facts of the row with this line or number. */
  facts(line: number): FileFacts | undefined
  row(line: number): FileRow | undefined
}

/** Finds a text's format and reads it, as an import does. */
export function readText(text: string): ReadFile {
  const format = detectFormat('a file', text)
  const file = parseFile(format, text)
  const row = (line: number): FileRow | undefined => file.rows.find(one => one.line === line)
  return { ...file, format, row, facts: line => row(line)?.facts }
}

/** Where a text is said to break: `import/unreadable line 3, Price`. */
export function breakOf(text: string): string {
  try {
    readText(text)
  } catch (error) {
    if (error instanceof AppError) return [error.code, error.details['place']].filter(part => part !== undefined).join(' ')
    throw error
  }
  return 'read'
}
