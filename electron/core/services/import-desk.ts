import { hash } from 'node:crypto'
import { AppError } from '../../../shared/contract/errors.ts'
import type { InputOf } from '../../../shared/contract/routes.ts'
import type { Db, Reader } from '../db/open.ts'
import { detectFormat, parseFile } from '../imports/catalog.ts'
import type { FileFormat, ParsedFile } from '../imports/format.ts'
import { getAccount } from '../store/accounts.ts'
import { getImport, listImports, undoImport } from '../store/imports.ts'
import { accountFor, accountWords, letGoOfEmpty, namedBy, targetOf } from './import-account.ts'
import type { AnswerOf, TaskOf } from './import-protocol.ts'
import { addRows, judgeFile } from './import-rows.ts'
import { countsOf, previewView } from './import-views.ts'

/** A file that was read and waits for the word. */
interface Waiting {
  readonly input: Omit<InputOf<'imports.preview'>, 'text'>
  readonly format: FileFormat
  readonly file: ParsedFile
  readonly fileHash: string
}

/** Files read that are kept until they are imported; the oldest gives way. */
const MOST_WAITING = 4

/** What an import does, one thing after the other, over a connection of its own. */
export interface ImportDesk {
  preview(task: TaskOf<'preview'>): AnswerOf<'preview'>
  /** In one transaction. Throws import/gone for a preview that was imported or gave way to others, and import/other-account. */
  commit(task: TaskOf<'commit'>): AnswerOf<'commit'>
  undo(task: TaskOf<'undo'>): AnswerOf<'undo'>
}

export function createImportDesk(db: Db): ImportDesk {
  const waiting = new Map<string, Waiting>()

  return {
    preview({ previewId, text, ...input }) {
      const format = detectFormat(input.fileName, text)
      if (format.brokers.length > 0 && !format.brokers.includes(input.broker)) {
        throw new AppError('import/wrong-broker', { details: { format: format.label } })
      }
      const accountId = targetOf(db.reader, input)
      const file = parseFile(format, text)
      const fileHash = hash('sha256', text)
      waiting.set(previewId, { input, format, file, fileHash })
      for (const id of [...waiting.keys()].slice(0, -MOST_WAITING)) waiting.delete(id)
      return previewView({
        previewId,
        format,
        file,
        judged: judgeFile(db.reader, { accountId, broker: input.broker }, format, file.rows),
        accountId,
        importedBefore: listImports(db.reader).some(
          one => one.fileHash === fileHash && one.undoneAt === null && one.accountId === accountId,
        ),
        named: namedBy(db.reader, input, accountId, file.accountNumber),
        into: accountWords(db.reader, input, accountId),
      })
    },
    commit({ previewId, include, addConflicts, acceptOtherAccount, importId, connectionUuid, at }) {
      const found = waiting.get(previewId)
      if (!found) throw new AppError('import/gone')
      const { input, format, file, fileHash } = found
      const done = db.writer.tx(w => {
        if (!acceptOtherAccount) refuseOtherAccount(w, found)
        const { accountId, connectionId } = accountFor(w, input, { newId: () => connectionUuid, at })
        const rows = judgeFile(w, { accountId, broker: input.broker }, format, file.rows)
        const fileName = nameOnly(input.fileName)
        const head = { id: importId, accountId, broker: input.broker, format: format.id, fileName, fileHash, createdAt: at }
        const added = addRows(w, head, rows, { unknown: include === 'new-and-unknown', conflicts: addConflicts })
        return { importId, accountId, connectionId, added, counts: countsOf(rows) }
      })
      // Only now: what failed saved nothing, and may be tried again.
      waiting.delete(previewId)
      return done
    },
    undo({ importId, at }) {
      return db.writer.tx(w => {
        const found = getImport(w, importId)
        if (!found || found.undoneAt !== null) throw new AppError('app/not-found')
        const { accountId } = found
        const connectionId = getAccount(w, accountId)?.connectionId ?? null
        const removed = undoImport(w, importId, at)
        letGoOfEmpty(w, accountId, at)
        return { removed, accountId, connectionId }
      })
    },
  }
}

function refuseOtherAccount(reader: Reader, { input, file }: Waiting): void {
  const accountId = targetOf(reader, input)
  if (namedBy(reader, input, accountId, file.accountNumber) !== 'other') return
  throw new AppError('import/other-account', { details: { account: accountWords(reader, input, accountId) } })
}

/** The last part of a path, without characters that would change the line it is shown in. */
function nameOnly(fileName: string): string {
  const name = fileName.split(/[\\/]/).at(-1) ?? ''
  return name.replaceAll(/[\p{Cc}\p{Cf}]/gu, '').trim() || 'unnamed'
}
