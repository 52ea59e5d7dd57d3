import { AppError } from '../../../shared/contract/errors.ts'
import { Dec } from '../../../shared/domain/decimal.ts'
import type { AccountId } from '../../../shared/domain/ids.ts'
import { Instant } from '../../../shared/domain/time.ts'
import type { Reader } from '../db/connection.ts'
import type { StoredAccount } from '../store/accounts.ts'
import { balancesOf } from '../store/balances.ts'
import { sentSince } from '../store/order-intents.ts'
import { positionsOf } from '../store/positions.ts'
import { isOpen } from '../brokers/order-status.ts'
import type { Gate } from './gate.ts'
import { globalLimits } from './limits.ts'
import { convertedTo, nameOf, type OwnLoss } from './loss-of-all.ts'
import { notListed, withoutRefused } from './not-listed.ts'
import type { WorkingOrder } from './order-facts.ts'
import { openOrderDays, pricesOf, type Reading, unpriced, workingOf } from './reading.ts'
import type { OrderCore } from './record.ts'
import { plain } from './sentences.ts'
import type { Venues } from './venues.ts'
import { createSilence, within } from './within.ts'

/** What works in another account that counts, as its broker just said. */
export interface WorkingElsewhere {
  readonly account: StoredAccount
  readonly readAt: Instant
  /** Null when its broker did not say. */
  readonly reading: Pick<Reading, 'orders' | 'positions' | 'quote' | 'others' | 'isMixed'> | null
}

export interface ElsewhereOptions {
  readonly signal: AbortSignal
  /** Takes what was read within the last minute, as a review did right before its order, where nothing went out there since; one that did not answer then is not asked again. */
  readonly again: boolean
}

/** A broker that says nothing for longer is taken for one that does not answer. Some tell orders once in five seconds. */
const WITHIN_MS = 20_000
const KEPT_MS = 60_000

/**
 * Reads what works in other accounts, since the limit for all working orders is one for all. One that does not answer in time has no
 * reading: then nothing is opened. Throws app/canceled.
 */
export function createElsewhere(
  { db, clock, log }: OrderCore,
  venues: Venues,
): (accounts: readonly StoredAccount[], options: ElsewhereOptions) => Promise<WorkingElsewhere[]> {
  const kept = new Map<AccountId, { readonly read: WorkingElsewhere; readonly atMs: number }>()
  const silence = createSilence(clock, KEPT_MS)
  const { reader } = db

  function keptOf({ id }: StoredAccount): WorkingElsewhere | null {
    const known = kept.get(id)
    return known && clock.monotonicMs() - known.atMs <= KEPT_MS && !isSentSince(reader, known.read) ? known.read : null
  }

  async function readIn(account: StoredAccount, stop: { readonly signal: AbortSignal }): Promise<WorkingElsewhere> {
    const [readAt, atMs] = [clock.now(), clock.monotonicMs()]
    const read = { account, readAt, reading: await ordersOf(account, stop) }
    kept.set(account.id, { read, atMs })
    silence.noteAnswer(account.id)
    return read
  }

  async function ordersOf({ id, currency }: StoredAccount, stop: { readonly signal: AbortSignal }): Promise<WorkingElsewhere['reading']> {
    const venue = await venues.of(id)
    const range = openOrderDays(reader, venue, clock.now())
    const listed = await venue.adapter.orders(venue.account.brokerKey, { status: 'open', range }, stop)
    const { told, asSent } = await notListed({ reader, clock }, venue, listed, stop)
    const orders = withoutRefused(reader, { id }, [...listed, ...told.filter(({ status }) => isOpen(status)), ...asSent])
    const isMixed = balancesOf(reader, id).some(balance => balance.currency !== currency)
    const bare = unpriced(orders, null, isMixed)
    const others = bare.length === 0 ? [] : await pricesOf(venue, bare, stop)
    return { orders, positions: positionsOf(reader, id), quote: null, others, isMixed }
  }

  return (accounts, { signal, again }) => {
    const unread = (account: StoredAccount): WorkingElsewhere => ({ account, readAt: clock.now(), reading: null })
    const read = async (account: StoredAccount): Promise<WorkingElsewhere> => {
      const known = again ? keptOf(account) : null
      if (known || (again && silence.isSilent(account.id))) return known ?? unread(account)
      try {
        return await within({ clock, ms: WITHIN_MS, signal }, stop => readIn(account, stop))
      } catch (cause) {
        if (signal.aborted) throw new AppError('app/canceled')
        silence.noteSilent(account.id)
        log.info('orders.working-not-read', { accountId: account.id, cause })
        return unread(account)
      }
    }
    return Promise.all(accounts.map(read))
  }
}

