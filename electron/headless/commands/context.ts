import type { ConnectionView } from '../../../shared/contract/schemas.ts'
import { AppError } from '../../../shared/contract/errors.ts'
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

/** Finds the connection a user means: its id, its broker when there is only one of it, or `broker/environment`. */
export async function findConnection({ client, signal }: CommandContext, text: string): Promise<ConnectionView> {
  const all = await client.request('connections.list', {}, signal)
  const byId = all.find(({ id }) => id === text)
  const byName = all.filter(({ broker, environment }) => broker === text || `${broker}/${environment}` === text)
  const found = byId ?? (byName.length === 1 ? byName[0] : undefined)
  if (!found) throw new AppError('app/not-found')
  return found
}
