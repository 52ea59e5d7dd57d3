import { hash } from 'node:crypto'
import { AppError } from '../../../shared/contract/errors.ts'
import type { ImportCounts } from '../../../shared/contract/imports.ts'
import type { InputOf } from '../../../shared/contract/routes.ts'
import type { AccountId, ConnectionId } from '../../../shared/domain/ids.ts'
import type { LocalDate } from '../../../shared/domain/time.ts'
import type { Events } from '../bus/events.ts'
import type { Handlers } from '../bus/router.ts'
import type { Db, Reader, Writer } from '../db/open.ts'
import { detectFormat } from '../imports/catalog.ts'
import type { FileFormat, FormatId, ParsedFile } from '../imports/format.ts'
import { FORMAT_IDS } from '../imports/format.ts'
import { type JudgedRow, judge } from '../imports/verdict.ts'
import { activityValues } from '../ledger/values.ts'
import type { Clock, Random } from '../ports.ts'
import { getAccount } from '../store/accounts.ts'
import { upsertActivities } from '../store/activities-write.ts'
import { comparableRows, getImport, homeOf, insertImport, listImports, markImported, undoImport } from '../store/imports.ts'
import type { HistoryWriter } from '../sync/writer.ts'
import { accountFor, letGoOfEmpty, targetOf } from './import-account.ts'
import { countsOf, importView, previewView } from './import-views.ts'

export interface ImportsDeps {
  readonly db: Db
  readonly writer: HistoryWriter
  readonly clock: Clock
  readonly random: Random
  readonly events: Events
}

type PreviewInput = InputOf<'imports.preview'>

/** A file that was read and waits for the word. */
interface Waiting {
  readonly input: Omit<PreviewInput, 'text'>
  readonly format: FileFormat
  readonly file: ParsedFile
  readonly fileHash: string
}

/** Files read that are kept until they are imported; the oldest gives way. */
const MOST_WAITING = 4

/** Importing files: a preview with a verdict for each row, the import itself in one transaction, and taking it back. */
export function createImports({
  db,
  writer,
  clock,
  random,
  events,
}: ImportsDeps): Pick<Handlers, 'imports.preview' | 'imports.commit' | 'imports.undo' | 'imports.list'> {
  const waiting = new Map<string, Waiting>()

  function changed(connectionId: ConnectionId, accountId: AccountId): void {
    events.emit({ type: 'connections.changed', connectionIds: [connectionId] })
    events.emit({ type: 'activities.changed', connectionId, accountIds: [accountId] })
  }
  /** Writes while no sync is in a transaction, and brings the search up to date. */
  async function write<T>(run: (w: Writer) => T): Promise<T> {
    const lease = writer.lease()
    try {
      const result = await lease.between(() => db.writer.tx(run))
      await lease.index()
      return result
    } finally {
      await lease.release()
    }
  }

  return {
    'imports.preview'({ text, ...input }) {
      const format = detectFormat(input.fileName, text)
      if (format.brokers.length > 0 && !format.brokers.includes(input.broker)) {
        throw new AppError('import/wrong-broker', { details: { format: format.label } })
      }
      const accountId = targetOf(db.reader, input)
      const file = format.parse(text)
      const fileHash = hash('sha256', text)
      const previewId = `pre_${random.uuid()}`
      waiting.set(previewId, { input, format, file, fileHash })
      for (const id of [...waiting.keys()].slice(0, -MOST_WAITING)) waiting.delete(id)
      const importedBefore = listImports(db.reader).some(
        one => one.fileHash === fileHash && one.undoneAt === null && one.accountId === accountId,
      )
      return previewView({ previewId, format, file, judged: judged(db.reader, accountId, format, file), accountId, importedBefore })
    },
    async 'imports.commit'({ previewId, include }) {
      const found = waiting.get(previewId)
      if (!found) throw new AppError('import/gone')
      const importId = `imp_${random.uuid()}`
      const at = clock.now()
      const done = await write(w => {
        const { accountId, connectionId } = accountFor(w, found.input, { newId: () => random.uuid(), at })
        const rows = judged(w, accountId, found.format, found.file)
        const added = rows.filter(({ verdict }) => verdict === 'new' || (include === 'new-and-unknown' && verdict === 'unknown'))
        upsertActivities(
          w,
          added.map(({ row, externalId }) =>
            activityValues(accountId, { facts: { ...row.facts, externalId }, raw: row.raw }, { asOf: at, fetchedAt: at }),
          ),
        )
        markImported(
          w,
          accountId,
          importId,
          added.map(({ externalId }) => externalId),
        )
        const counts = countsOf(rows)
        insertImport(w, {
          id: importId,
          accountId,
          broker: found.input.broker,
          format: found.format.id,
          fileName: found.input.fileName,
          fileHash: found.fileHash,
          createdAt: at,
          rows: rows.length,
          added: added.length,
          report: JSON.stringify(counts satisfies ImportCounts),
        })
        return { accountId, connectionId, added: added.length, counts }
      })
      waiting.delete(previewId)
      changed(done.connectionId, done.accountId)
      return { importId, ...done }
    },
    async 'imports.undo'({ importId }) {
      const found = getImport(db.reader, importId)
      if (!found || found.undoneAt !== null) throw new AppError('app/not-found')
      const at = clock.now()
      const connectionId = getAccount(db.reader, found.accountId)?.connectionId
      const removed = await write(w => {
        const count = undoImport(w, importId, at)
        letGoOfEmpty(w, found.accountId, at)
        return count
      })
      if (connectionId) changed(connectionId, found.accountId)
      return { removed }
    },
    'imports.list': () => listImports(db.reader).map(importView),
  }
}

/** The rows of a file as things stand now. */
function judged(reader: Reader, accountId: AccountId | null, format: FileFormat, file: ParsedFile): JudgedRow[] {
  const days = file.rows.map(({ facts }) => facts.tradeDate).sort()
  const [from, to] = [days[0], days.at(-1)]
  const broker = accountId === null ? null : homeOf(reader, accountId)?.broker
  const there = accountId === null || from === undefined || to === undefined ? [] : knownRows(reader, accountId, from, to)
  return judge(file.rows, {
    format: format.id,
    ownIds: broker === null || broker === undefined ? format.idsOf.length > 0 : format.idsOf.includes(broker),
    there,
  })
}

function knownRows(reader: Reader, accountId: AccountId, from: LocalDate, to: LocalDate) {
  return comparableRows(reader, accountId, from, to).map(row => ({ ...row, source: formatOf(row.source) }))
}

/** A format this version does not know any more still says that the row came with a file. */
function formatOf(source: string | null): FormatId | null {
  return source === null ? null : (FORMAT_IDS.find(id => id === source) ?? 'ofx')
}
