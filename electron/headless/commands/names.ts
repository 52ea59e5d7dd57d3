import { AppError } from '../../../shared/contract/errors.ts'
import type { AccountView, ConnectionView } from '../../../shared/contract/schemas.ts'
import type { BrokerId } from '../../../shared/domain/broker.ts'
import type { CommandContext } from './context.ts'

/**
 * Finds the connection a user means: its id, its own name (in any case), its broker when there is only one of it, or
 * `broker/environment`. Throws app/unknown-name and app/ambiguous-name, each with the names there are.
 */
export async function findConnection({ client, signal }: Pick<CommandContext, 'client' | 'signal'>, text: string): Promise<ConnectionView> {
  const all = await client.request('connections.list', {}, signal)
  const isNamed = ({ label, broker, environment }: ConnectionView): boolean =>
    (label !== '' && label.toLowerCase() === text.trim().toLowerCase()) || broker === text || `${broker}/${environment}` === text
  const byId = all.filter(({ id }) => id === text)
  return only(byId.length > 0 ? byId : all.filter(isNamed), all, { text, what: 'connection', words: connectionWords })
}

/**
 * Finds the account a user means, at one broker when it is said: its id, or the end of its number. Throws app/unknown-name and
 * app/ambiguous-name, each with the accounts there are.
 */
export async function findAccount(
  { client, signal }: Pick<CommandContext, 'client' | 'signal'>,
  text: string,
  broker?: BrokerId,
): Promise<AccountView> {
  const connections = await client.request('connections.list', {}, signal)
  const all = connections.filter(one => broker === undefined || one.broker === broker).flatMap(({ accounts }) => accounts)
  const byId = all.filter(({ id }) => id === text)
  const byNumber = all.filter(({ maskedNumber }) => text.length >= SHORTEST_END && maskedNumber.endsWith(text))
  return only(byId.length > 0 ? byId : byNumber, all, { text, what: 'account', words: accountWords })
}

const SHORTEST_END = 2
const MOST_LISTED = 12
const LONGEST_NAME = 60

interface Naming<T> {
  readonly text: string
  readonly what: 'connection' | 'account'
  readonly words: (one: T) => string
}

/** The only one of those found. */
function only<T>(found: readonly T[], all: readonly T[], { text, what, words }: Naming<T>): T {
  const [first, ...more] = found
  if (first !== undefined && more.length === 0) return first
  const name = shown(text)
  if (first === undefined) throw unknownName(what, name, all.map(words))
  throw new AppError('app/ambiguous-name', { details: { what, name, count: found.length, known: listed(found.map(words)) } })
}

/** That nothing has this name, and which names there are. */
export function unknownName(what: 'connection' | 'account' | 'import', text: string, known: readonly string[]): AppError {
  return new AppError('app/unknown-name', {
    details: { what, name: shown(text), known: known.length > 0 ? `There are: ${listed(known)}` : NONE[what] },
  })
}

const NONE = {
  connection: 'There is none yet: keelson connect <broker>',
  account: 'There is none yet',
  import: 'No file was imported yet',
} as const

function listed(words: readonly string[]): string {
  const left = words.length - MOST_LISTED
  return words.slice(0, MOST_LISTED).join(', ') + (left > 0 ? ` and ${left} more` : '')
}

function connectionWords({ id, label, broker, environment }: ConnectionView): string {
  const home = `${broker}/${environment}`
  return `${id} (${label === '' ? home : `${shown(label)}, ${home}`})`
}

/** An account as a user tells it from others: its id, name and the end of its number. */
export function accountWords({ id, name, maskedNumber }: Pick<AccountView, 'id' | 'name' | 'maskedNumber'>): string {
  return `${id} (${shown(name)} ${maskedNumber})`
}

/** What was typed, short and without characters a terminal would obey. */
function shown(text: string): string {
  const plain = text.replaceAll(/[\p{Cc}\p{Cf}]/gu, '').trim()
  return plain.length > LONGEST_NAME ? `${plain.slice(0, LONGEST_NAME)}…` : plain
}
