import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { detectFormat } from '../../../electron/core/imports/catalog.ts'
import type { FileRow } from '../../../electron/core/imports/format.ts'
import { fingerprint } from '../../../electron/core/ledger/fingerprint.ts'
import { activityValues } from '../../../electron/core/ledger/values.ts'
import { addRows, judgeFile } from '../../../electron/core/services/import-rows.ts'
import { upsertActivities } from '../../../electron/core/store/activities-write.ts'
import { comparableRows, undoImport } from '../../../electron/core/store/imports.ts'
import { settleImports } from '../../../electron/core/store/imports-settle.ts'
import type { Db } from '../../../electron/core/db/open.ts'
import { Dec } from '../../../shared/domain/decimal.ts'
import type { AccountId } from '../../../shared/domain/ids.ts'
import { Instant, LocalDate } from '../../../shared/domain/time.ts'
import { AT, tempDatabase } from '../../support/data-folder.ts'
import { withAccounts } from '../store/support.ts'
import { fileRow } from './support/rows.ts'
import { schwabFile } from './support/schwab-file.ts'

const schwab = detectFormat('a.csv', schwabFile())
const thinkorswim = { ...schwab, id: 'thinkorswim-statement' as const }
let imports = 0

/** Imports rows of a file and answers the import's id. */
function importRows(db: Db, accountId: AccountId, rows: readonly FileRow[], format = schwab): string {
  imports += 1
  const id = `imp_${imports}`
  db.writer.tx(w =>
    addRows(
      w,
      { id, accountId, broker: 'schwab', format: format.id, fileName: 'a.csv', fileHash: 'h', createdAt: AT },
      judgeFile(w, { accountId, broker: 'schwab' }, format, rows),
      { unknown: true, conflicts: false },
    ),
  )
  return id
}

/** Saves rows as a sync does; each has the id `s` and its place. */
function sync(db: Db, accountId: AccountId, rows: readonly FileRow[], first = 0): void {
  const values = rows.map(({ facts, raw }, index) =>
    activityValues(accountId, { facts: { ...facts, externalId: `s${first + index}` }, raw }, { asOf: AT, fetchedAt: AT }),
  )
  db.writer.tx(w => {
    upsertActivities(w, values)
    settleImports(w, accountId, values)
  })
}

function counts(db: Db, accountId: AccountId): Record<string, number> {
  return countOf(comparableRows(db.reader, accountId, LocalDate.of('2026-01-01'), LocalDate.of('2026-12-31')).map(fingerprint))
}

/** An account of its own in a database. */
function freshAccount(db: Db): AccountId {
  imports += 1
  const [account] = withAccounts(db, { [`con_${imports}`]: [String(imports)] })
  if (account === undefined) throw new Error('no account')
  return account
}

function countOf(prints: readonly string[]): Record<string, number> {
  const found: Record<string, number> = {}
  for (const print of prints.toSorted()) found[print] = (found[print] ?? 0) + 1
  return found
}

/** As many of each as the source that tells most of it. */
function most(sources: readonly (readonly FileRow[])[]): Record<string, number> {
  const told = sources.map(rows => countOf(rows.map(({ facts }) => fingerprint(facts))))
  const prints = [...new Set(told.flatMap(source => Object.keys(source)))].sort()
  return Object.fromEntries(prints.map(print => [print, Math.max(...told.map(source => source[print] ?? 0))]))
}

// Different symbols for each figure, so that no two rows can contradict each other.
const oneRow = fc
  .record({
    day: fc.constantFrom('2026-03-11', '2026-03-12'),
    symbol: fc.constantFrom('KO', 'PEP', 'JNJ'),
    side: fc.constantFrom('buy' as const, 'sell' as const),
  })
  .map(({ day, symbol, side }) => fileRow({ tradeDate: LocalDate.of(day), symbol, side }))
const someRows = fc.array(oneRow, { maxLength: 16 })

