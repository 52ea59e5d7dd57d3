import { AppError } from '../../../shared/contract/errors.ts'
import { Dec } from '../../../shared/domain/decimal.ts'
import type { AccountId } from '../../../shared/domain/ids.ts'
import { EXCHANGE_ZONE, type Instant, startOfDay, toLocalDate } from '../../../shared/domain/time.ts'
import type { BrokerBalance } from '../brokers/adapter.ts'
import type { Reader } from '../db/connection.ts'
import { accountsOf, type StoredAccount } from '../store/accounts.ts'
import { balancesOf } from '../store/balances.ts'
import { dayResult } from '../store/day-result.ts'
import { listConnections, type StoredConnection } from '../store/connections.ts'
import { sentSince } from '../store/order-intents.ts'
import { positionsOf } from '../store/positions.ts'
import { globalLimits } from './limits.ts'
import { lossToday } from './loss-today.ts'
import { plain } from './sentences.ts'
import type { TradingSwitches } from './switches.ts'

export interface LossDeps {
  readonly reader: Reader
  readonly switches: Pick<TradingSwitches, 'isOn'>
}

/** The account an order is for, with what it has lost today and its balances as just read. */
export interface OwnLoss {
  readonly account: StoredAccount
  readonly environment: StoredConnection['environment']
  readonly loss: Dec | null
  readonly balances: readonly Pick<BrokerBalance, 'currency' | 'toBase'>[]
}

const PLACES = 10

/**
 * What the limit of all accounts says against opening anything: it is for the losses of all accounts of this environment together that
 * may order, or did today, in the currency of the account the order is for. Gains make up for nothing. The other accounts are as last
 * read today; one that was not, and one in a currency no broker converts, stops.
 */
export function lossStops({ reader, switches }: LossDeps, own: OwnLoss, now: Instant): AppError[] {
  const { account, environment, loss } = own
  const { maxDailyLoss } = globalLimits(reader)
  // What the account alone says was said.
  if (loss === null || Dec.cmp(loss, maxDailyLoss) >= 0) return []
  let sum = loss
  for (const other of othersOf({ reader, switches }, own, now)) {
    const lost = storedLoss(reader, other, now)
    if (lost === null) return [new AppError('order/stopped-loss-unknown-all', { details: { account: nameOf(other) } })]
    const worth = convertedTo(reader, lost, other.currency, own)
    if (worth === null)
      return [
        new AppError('order/stopped-loss-currency', {
          details: { account: nameOf(other), currency: other.currency, other: account.currency, environment },
        }),
      ]
    sum = Dec.add(sum, worth)
  }
  if (Dec.cmp(sum, maxDailyLoss) < 0) return []
  return [new AppError('order/stopped-daily-loss-all', { details: { value: `${sum} ${account.currency}`, most: maxDailyLoss } })]
}

/** The other accounts that count, of which nothing was read today. */
export function unreadToday(deps: LossDeps, own: Pick<OwnLoss, 'account' | 'environment'>, now: Instant): StoredAccount[] {
  return othersOf(deps, own, now).filter(({ id }) => !isReadToday(deps.reader, id, now))
}

/** Whether the history of an account that counts got something of today that its books do not have yet. */
export function areBooksBehind(deps: LossDeps, own: Pick<OwnLoss, 'account' | 'environment'>, now: Instant): boolean {
  const today = toLocalDate(now, EXCHANGE_ZONE)
  return [own.account, ...othersOf(deps, own, now)].some(({ id, currency }) => dayResult(deps.reader, id, currency, today).isBehind)
}

function isReadToday(reader: Reader, id: AccountId, now: Instant): boolean {
  const today = toLocalDate(now, EXCHANGE_ZONE)
  const balances = balancesOf(reader, id)
  return balances.length > 0 && balances.every(({ fetchedAt }) => toLocalDate(fetchedAt, EXCHANGE_ZONE) === today)
}

/** The other accounts of an environment that count for the limits of all: those that may order, or did today. */
export function othersOf(
  { reader, switches }: LossDeps,
  { account, environment }: Pick<OwnLoss, 'account' | 'environment'>,
  now: Instant,
): StoredAccount[] {
  const day = startOfDay(toLocalDate(now, EXCHANGE_ZONE), EXCHANGE_ZONE)
  const ordered = new Set<AccountId>(sentSince(reader, day).map(({ accountId }) => accountId))
  return listConnections(reader)
    .filter(connection => connection.environment === environment && connection.method !== 'file')
    .flatMap(connection => {
      const isOn = switches.isOn(connection)
      return accountsOf(reader, connection.id).filter(({ id, excluded }) => id !== account.id && ((isOn && !excluded) || ordered.has(id)))
    })
}

function storedLoss(reader: Reader, account: StoredAccount, now: Instant): Dec | null {
  if (!isReadToday(reader, account.id, now)) return null
  return lossToday(reader, account, { balances: balancesOf(reader, account.id), positions: positionsOf(reader, account.id) }, now)
}

/** An amount in the currency of an account, by the rate a broker states, one way or the other; null where none does. */
export function convertedTo(
  reader: Reader,
  amount: Dec,
  from: string,
  { account, balances }: Pick<OwnLoss, 'account' | 'balances'>,
): Dec | null {
  const to = account.currency
  if (from === to || Dec.isZero(amount)) return amount
  const own = balances.map(balance => ({ ...balance, base: to }))
  const kept = listConnections(reader)
    .flatMap(({ id }) => accountsOf(reader, id))
    .flatMap(({ id, currency: base }) => balancesOf(reader, id).map(balance => ({ ...balance, base })))
  for (const { currency, toBase, base } of [...own, ...kept]) {
    if (toBase === undefined || toBase === null || Dec.isZero(toBase) || Dec.isNegative(toBase)) continue
    if (currency === from && base === to) return Dec.mul(amount, toBase)
    if (currency === to && base === from) return Dec.divide(amount, toBase, PLACES)
  }
  return null
}

/** An account as it is named in a sentence. */
export function nameOf({ name, maskedNumber }: StoredAccount): string {
  return plain(`${name} ${maskedNumber}`)
}
