import type { InputOf } from '../../shared/contract/routes.ts'
import { harmlessCsv } from '../lib/csv.ts'
import { dayOf } from '../lib/format/index.ts'
import { api } from './api.ts'
import { now } from './clock.ts'
import { checkLength, saveText } from './files.ts'
import { type ResultFilter, scopeOf } from './performance.ts'

export type ExportWhat = InputOf<'ledger.export'>['what']
export type ExportFormat = InputOf<'ledger.export'>['format']

interface Export {
  readonly what: ExportWhat
  readonly format: ExportFormat
  readonly filter: ResultFilter
}

const TYPES: Readonly<Record<ExportFormat, { readonly end: string; readonly type: string }>> = {
  csv: { end: 'csv', type: 'text/csv;charset=utf-8' },
  json: { end: 'ndjson', type: 'application/x-ndjson;charset=utf-8' },
}

/** Every part of the export in order. Rejects with BridgeError; stops on the signal. */
export async function* ledgerParts({ what, format, filter }: Export, signal: AbortSignal): AsyncGenerator<{ text: string; rows: number }> {
  const question = { ...scopeOf(filter), what, format }
  let after: string | undefined
  do {
    const part = await api().request('ledger.export', after === undefined ? question : { ...question, after }, { signal })
    yield { text: part.text, rows: part.rows }
    after = part.next ?? undefined
  } while (after !== undefined)
}

/** Writes an export into one file; tells how many rows there are so far. Answers its name and rows, null when the user changed their mind. Rejects with BridgeError. */
export async function exportLedger(
  wanted: Export,
  signal: AbortSignal,
  onRows: (rows: number) => void,
): Promise<{ name: string; rows: number } | null> {
  const parts: string[] = []
  let rows = 0
  let characters = 0
  for await (const part of ledgerParts(wanted, signal)) {
    const text = wanted.format === 'csv' ? harmlessCsv(part.text) : part.text
    characters += text.length
    checkLength(characters)
    parts.push(text)
    rows += part.rows
    onRows(rows)
  }
  const { end, type } = TYPES[wanted.format]
  const name = await saveText({ name: `keelson-${wanted.what}-${dayOf(now())}.${end}`, parts, type })
  return name === null ? null : { name, rows }
}
