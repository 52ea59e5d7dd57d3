import type { FileFacts, FileRow } from '../../../../electron/core/imports/format.ts'
import { plainFacts } from '../../../../electron/core/imports/format.ts'
import type { KnownRow } from '../../../../electron/core/imports/fingerprint.ts'
import type { JudgedRow } from '../../../../electron/core/imports/verdict.ts'
import { Dec } from '../../../../shared/domain/decimal.ts'
import { LocalDate } from '../../../../shared/domain/time.ts'

let lines = 0

/** A row of a file: a purchase of 10 KO for 61 on 12 March 2026, unless said otherwise. */
export function fileRow(facts: Partial<FileFacts> = {}, row: Partial<Omit<FileRow, 'facts'>> = {}): FileRow {
  lines += 1
  const trade: FileFacts = {
    ...plainFacts('trade', 'Buy', LocalDate.of('2026-03-12')),
    symbol: 'KO',
    assetClass: 'equity',
    side: 'buy',
    quantity: Dec.of('10'),
    price: Dec.of('61'),
    amount: Dec.of('-610'),
  }
  return { line: lines, ownId: null, raw: JSON.stringify({ lines }), known: true, ...row, facts: { ...trade, ...facts } }
}

/** What an account has after the broker sent a row. */
export function sent(row: FileRow, externalId: string): KnownRow {
  return { ...row.facts, externalId, source: null, fileIds: [] }
}

/** What an account has once the new rows of a file were added. */
export function added(judged: readonly JudgedRow[], source: KnownRow['source'], verdicts: readonly string[] = ['new']): KnownRow[] {
  return judged
    .filter(({ verdict }) => verdicts.includes(verdict))
    .map(({ row, externalId }) => ({ ...row.facts, externalId, source, fileIds: row.ownId === null ? [] : [row.ownId] }))
}
