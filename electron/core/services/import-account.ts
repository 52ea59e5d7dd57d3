import { AppError } from '../../../shared/contract/errors.ts'
import type { InputOf } from '../../../shared/contract/routes.ts'
import { type AccountId, type ConnectionId, newId } from '../../../shared/domain/ids.ts'
import type { Instant } from '../../../shared/domain/time.ts'
import type { Reader, Writer } from '../db/open.ts'
import { accountByNumber, accountsOf, adoptAccounts, getAccount, numberHash } from '../store/accounts.ts'
import { getConnection, insertConnection, listConnections, removeConnection } from '../store/connections.ts'
import { hasActivities, homeOf } from '../store/imports.ts'
import { maskNumber } from '../sync/adopt.ts'

type Target = Pick<InputOf<'imports.preview'>, 'broker' | 'environment' | 'account'>

/**
 * The account a file goes to: the one named, or the one with the number given, whoever holds it; null when it is to be made. Throws
 * app/not-found for an unknown account and import/wrong-broker for another broker's.
 */
export function targetOf(reader: Reader, { broker, environment, account }: Target): AccountId | null {
  if (account.kind === 'new') return named(reader, broker, environment, account.number)
  const home = homeOf(reader, account.accountId)
  if (!home) throw new AppError('app/not-found')
  if (home.broker !== broker) throw new AppError('import/wrong-broker', { details: { format: broker } })
  return account.accountId
}

/** An account by its number as brokers send it, with or without the dashes and blanks people and websites write it with. */
function named(reader: Reader, broker: Target['broker'], environment: Target['environment'], number: string): AccountId | null {
  for (const spelling of [plain(number), number]) {
    const found = accountByNumber(reader, broker, environment, numberHash(reader, broker, environment, spelling))
    if (found) return found.id
  }
  return null
}

/** What a file says of its account: the one it goes to, another, or not enough to tell. */
export type Named = 'same' | 'other' | 'unsaid'

/** Holds the number a file names against the account it goes to. Of a number that is masked only the end can be another's. */
export function namedBy(reader: Reader, target: Target, accountId: AccountId | null, number: string | null): Named {
  if (number === null) return 'unsaid'
  if (MASK.test(number)) return endsAlike(number, maskedOf(reader, target, accountId)) ? 'unsaid' : 'other'
  return namesAnother(reader, target, accountId, number) ? 'other' : 'same'
}

const MASK = /[*•xX]{2}/

/** The account a file goes to, as a name and the end of its number. */
export function accountWords(reader: Reader, target: Target, accountId: AccountId | null): string {
  const wanted = target.account
  const name = (accountId === null ? null : getAccount(reader, accountId)?.name) ?? (wanted.kind === 'new' ? wanted.name : '')
  const words = `${name} ${maskedOf(reader, target, accountId)}`.trim()
  return accountId === null ? `a new account: ${words}` : words
}

function maskedOf(reader: Reader, { account }: Target, accountId: AccountId | null): string {
  const known = accountId === null ? undefined : getAccount(reader, accountId)?.maskedNumber
  return known ?? (account.kind === 'new' ? maskNumber(account.number) : '')
}

function endsAlike(masked: string, known: string): boolean {
  const [a, b] = [masked, known].map(text => /[0-9A-Za-z]*$/.exec(plain(text.replaceAll(/^.*(?:[*•]|[xX]{2})/gs, '')))?.[0] ?? '')
  return a === undefined || b === undefined || a.endsWith(b) || b.endsWith(a)
}

function namesAnother(reader: Reader, target: Target, accountId: AccountId | null, number: string): boolean {
  const wanted = target.account
  if (wanted.kind === 'new') return plain(wanted.number) !== plain(number)
  const account = accountId === null ? null : getAccount(reader, accountId)
  const environment = accountId === null ? undefined : homeOf(reader, accountId)?.environment
  if (account === null || environment === undefined) return false
  return [plain(number), number].every(spelling => numberHash(reader, target.broker, environment, spelling) !== account.numberHash)
}

function plain(number: string): string {
  return number.replaceAll(/[^0-9A-Za-z]/g, '').toUpperCase()
}

/**
 * The account a file goes to, made when there is none: held by the broker's connection for files, which has no tokens and is never
 * synced. Call it inside a transaction.
 */
export function accountFor(
  writer: Writer,
  target: Target,
  { newId: random, at }: { readonly newId: () => string; readonly at: Instant },
): { accountId: AccountId; connectionId: ConnectionId } {
  const there = targetOf(writer, target)
  const account = there === null ? null : getAccount(writer, there)
  if (account && (target.account.kind === 'existing' || getConnection(writer, account.connectionId))) {
    return { accountId: account.id, connectionId: account.connectionId }
  }
  const { broker, environment, account: wanted } = target
  if (wanted.kind === 'existing') throw new AppError('app/not-found')
  const connectionId = holderFor(writer, target, random, at)
  const [made] = adoptAccounts(writer, {
    connectionId,
    broker,
    environment,
    accounts: [
      {
        numberHash: numberHash(writer, broker, environment, plain(wanted.number)),
        brokerKey: '',
        masked: maskNumber(wanted.number),
        name: wanted.name,
        type: 'file',
        currency: wanted.currency,
      },
    ],
  })
  if (!made) throw new AppError('app/internal', { cause: new TypeError('the account was not made') })
  return { accountId: made.id, connectionId }
}

function holderFor(writer: Writer, { broker, environment }: Target, random: () => string, at: Instant): ConnectionId {
  const holder = listConnections(writer).find(one => one.method === 'file' && one.broker === broker && one.environment === environment)
  if (holder) return holder.id
  const id = newId.connection(random())
  insertConnection(writer, {
    id,
    broker,
    environment,
    method: 'file',
    state: { kind: 'connected' },
    createdAt: at,
    consentedAt: null,
    scopes: [],
  })
  return id
}

/** Takes the connection for files off the list when nothing is left that any file brought. */
export function letGoOfEmpty(writer: Writer, accountId: AccountId, at: Instant): void {
  const holder = getAccount(writer, accountId)?.connectionId
  if (holder === undefined || getConnection(writer, holder)?.method !== 'file') return
  if (accountsOf(writer, holder).every(({ id }) => !hasActivities(writer, id))) removeConnection(writer, holder, at)
}
