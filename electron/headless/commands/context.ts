import type { AccountView, ConnectionView } from '../../../shared/contract/schemas.ts'
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

/** Finds the connection a user means: its id, its own name, its broker when there is only one of it, or `broker/environment`. */
export async function findConnection({ client, signal }: CommandContext, text: string): Promise<ConnectionView> {
  const all = await client.request('connections.list', {}, signal)
  const byId = all.find(({ id }) => id === text)
  const byLabel = all.filter(({ label }) => label !== '' && label === text)
  const byName = all.filter(({ broker, environment }) => broker === text || `${broker}/${environment}` === text)
  const found = byId ?? only(byLabel) ?? only(byName)
  if (!found) throw new AppError('app/not-found')
  return found
}

/** Finds the account a user means: its id, or the end of its number when only one account ends so. */
export async function findAccount({ client, signal }: CommandContext, text: string): Promise<AccountView> {
  const all = (await client.request('connections.list', {}, signal)).flatMap(({ accounts }) => accounts)
  const found = all.find(({ id }) => id === text) ?? only(all.filter(({ maskedNumber }) => text.length >= 2 && maskedNumber.endsWith(text)))
  if (!found) throw new AppError('app/not-found')
  return found
}

function only<T>(some: readonly T[]): T | undefined {
  return some.length === 1 ? some[0] : undefined
}
