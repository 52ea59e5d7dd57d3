import { AppError } from '../../../shared/contract/errors.ts'
import type { AccountId, ConnectionId } from '../../../shared/domain/ids.ts'
import type { Events } from '../bus/events.ts'
import type { CallContext, Handlers } from '../bus/router.ts'
import type { Db } from '../db/open.ts'
import type { Clock, Random } from '../ports.ts'
import { listImports } from '../store/imports.ts'
import type { HistoryWriter } from '../sync/writer.ts'
import { createImportThread } from './import-thread.ts'
import { importView } from './import-views.ts'

export interface ImportsDeps {
  readonly db: Db
  /** The database's path, for the thread's own connection. */
  readonly file: string
  readonly script: URL
  readonly writer: HistoryWriter
  readonly clock: Clock
  readonly random: Random
  readonly events: Events
  /** Brings the ledger up to date with what was imported or taken back; never rejects. */
  readonly settle: () => Promise<void>
}

export interface Imports {
  readonly handlers: Pick<Handlers, 'imports.preview' | 'imports.commit' | 'imports.undo' | 'imports.list'>
  /** Lets an import that is being written finish. */
  close(): Promise<void>
}

/**
 * Importing files: a preview with a verdict for each row, the import itself in one transaction, and taking it back. Files are read
 * and written on a thread of their own.
 */
export function createImports({ db, file, script, writer, clock, random, events, settle }: ImportsDeps): Imports {
  const thread = createImportThread(script, file)

  function changed(connectionId: ConnectionId, accountId: AccountId): void {
    events.emit({ type: 'connections.changed', connectionIds: [connectionId] })
    events.emit({ type: 'activities.changed', connectionId, accountIds: [accountId] })
  }
  /** Writes while no sync is in a transaction, and brings the search up to date. */
  async function write<T>(run: () => Promise<T>): Promise<T> {
    const lease = writer.lease()
    try {
      const result = await lease.between(run)
      await lease.index()
      await settle()
      return result
    } finally {
      await lease.release()
    }
  }

  return {
    handlers: {
      'imports.preview': (input, { signal }) => given(signal, thread.ask('preview', { ...input, previewId: `pre_${random.uuid()}` })),
      async 'imports.commit'(input) {
        const task = { ...input, importId: `imp_${random.uuid()}`, connectionUuid: random.uuid(), at: clock.now() }
        const done = await write(() => thread.ask('commit', task))
        changed(done.connectionId, done.accountId)
        return done
      },
      async 'imports.undo'({ importId }) {
        const { removed, accountId, connectionId } = await write(() => thread.ask('undo', { importId, at: clock.now() }))
        if (connectionId) changed(connectionId, accountId)
        return { removed }
      },
      'imports.list': () => listImports(db.reader).map(importView),
    },
    close: thread.stop,
  }
}

/** An answer unless it is given up before; then what comes is dropped. */
async function given<T>(signal: CallContext['signal'], answer: Promise<T>): Promise<T> {
  const { promise: canceled, reject } = Promise.withResolvers<never>()
  const stop = (): void => reject(new AppError('app/canceled'))
  if (signal.aborted) stop()
  signal.addEventListener('abort', stop, { once: true })
  try {
    return await Promise.race([answer, canceled])
  } finally {
    signal.removeEventListener('abort', stop)
  }
}
