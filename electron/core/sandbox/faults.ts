import type { StandId } from './stands.ts'

/** How a refresh answers with refresh tokens; no broker document settles it, so all three are testable. */
export const ROTATIONS = ['same', 'rotate', 'strict'] as const
export type Rotation = (typeof ROTATIONS)[number]

export const FAULT_NAMES = [
  'expired',
  'revoked',
  'unauthorized-once',
  'forbidden-html',
  'rate-limited',
  'server-error',
  'slow',
  'truncated',
  'dropped',
  'answer-lost',
  'duplicates',
  'corrected',
  'account-failing',
  'refresh-failing',
  'refresh-invalid',
] as const
export type FaultName = (typeof FAULT_NAMES)[number]

/**
 * What goes wrong at a simulator. `expired` and `revoked` happen once, when set; the others last until cleared or used up. `dropped` is
 * cut off before anything was done, `answer-lost` after it.
 * `refresh-*` hit the token endpoint's refresh only; every other fault hits the data calls.
 */
export interface Fault {
  readonly name: FaultName
  /** How many answers it spoils; without it, all of them (`unauthorized-once`: one). */
  readonly times?: number
  /** Only paths that contain this text. */
  readonly path?: string
  /** Only calls by this method. */
  readonly method?: string
  /** `rate-limited`: whole seconds of the Retry-After header; without it the header is left out. */
  readonly retryAfter?: number
  /** `server-error` and `refresh-failing`: 500 (default), 502, 503 ... */
  readonly status?: number
  /** `slow`: how long each answer waits, in milliseconds (default 2000). */
  readonly ms?: number
  /** `account-failing`: which account, counted from 0 in the broker's own order (default 0). */
  readonly account?: number
}

/** Faults the stands start with, and how they hand out refresh tokens. */
export type FaultScript = { readonly [stand in StandId]?: Fault } & { readonly rotation?: Rotation }

/** Holds at most one fault and counts its uses. */
export interface FaultBox {
  set(fault: Fault | null): void
  /** The fault when it applies to this path; counts one use. */
  take(path: string, names: readonly FaultName[], method?: string): Fault | null
  /** The fault when it is of this name and not used up; counts nothing. */
  peek(name: FaultName): Fault | null
}

export function createFaultBox(): FaultBox {
  let current: Fault | null = null
  let left = 0
  return {
    set(fault) {
      current = fault
      left = fault === null ? 0 : (fault.times ?? (fault.name === 'unauthorized-once' ? 1 : Number.POSITIVE_INFINITY))
    },
    peek: name => (current?.name === name && left > 0 ? current : null),
    take(path, names, method) {
      if (current === null || left <= 0 || !names.includes(current.name)) return null
      if (current.path !== undefined && !path.includes(current.path)) return null
      if (current.method !== undefined && current.method !== method) return null
      left -= 1
      return current
    },
  }
}
