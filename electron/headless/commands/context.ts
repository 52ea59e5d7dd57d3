import type { Terminal } from '../terminal.ts'
import type { Client } from '../wire.ts'

/** What every command that talks to the core is given. */
export interface CommandContext {
  readonly client: Client
  readonly terminal: Terminal
  /** True when the result is to be one JSON document on standard output. */
  readonly json: boolean
  readonly signal: AbortSignal
}

export { findAccount, findConnection } from './names.ts'
