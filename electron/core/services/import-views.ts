import type { ImportCounts, ImportPreview, ImportView } from '../../../shared/contract/imports.ts'
import { ImportCountsSchema } from '../../../shared/contract/imports.ts'
import type { AccountId } from '../../../shared/domain/ids.ts'
import { type FileFormat, FORMAT_IDS, type ParsedFile } from '../imports/format.ts'
import type { KnownRow } from '../imports/fingerprint.ts'
import type { Verdict } from '../imports/bench.ts'
import type { JudgedRow } from '../imports/verdict.ts'
import type { StoredImport } from '../store/imports.ts'
import { FORMAT_LABELS } from '../imports/labels.ts'
import type { Named } from './import-account.ts'

const MOST_ROWS = 500
const FIRST: readonly Verdict[] = ['conflict', 'unknown']

/** How many rows got each verdict. */
export function countsOf(rows: readonly JudgedRow[]): ImportCounts {
  const count = (wanted: Verdict): number => rows.filter(({ verdict }) => verdict === wanted).length
  return { new: count('new'), alreadyThere: count('already-there'), conflict: count('conflict'), unknown: count('unknown') }
}

export interface PreviewParts {
  readonly previewId: string
  readonly format: FileFormat
  readonly file: ParsedFile
  readonly judged: readonly JudgedRow[]
  readonly accountId: AccountId | null
  readonly importedBefore: boolean
  readonly named: Named
  /** The account it goes to, in words. */
  readonly into: string
}

/** A preview as it is shown: what needs a look first. */
export function previewView({ previewId, format, file, judged, accountId, importedBefore, named, into }: PreviewParts): ImportPreview {
  const days = file.rows.map(({ facts }) => facts.tradeDate).sort()
  const doubtful = judged.filter(({ verdict }) => FIRST.includes(verdict))
  const others = judged.filter(({ verdict }) => !FIRST.includes(verdict))
  return {
    previewId,
    format: format.label,
    counts: countsOf(judged),
    addableConflicts: judged.filter(({ addable }) => addable).length,
    rows: [...doubtful, ...others].slice(0, MOST_ROWS).map(rowView),
    total: judged.length,
    from: days[0] ?? null,
    to: days.at(-1) ?? null,
    unknownColumns: [...file.unknownColumns],
    notes: [...accountNote(named, into), ...file.notes],
    accountId,
    accountMismatch: named === 'other',
    importedBefore,
  }
}

function accountNote(named: Named, into: string): string[] {
  if (named === 'same') return []
  return named === 'other'
    ? [`The file names another account than the one chosen, ${into}. Import it only if you know why.`]
    : [`The file does not say which account it is of. Its rows go to ${into}.`]
}

function rowView({ row: { line, facts }, verdict, against }: JudgedRow): ImportPreview['rows'][number] {
  const { kind, brokerType, symbol, side, quantity, price, amount, currency, tradeDate, description } = facts
  const row = { line, verdict, kind, brokerType, symbol, side, quantity, price, amount, currency, tradeDate, description }
  return { ...row, history: against && historyView(against) }
}

function historyView({ tradeDate, quantity, price, amount }: KnownRow): ImportPreview['rows'][number]['history'] {
  return { tradeDate, quantity, price, amount }
}

export function importView({
  report,
  format,
  id,
  accountId,
  broker,
  fileName,
  createdAt,
  undoneAt,
  rows,
  added,
  undoable,
}: StoredImport): ImportView {
  const known = FORMAT_IDS.find(one => one === format)
  return {
    id,
    accountId,
    broker,
    format: known === undefined ? format : FORMAT_LABELS[known],
    fileName,
    createdAt,
    undoneAt,
    rows,
    added,
    undoable,
    counts: ImportCountsSchema.parse(JSON.parse(report)),
  }
}
