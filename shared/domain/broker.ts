/** Brokers Keelson knows. Adding one adds a folder, a line in the registry and a line here. */
export const BROKER_IDS = ['alpaca', 'schwab'] as const
export type BrokerId = (typeof BROKER_IDS)[number]

/** Part of a connection's identity: live moves real money, paper is the broker's own practice account, sandbox is built in. */
export const ENVIRONMENTS = ['live', 'paper', 'sandbox'] as const
export type Environment = (typeof ENVIRONMENTS)[number]

/** How a connection signs in. */
export const METHODS = ['oauth', 'api-key'] as const
export type Method = (typeof METHODS)[number]

/** What an adapter can do; the app asks this, never who the broker is. */
export interface Capabilities {
  readonly balances: boolean
  readonly positions: boolean
  readonly orders: boolean
  readonly activities: boolean
  /** The broker lets an app end its own access. */
  readonly revoke: boolean
  /** Access can be renewed without the user. */
  readonly refresh: boolean
}

/** One permission of the consent dialog, in plain words. `id` is the broker's own scope word; empty where it has none. */
export interface ScopeInfo {
  readonly id: string
  readonly label: string
  readonly detail: string
  readonly required: boolean
}
