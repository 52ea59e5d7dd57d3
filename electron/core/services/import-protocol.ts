import type { ErrorCode, ErrorDetails } from '../../../shared/contract/errors.ts'
import type { ImportPreview } from '../../../shared/contract/imports.ts'
import type { InputOf, OutputOf } from '../../../shared/contract/routes.ts'
import type { AccountId, ConnectionId } from '../../../shared/domain/ids.ts'
import type { Instant } from '../../../shared/domain/time.ts'

/** What the import thread is asked, each with its answer. Ids and times come from the main thread. */
export interface ImportTasks {
  readonly preview: { readonly task: InputOf<'imports.preview'> & { readonly previewId: string }; readonly answer: ImportPreview }
  readonly commit: {
    readonly task: InputOf<'imports.commit'> & {
      readonly importId: string
      /** For the connection that holds the account, when one has to be made. */
      readonly connectionUuid: string
      readonly at: Instant
    }
    readonly answer: OutputOf<'imports.commit'>
  }
  readonly undo: {
    readonly task: { readonly importId: string; readonly at: Instant }
    readonly answer: { readonly removed: number; readonly accountId: AccountId; readonly connectionId: ConnectionId | null }
  }
  readonly close: { readonly task: Record<string, never>; readonly answer: null }
}

export type ImportTaskKind = keyof ImportTasks
export type TaskOf<K extends ImportTaskKind> = ImportTasks[K]['task']
export type AnswerOf<K extends ImportTaskKind> = ImportTasks[K]['answer']

export type ImportRequest = {
  readonly [K in ImportTaskKind]: { readonly id: number; readonly kind: K; readonly task: TaskOf<K> }
}[ImportTaskKind]

/** The thread sends any answer; who asked knows which it is. */
export type ImportReply<Answer> =
  | { readonly id: number; readonly ok: true; readonly answer: Answer }
  | { readonly id: number; readonly ok: false; readonly code: ErrorCode; readonly details: ErrorDetails; readonly cause: string }
