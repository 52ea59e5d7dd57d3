import type { JournalEntry } from '../../../shared/contract/journal.ts'
import { cell } from './csv.ts'

const COLUMNS = [
  'id',
  'day',
  'subject',
  'tripId',
  'activityId',
  'accountId',
  'symbol',
  'title',
  'text',
  'tags',
  'rating',
  'isDraft',
  'pictures',
  'createdAt',
  'updatedAt',
] as const
type Column = (typeof COLUMNS)[number]

interface ExportOptions {
  readonly format: 'csv' | 'json'
  /** The first part has it; JSON lines have none. */
  readonly header: boolean
}

/**
 * Entries as RFC 4180 CSV, or as one flat JSON object a line, typed alike on every line. Each says when it was written and last changed.
 * Pictures are named, not carried.
 */
export function journalText(entries: readonly JournalEntry[], { format, header }: ExportOptions): string {
  if (format === 'json') return entries.map(entry => `${JSON.stringify(flat(entry))}\n`).join('')
  const lines = entries.map(entry => {
    const row = flat(entry)
    return COLUMNS.map(column => cell(plain(row[column]), column === 'rating')).join(',')
  })
  if (header) lines.unshift(COLUMNS.join(','))
  return lines.map(line => `${line}\r\n`).join('')
}

function plain(value: string | number | boolean | null): string | null {
  return value === null ? null : String(value)
}

function flat({ subject, tags, attachments, ...entry }: JournalEntry): Record<Column, string | number | boolean | null> {
  return {
    id: entry.id,
    day: entry.day,
    subject: subject.kind,
    tripId: subject.kind === 'trip' ? subject.tripId : null,
    activityId: subject.kind === 'activity' ? subject.activityId : null,
    accountId: entry.accountId,
    symbol: entry.symbol,
    title: entry.title,
    text: entry.text,
    tags: tags.join(';'),
    rating: entry.rating,
    isDraft: entry.isDraft,
    pictures: attachments.map(({ name }) => name).join(';'),
    createdAt: entry.createdAt,
    updatedAt: entry.updatedAt,
  }
}