describe('a file and the broker together', () => {
  test('end with what the one that tells more tells, whoever comes first and however it is cut', () => {
    const db = tempDatabase()
    fc.assert(
      fc.property(someRows, someRows, fc.nat(16), fc.boolean(), (file, sent, cut, fileFirst) => {
        const account = freshAccount(db)
        if (fileFirst) importRows(db, account, file)
        sync(db, account, sent.slice(0, cut))
        sync(db, account, sent.slice(cut), cut)
        if (!fileFirst) importRows(db, account, file)
        expect(counts(db, account)).toEqual(most([file, sent]))
        importRows(db, account, file)
        expect(counts(db, account)).toEqual(most([file, sent]))
      }),
      { numRuns: 40 },
    )
  })

  test('an import taken back leaves exactly what the broker sent', () => {
    const db = tempDatabase()
    fc.assert(
      fc.property(someRows, someRows, (file, sent) => {
        const account = freshAccount(db)
        const id = importRows(db, account, file)
        sync(db, account, sent)
        db.writer.tx(w => undoImport(w, id, AT))
        expect(counts(db, account)).toEqual(countOf(sent.map(({ facts }) => fingerprint(facts))))
      }),
      { numRuns: 30 },
    )
  })

  test('several files and the broker end with what tells most of those not taken back, in any order', () => {
    const db = tempDatabase()
    const step = fc.oneof(
      fc.record({ kind: fc.constant('import' as const), rows: someRows }),
      fc.record({ kind: fc.constant('sync' as const), rows: fc.array(oneRow, { maxLength: 4 }) }),
      fc.record({ kind: fc.constant('undo' as const), which: fc.nat(9) }),
    )
    fc.assert(
      fc.property(fc.array(step, { maxLength: 10 }), steps => {
        const account = freshAccount(db)
        const files = new Map<string, readonly FileRow[]>()
        const told: FileRow[] = []
        for (const next of steps) {
          if (next.kind === 'import') files.set(importRows(db, account, next.rows), next.rows)
          else if (next.kind === 'sync') sync(db, account, next.rows, told.push(...next.rows) - next.rows.length)
          else {
            const id = [...files.keys()][next.which % Math.max(1, files.size)]
            if (id !== undefined) db.writer.tx(w => undoImport(w, id, AT))
            files.delete(id ?? '')
          }
          expect(counts(db, account)).toEqual(most([told, ...files.values()]))
        }
      }),
      { numRuns: 60 },
    )
  })

  test('an order told as its fills by another file stays as long as one of the two files', () => {
    const db = tempDatabase()
    const fills = ['4', '6'].map(quantity => fileRow({ quantity: Dec.of(quantity), amount: Dec.of(String(-61 * Number(quantity))) }))
    for (const undone of [0, 1]) {
      const account = freshAccount(db)
      const ids = [importRows(db, account, fills), importRows(db, account, [fileRow()], thinkorswim)]
      expect(Object.values(counts(db, account))).toEqual([1, 1])
      expect(db.writer.tx(w => undoImport(w, ids[undone] ?? '', AT))).toBe(0)
      // Still known as what they are: the other file does not bring its order beside them.
      importRows(db, account, [fileRow()], thinkorswim)
      expect(Object.values(counts(db, account))).toEqual([1, 1])
    }
  })

  test('a future filled on Sunday evening is one row, whether the file or the broker, which counts it on Monday, tells it first', () => {
    const db = tempDatabase()
    const evening = { symbol: '/ESZ26', assetClass: 'future', executedAt: Instant.parse('2026-03-15T22:30:00Z') } as const
    const told = fileRow({ ...evening, tradeDate: LocalDate.of('2026-03-15') })
    const broker = fileRow({ ...evening, tradeDate: LocalDate.of('2026-03-16') })
    for (const fileFirst of [true, false]) {
      const account = freshAccount(db)
      if (fileFirst) importRows(db, account, [told])
      sync(db, account, [broker])
      if (!fileFirst) importRows(db, account, [told])
      const rows = comparableRows(db.reader, account, LocalDate.of('2026-01-01'), LocalDate.of('2026-12-31'))
      expect(rows.map(({ source, tradeDate }) => [source, tradeDate])).toEqual([[null, '2026-03-16']])
    }
  })

  test('an id a file gave a row is remembered, whether the broker sent the row before the file or after it', () => {
    const db = tempDatabase()
    const ofx = { ...schwab, id: 'ofx' as const }
    const told = fileRow({}, { ownId: 'A1' })
    const moved = fileRow({ tradeDate: LocalDate.of('2026-04-02'), price: Dec.of('99') }, { ownId: 'A1' })
    for (const fileFirst of [true, false]) {
      const account = freshAccount(db)
      if (!fileFirst) sync(db, account, [told])
      const id = importRows(db, account, [told], ofx)
      if (fileFirst) sync(db, account, [told])
      const verdicts = (...rows: readonly FileRow[]) =>
        judgeFile(db.reader, { accountId: account, broker: 'schwab' }, ofx, rows).map(({ verdict }) => verdict)
      expect(Object.values(counts(db, account))).toEqual([1])
      expect(verdicts(moved)).toEqual(['conflict'])
      // A file that tells the earlier row as well gives the id to two rows.
      expect(verdicts(told, moved)).toEqual(['already-there', 'new'])
      expect(db.writer.tx(w => undoImport(w, id, AT))).toBe(0)
      expect(verdicts(moved)).toEqual(['new'])
    }
  })

  test("a row the broker sends under the very id a file gave is the broker's from then on", () => {
    const db = tempDatabase()
    const account = freshAccount(db)
    const flex = { ...schwab, idsOf: ['ibkr'] as const, id: 'ibkr-flex' as const }
    const row = fileRow({ amount: Dec.of('-610') }, { ownId: 's0' })
    const head = {
      id: 'imp_own',
      accountId: account,
      broker: 'ibkr',
      format: flex.id,
      fileName: 'a.xml',
      fileHash: 'h',
      createdAt: AT,
    } as const
    db.writer.tx(w =>
      addRows(w, head, judgeFile(w, { accountId: account, broker: 'ibkr' }, flex, [row]), { unknown: false, conflicts: false }),
    )
    sync(db, account, [row])
    expect(db.writer.tx(w => undoImport(w, 'imp_own', AT))).toBe(0)
    expect(Object.values(counts(db, account))).toEqual([1])
  })
})
