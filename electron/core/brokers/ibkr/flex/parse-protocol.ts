import type { ErrorCode, ErrorDetails } from '../../../../../shared/contract/errors.ts'
import type { BrokerActivity } from '../../adapter.ts'
import type { FlexRow, FlexStatement } from './statement.ts'

/** Why something could not be read. */
export interface ParseFailure {
  readonly code: ErrorCode
  readonly details: ErrorDetails
  readonly cause: string
}

/**
 * What the parsing thread says: a statement, then its rows piece by piece, the next one; then the history of each account, piece by piece
 * too or as refused; and the end. It waits for a word after each piece.
 */
export type ParseReply =
  | { readonly kind: 'statement'; readonly head: Omit<FlexStatement, 'sections'> }
  | { readonly kind: 'rows'; readonly section: string; readonly rows: readonly FlexRow[] }
  | { readonly kind: 'history'; readonly account: string; readonly rows: readonly BrokerActivity[] }
  | { readonly kind: 'refused'; readonly account: string; readonly failure: ParseFailure }
  | { readonly kind: 'done' }
  | { readonly kind: 'failed'; readonly failure: ParseFailure }
