import type { ErrorCode, ErrorDetails } from '../../../../../shared/contract/errors.ts'
import type { FlexRow, FlexStatement } from './statement.ts'

/** What the parsing thread says: a statement, then its rows piece by piece, the next one, and the end. It waits for a word after each piece. */
export type ParseReply =
  | { readonly kind: 'statement'; readonly head: Omit<FlexStatement, 'sections'> }
  | { readonly kind: 'rows'; readonly section: string; readonly rows: readonly FlexRow[] }
  | { readonly kind: 'done' }
  | { readonly kind: 'failed'; readonly code: ErrorCode; readonly details: ErrorDetails; readonly cause: string }
