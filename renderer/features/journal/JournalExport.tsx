import { harmlessCsv } from '../../lib/csv.ts'
import { dayOf, plural } from '../../lib/format/index.ts'
import { now } from '../../state/clock.ts'
import { errorViewOf, isCanceled } from '../../state/failure.ts'
import { checkLength, saveText } from '../../state/files.ts'
import { isJournalFiltered, journalParts, useJournal } from '../../state/journal.ts'
import { dataOf } from '../../state/remote.ts'
import { toast, toastError } from '../../state/toast.ts'
import { ExportMenu } from '../../ui/ExportMenu.tsx'

const OPTIONS = [
  { value: 'csv', label: 'Table', hint: 'CSV' },
  { value: 'json', label: 'Lines of JSON', hint: 'JSON' },
] as const
type Format = (typeof OPTIONS)[number]['value']

const TYPES: Readonly<Record<Format, string>> = { csv: 'text/csv;charset=utf-8', json: 'application/x-ndjson;charset=utf-8' }

/** Writes every entry into one file, each with when it was written and changed. */
export function JournalExport() {
  const none = useJournal(state => dataOf(state.pages)?.rows.length === 0 && !isJournalFiltered(state.filter))
  return <ExportMenu options={OPTIONS} disabled={none} onRun={write} />
}

async function write(format: Format, signal: AbortSignal, onRows: (rows: number) => void) {
  try {
    const parts: string[] = []
    let [rows, characters] = [0, 0]
    for await (const part of journalParts(format, signal)) {
      const text = format === 'csv' ? harmlessCsv(part.text) : part.text
      characters += text.length
      checkLength(characters)
      parts.push(text)
      rows += part.rows
      onRows(rows)
    }
    const saved = await saveText({ name: `keelson-journal-${dayOf(now())}.${format}`, parts, type: TYPES[format] })
    if (saved !== null)
      toast(`${plural(rows, 'entry', 'entries')} written to ${saved}. Pictures are named in it, not carried.`, 'Journal exported')
  } catch (error) {
    if (!isCanceled(error)) toastError(errorViewOf(error))
  }
}
