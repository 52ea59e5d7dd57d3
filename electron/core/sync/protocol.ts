import type { ErrorCode } from '../../../shared/contract/errors.ts'
import type { AccountId } from '../../../shared/domain/ids.ts'
import type { Instant } from '../../../shared/domain/time.ts'
import type { PackedRows } from '../ledger/packed-rows.ts'
import type { WorkStep } from '../ledger/work.ts'
import type { HistoryState } from './plan.ts'

/** What the writer thread is asked. Rows go packed, a page as four values. */
export type WriterTask =
  | { readonly kind: 'write'; readonly batch: WriteBatch }
  | { readonly kind: 'load' }
  | { readonly kind: 'index' }
  /** A step of computing what waits in the ledger. */
  | { readonly kind: 'ledger'; readonly at: Instant }
  | { readonly kind: 'settle' }
  | { readonly kind: 'close' }

/** Pages of one account's rows and how far they bring its history, committed together. */
export interface WriteBatch {
  readonly accountId: AccountId
  readonly pages: readonly PackedRows[]
  readonly history: HistoryState
  readonly at: Instant
}

export interface WriteCounts {
  readonly new: number
  readonly updated: number
  readonly unchanged: number
}

export interface WriterRequest {
  readonly id: number
  readonly task: WriterTask
}

export type WriterReply =
  | { readonly id: number; readonly ok: true; readonly counts: WriteCounts | null; readonly more: boolean; readonly ledger?: WorkStep }
  | { readonly id: number; readonly ok: false; readonly code: ErrorCode; readonly detail: string }

/** What the thread is started with. */
export interface WriterSetup {
  readonly file: string
}