/** Whether an order went out in an account after it was read. */
function isSentSince(reader: Reader, { account, readAt }: Pick<WorkingElsewhere, 'account' | 'readAt'>): boolean {
  return sentSince(reader, readAt, account.id).some(({ createdAt }) => Instant.isBefore(readAt, createdAt))
}

export interface OpenValue {
  /** The account the order is for, with its balances as just read. */
  readonly own: Pick<OwnLoss, 'account' | 'balances'>
  readonly working: readonly WorkingOrder[]
  /** What the order itself is worth at worst, in its account's currency; null when nobody can tell. */
  readonly worst: Dec | null
  readonly elsewhere: readonly WorkingElsewhere[]
}

/**
 * What the limit for the working orders of all accounts together says against opening something. What works elsewhere and cannot be
 * valued, or is in doubt there, stops it.
 */
export function openValueStops(
  { reader, gate }: { readonly reader: Reader; readonly gate: Pick<Gate, 'doubts'> },
  { own, working, worst, elsewhere }: OpenValue,
): AppError[] {
  const { maxOpenValue } = globalLimits(reader)
  const mine = sumOf(working)
  // What the account alone says was said.
  if (worst === null || mine === null || Dec.cmp(Dec.add(mine, worst), maxOpenValue) > 0) return []
  let sum = Dec.add(mine, worst)
  for (const other of elsewhere) {
    const { account } = other
    const unknown = (reason: string): AppError[] => [unknownElsewhere(account, reason)]
    if (other.reading === null) return unknown(NO_ANSWER)
    if (gate.doubts(account.id) > 0) return unknown('one of its orders is in doubt')
    if (isSentSince(reader, other)) return [new AppError('order/stopped-open-value-sent-all', { details: { account: nameOf(account) } })]
    const there = workingOf(other.reading, null, account.currency)
    const value = sumOf(there)
    if (value === null)
      return [new AppError('order/stopped-open-value-unvalued-all', { details: { account: nameOf(account), order: unvalued(there) } })]
    const worth = convertedTo(reader, value, account.currency, own)
    if (worth === null) return unknown(`no broker says what ${account.currency} is in ${own.account.currency}`)
    sum = Dec.add(sum, worth)
  }
  if (Dec.cmp(sum, maxOpenValue) <= 0) return []
  return [new AppError('order/stopped-open-value-all', { details: { value: `${sum} ${own.account.currency}`, most: maxOpenValue } })]
}

/** Why the working orders of an account were not read. */
export const NO_ANSWER = 'its broker does not answer'

export function unknownElsewhere(account: StoredAccount, reason: string): AppError {
  return new AppError('order/stopped-open-value-unknown-all', { details: { account: nameOf(account), reason } })
}

/** Whether an order is stopped because another went out after its account was read: a new reading knows of it. */
export function isSentElsewhere(cause: unknown): boolean {
  return cause instanceof AppError && cause.code === 'order/stopped-open-value-sent-all'
}

/** The first that has no value, in words. */
function unvalued(working: readonly WorkingOrder[]): string {
  const symbol = working.find(({ value }) => value === null)?.symbol ?? ''
  return symbol === '' ? 'an order of several legs, or of a kind Keelson does not know' : `an order for ${plain(symbol)}`
}

/** Null where the value of one is not known. */
function sumOf(working: readonly WorkingOrder[]): Dec | null {
  const values = working.flatMap(({ value }) => value ?? [])
  return values.length < working.length ? null : Dec.sum(values)
}
