import { hash } from 'node:crypto'
import { AppError } from '../../../shared/contract/errors.ts'
import type { InputOf } from '../../../shared/contract/routes.ts'
import type { AccountId, ConnectionId } from '../../../shared/domain/ids.ts'
import type { Events } from '../bus/events.ts'
import type { Handlers } from '../bus/router.ts'
import type { Db, Writer } from '../db/open.ts'
import { detectFormat } from '../imports/catalog.ts'
import type { FileFormat, ParsedFile } from '../imports/format.ts'
import type { Clock, Random } from '../ports.ts'
import { getAccount } from '../store/accounts.ts'
import { getImport, listImports, undoImport } from '../store/imports.ts'
import type { HistoryWriter } from '../sync/writer.ts'
import { accountFor, letGoOfEmpty, namesAnother, targetOf } from './import-account.ts'
import { addRows, judgeFile } from './import-rows.ts'
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
      const otherAccount = namesAnother(db.reader, input, accountId, file.accountNumber)
      const previewId = `pre_${random.uuid()}`
      waiting.set(previewId, { input, format, file, fileHash })
      for (const id of [...waiting.keys()].slice(0, -MOST_WAITING)) waiting.delete(id)
      const importedBefore = listImports(db.reader).some(
        one => one.fileHash === fileHash && one.undoneAt === null && one.accountId === accountId,
      )
      return previewView({
        previewId,
        format,
        file,
        judged: judgeFile(db.reader, { accountId, broker: input.broker }, format, file.rows),
        accountId,
        importedBefore,
        otherAccount,
      })
    },
    async 'imports.commit'({ previewId, include }) {
      const found = waiting.get(previewId)
      if (!found) throw new AppError('import/gone')
      waiting.delete(previewId)
      const importId = `imp_${random.uuid()}`
      const at = clock.now()
      const done = await write(w => {
        const { accountId, connectionId } = accountFor(w, found.input, { newId: () => random.uuid(), at })
        const rows = judgeFile(w, { accountId, broker: found.input.broker }, found.format, found.file.rows)
        const head = {
          id: importId,
          accountId,
          broker: found.input.broker,
          format: found.format.id,
          fileName: nameOnly(found.input.fileName),
          fileHash: found.fileHash,
          createdAt: at,
        }
        const added = addRows(w, head, rows, include === 'new-and-unknown')
        return { accountId, connectionId, added, counts: countsOf(rows) }
      }).catch((error: unknown) => {
        // Nothing was saved, so the user may try again.
        waiting.set(previewId, found)
        throw error
      })
      changed(done.connectionId, done.accountId)
      return { importId, ...done }
    },
    async 'imports.undo'({ importId }) {
      const found = getImport(db.reader, importId)
      if (!found || found.undoneAt !== null) throw new AppError('app/not-found')
      const at = clock.now()
      const connectionId = getAccount(db.reader, found.accountId)?.connectionId
      const removed = await write(w => {
        if (getImport(w, importId)?.undoneAt !== null) throw new AppError('app/not-found')
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

/** The last part of a path, without characters that would change the line it is shown in. */
function nameOnly(fileName: string): string {
  const name = fileName.split(/[\\/]/).at(-1) ?? ''
  return name.replaceAll(/[\p{Cc}\p{Cf}]/gu, '').trim() || 'unnamed'
}
