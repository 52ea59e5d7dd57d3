import type { Ask, Reply } from './exchange.ts'
import type { Fault, Rotation } from './faults.ts'
import type { Grants } from './grants.ts'
import type { Knobs } from './knobs.ts'
import type { AccountStatement } from './own-statement.ts'
import type { Instant } from '../../../shared/domain/time.ts'

export interface SimulatorOptions {
  readonly seed: number
  readonly now: () => Instant
  readonly activities: number
  readonly rotation: Rotation
  /** Life of an access token in milliseconds; undefined: the broker's own. */
  readonly tokenLifeMs: number | undefined
  readonly knobs: Knobs
  /** The fault of this refresh, if one is set. */
  readonly refreshFault: () => Fault | null
}

/** What the server needs of one broker's simulator. */
export interface Simulator {
  /** What the control does to all tokens at once. */
  readonly grants: Pick<Grants, 'expireAccess' | 'revokeAll' | 'setRotation'>
  /** True for paths of the sign-in and token endpoints. */
  isAuth(path: string): boolean
  handle(ask: Ask): Reply
  /** The broker's own words for a token it does not take, and for too many calls. */
  unauthorized(): Reply
  /** A failure on the broker's side. */
  broken(status: number): Reply
  tooMany(retryAfter: number | undefined): Reply
  /** True when a path belongs to the account counted from 0. */
  concerns(path: string, account: number): boolean
  /** Headers of every answer. */
  headers(): Readonly<Record<string, string>>
  /** An answer with one row twice, where it is not JSON. */
  readonly doubled?: (body: string) => string
  /** Books one new fill at the present moment; answers its external id. */
  addFill(): string
  /** Corrects the fill with this external id, or the newest one; answers the id, or undefined when there is none. */
  correct(externalId?: string): string | undefined
  /** What it states of each account, in the order of its accounts. */
  statements(): readonly AccountStatement[]
}
