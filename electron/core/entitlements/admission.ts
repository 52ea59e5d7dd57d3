import { AppError } from '../../../shared/contract/errors.ts'
import type { BrokerId, Environment } from '../../../shared/domain/broker.ts'
import type { Broker } from '../brokers/adapter.ts'
import type { Entitlements } from '../ports.ts'

/** What may be called at all: decided here before any call, whoever asks. */
export interface Admission {
  /** Throws auth/not-licensed for a broker this edition leaves out, auth/broker-closed for the live side of a closed one. */
  check(broker: Pick<Broker, 'id' | 'name' | 'closed'>, environment: Environment): void
  /** Empty when this edition includes the broker; else the sentence that says what to do. */
  missing(broker: BrokerId): string
}

/** Everything is included unless the edition says otherwise. */
export function createAdmission(nameOf: (id: BrokerId) => string, entitlements?: Entitlements): Admission {
  const missing = (id: BrokerId): string => entitlements?.missing(id) ?? ''
  return {
    missing,
    check({ id, name, closed }, environment) {
      const reason = missing(id)
      if (reason !== '') throw new AppError('auth/not-licensed', { details: { broker: name, reason } })
      if (closed && environment !== 'sandbox') {
        throw new AppError('auth/broker-closed', { details: { broker: name, successor: nameOf(closed.successor) } })
      }
    },
  }
}
