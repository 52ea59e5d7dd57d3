import type { AssetClass } from './instrument.ts'
import type { OrderType, TimeInForce } from './order.ts'

/** Brokers Keelson knows. Adding one adds a folder, a line in the registry and a line here. */
export const BROKER_IDS = ['alpaca', 'schwab', 'ibkr', 'tastytrade', 'etrade', 'tdameritrade'] as const
export type BrokerId = (typeof BROKER_IDS)[number]

/** Part of a connection's identity: live moves real money, paper is the broker's own practice account, sandbox is built in. */
export const ENVIRONMENTS = ['live', 'paper', 'sandbox'] as const
export type Environment = (typeof ENVIRONMENTS)[number]

/**
 * The ways in. `oauth` is a sign-in in the browser, `api-key` a key pair, `personal-grant` a client secret and refresh token made on
 * the broker's site, `tws` a socket to TWS or IB Gateway, `flex` IBKR's report service, `gateway` IBKR's Client Portal Gateway,
 * `file` holds accounts whose history comes from files alone.
 */
export const METHODS = ['oauth', 'api-key', 'personal-grant', 'tws', 'flex', 'gateway', 'file'] as const
export type Method = (typeof METHODS)[number]

/** What an adapter can do; the app asks this, never who the broker is. */
export interface Capabilities {
  readonly balances: boolean
  readonly positions: boolean
  readonly orders: boolean
  readonly activities: boolean
  readonly quotes: boolean
  /** The broker lets an app end its own access. */
  readonly revoke: boolean
  /** Access can be renewed without the user. */
  readonly refresh: boolean
  /** What may be ordered; null where the broker takes no orders from apps. */
  readonly trading: TradeRules | null
}

/** What orders a broker takes. A draft outside these rules is refused before anything is sent. */
export interface TradeRules {
  readonly assetClasses: readonly AssetClass[]
  readonly types: readonly OrderType[]
  readonly timesInForce: readonly TimeInForce[]
  /** Quantities with a fraction, for these classes. */
  readonly fractional: readonly AssetClass[]
  /** Orders for an amount of money, for these classes. */
  readonly notional: readonly AssetClass[]
  /** The broker checks an order without placing it. */
  readonly preview: boolean
  readonly replace: boolean
  readonly extendedHours: boolean
  /** The broker keeps our own order id and refuses a second order with it. */
  readonly clientOrderIds: boolean
  /** Orders that are done are told on their own day only: after it, one that is not told may still have been filled. */
  readonly ordersOfTheDay?: true
}

/** One permission of the consent dialog, in plain words. `id` is the broker's own scope word; empty where it has none. */
export interface ScopeInfo {
  readonly id: string
  readonly label: string
  readonly detail: string
  readonly required: boolean
}

/** One field of a connection form. Secret fields are sealed and never come back. */
export interface FieldSpec {
  readonly name: string
  readonly label: string
  readonly hint: string
  readonly kind: 'text' | 'secret' | 'number' | 'day'
  /** Source of a regular expression the whole trimmed text must fit; null takes any text. */
  readonly pattern: string | null
  /** The sentence shown when it does not fit. */
  readonly problem: string
  /** Filled in at first; empty for nothing. */
  readonly initial: string
  /** The same where an environment has another usual one. */
  readonly initialIn?: Readonly<Partial<Record<Environment, string>>> | undefined
  readonly required: boolean
  /** Of a day: it must be still to come. */
  readonly future?: boolean | undefined
}

/** What a field begins with in one environment. */
export function initialOf({ initial, initialIn }: Pick<FieldSpec, 'initial' | 'initialIn'>, environment: Environment): string {
  return initialIn?.[environment] ?? initial
}

/** A way in, as a form shows it. */
export interface MethodInfo {
  readonly method: Method
  /** `TWS or IB Gateway` */
  readonly label: string
  /** What the user needs for it, in one sentence. */
  readonly needs: string
  /** How long it lasts and what ends it, in one sentence. */
  readonly life: string
  /** Empty for a sign-in in the browser. */
  readonly fields: readonly FieldSpec[]
  /** What it lets Keelson do, where that is not what a sign-in in the browser does. */
  readonly scopes?: readonly ScopeInfo[] | undefined
  /** In place of the broker's own sentence. */
  readonly note?: string | undefined
  /** How to set it up, a sentence a step. */
  readonly steps?: readonly string[] | undefined
}

/** A statement about a broker with where it comes from and the day it was looked up. */
export interface SourcedFact {
  readonly text: string
  readonly source: string
  /** `2026-11-21` */
  readonly asOf: string
}

/** What the set-up grid and the comparison table say about a broker. */
export interface BrokerFacts {
  readonly assetClasses: readonly AssetClass[]
  /** `OAuth 2.0`, `OAuth 1.0a`, or none. */
  readonly oauth: string
  /** `15 minutes, renewed by itself` */
  readonly tokenLife: string
  /** `Every day at midnight Eastern` */
  readonly signInAgain: string
  /** `120 calls a minute` */
  readonly rateLimit: string
  readonly paper: string
  readonly fees: SourcedFact
  readonly rating: SourcedFact | null
}

/** A broker that is no longer open: why, and who took it over. */
export interface ClosedBroker {
  readonly sentence: string
  readonly successor: BrokerId
}
