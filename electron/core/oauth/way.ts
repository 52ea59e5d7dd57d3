import type { Credentials } from '../net/credentials.ts'
import type { Instant } from '../../../shared/domain/time.ts'
import type { CallbackParams } from './callback.ts'
import type { TokenGrant } from './wire.ts'

/** How a sign-in gets its answer: by the browser's return to a listener, or by a code the user copies. */
export interface Way {
  /** What the user may paste to finish. */
  readonly paste: 'address' | 'code'
  /** Prepares everything the address of the broker's page needs. Resolves with the answer to come, where one comes by itself. */
  open(): Promise<{ readonly result: Promise<CallbackParams> | null }>
  /** The page to open in the browser; empty before `open` is done. */
  readonly authorizeUrl: string
  /** Where the broker returns to; empty where it does not. */
  readonly redirectUri: string
  readonly listening: boolean
  /** The public certificate of an https listener, else null. */
  readonly certificatePem: string | null
  /** Reads pasted text. Throws for text that cannot be right. */
  read(text: string): CallbackParams
  /** Trades the answer for tokens; the answer is used once. */
  trade(answer: CallbackParams): Promise<Traded>
  /** Frees what was opened, even while it is opening. */
  close(): Promise<void>
}

/** Fresh tokens, not tried and not saved yet. */
export interface Traded {
  readonly grant: TokenGrant
  /** For trying them. */
  readonly candidate: Credentials
  /** The broker's hard deadline for the next sign-in; null when it states none. */
  readonly signInBy: Instant | null
}
