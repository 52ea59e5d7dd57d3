import type { AccountView, ConnectionView } from '../../shared/contract/schemas.ts'
import { ENVIRONMENTS, type Environment } from '../../shared/domain/broker.ts'
import { type Money, sumByCurrency } from '../../shared/domain/money.ts'
import { Instant } from '../../shared/domain/time.ts'

/** Net liquidation of the accounts of one environment: practice money is never added to real money. */
export interface NetLiquidation {
  readonly environment: Environment
  readonly totals: readonly Money[]
  readonly stated: number
  readonly accounts: number
  /** Accounts the user left out. */
  readonly excluded: number
  /** The oldest moment among the figures: the sum is no newer. */
  readonly asOf: Instant | null
  readonly fetchedAt: Instant | null
  /** Environments that have accounts but are left out of the sum. */
  readonly leftOut: readonly Environment[]
}

/** The figure for one environment; unless it is said and has accounts, for the first that has: live, else paper, else sandbox. Undefined without accounts. */
export function netLiquidation(connections: readonly ConnectionView[], wanted?: Environment): NetLiquidation | undefined {
  const present = ENVIRONMENTS.filter(environment => accountsIn(connections, environment).length > 0)
  const environment = present.find(one => one === wanted) ?? present[0]
  if (!environment) return undefined
  const leftOut = present.filter(one => one !== environment)
  const accounts = accountsIn(connections, environment)
  const stated = accounts.flatMap(account =>
    account.netLiquidation === null ? [] : [{ account, money: { amount: account.netLiquidation, currency: account.currency } }],
  )
  return {
    environment,
    totals: byUse(stated.map(({ money }) => money)),
    stated: stated.length,
    accounts: accounts.length,
    excluded: allIn(connections, environment).filter(({ excluded }) => excluded).length,
    asOf: oldest(stated.map(({ account }) => account.asOf)),
    fetchedAt: oldest(stated.map(({ account }) => account.fetchedAt)),
    leftOut,
  }
}

/** Sums by currency, the one most accounts are held in first. */
function byUse(values: readonly Money[]): Money[] {
  const uses = (currency: string) => values.filter(value => value.currency === currency).length
  return sumByCurrency(values).toSorted((a, b) => uses(b.currency) - uses(a.currency))
}

function accountsIn(connections: readonly ConnectionView[], environment: Environment): AccountView[] {
  return allIn(connections, environment).filter(({ excluded }) => !excluded)
}

function allIn(connections: readonly ConnectionView[], environment: Environment): AccountView[] {
  return connections.filter(connection => connection.environment === environment).flatMap(connection => connection.accounts)
}

function oldest(instants: readonly (Instant | null)[]): Instant | null {
  return instants.reduce<Instant | null>(
    (first, instant) => (instant === null ? first : first === null ? instant : Instant.earliest(first, instant)),
    null,
  )
}

/** The newest finished sync among the connections. */
export function newestSync(connections: readonly ConnectionView[]) {
  return connections
    .flatMap(connection => (connection.lastSync ? [{ connection, sync: connection.lastSync }] : []))
    .toSorted((a, b) => (a.sync.finishedAt < b.sync.finishedAt ? 1 : -1))[0]
}
