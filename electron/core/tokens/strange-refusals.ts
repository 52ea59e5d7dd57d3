import type { AppError } from '../../../shared/contract/errors.ts'
import type { ConnectionId } from '../../../shared/domain/ids.ts'
import { UNKNOWN_REFUSAL } from '../oauth/token-failure.ts'
import type { Clock } from '../ports.ts'

/** Counts refusals of a refresh that no table knows: one may be a slip of the broker's, three over ten minutes are an answer. */
export interface StrangeRefusals {
  /** Notes how a refresh failed; true when it is one refusal too many. Other failures in between, and other tokens, begin the count anew. */
  isOneTooMany(id: ConnectionId, generation: number, error: AppError): boolean
  clear(id: ConnectionId): void
}

const MANY = 3
const AT_LEAST_MS = 600_000

export function createStrangeRefusals(clock: Pick<Clock, 'monotonicMs'>): StrangeRefusals {
  const rows = new Map<ConnectionId, { readonly generation: number; readonly count: number; readonly sinceMs: number }>()
  return {
    isOneTooMany(id, generation, { cause }) {
      if (cause !== UNKNOWN_REFUSAL) {
        rows.delete(id)
        return false
      }
      const now = clock.monotonicMs()
      const known = rows.get(id)
      const { count, sinceMs } = known?.generation === generation ? known : { count: 0, sinceMs: now }
      rows.set(id, { generation, count: count + 1, sinceMs })
      return count + 1 >= MANY && now - sinceMs >= AT_LEAST_MS
    },
    clear: id => void rows.delete(id),
  }
}
