import type { ConnectionView } from '../../shared/contract/schemas.ts'
import type { Environment } from '../../shared/domain/broker.ts'
import type { Instant } from '../../shared/domain/time.ts'
import { needsUser, standingOf } from '../lib/format/index.ts'

const ENVIRONMENT_ORDER: Readonly<Record<Environment, number>> = { live: 0, paper: 1, sandbox: 2 }

/** How much a connection needs its user: 0 is most. */
export function attention(connection: ConnectionView, now: Instant): number {
  const standing = standingOf(connection, now)
  if (needsUser(standing)) return 0
  if (standing.severity === 'danger' || standing.severity === 'warning') return 1
  if (connection.trouble !== null || connection.lastSync?.result === 'failed') return 2
  if (connection.lastSync?.result === 'partial') return 3
  return standing.severity === 'notice' ? 4 : 5
}

/** Connections that wait for a sign-in first, then the primary one; then what needs its user, live before paper before sandbox, oldest first. */
export function byAttention(connections: readonly ConnectionView[], now: Instant): ConnectionView[] {
  return connections.toSorted(
    (a, b) =>
      waits(a, now) - waits(b, now) ||
      Number(b.primary) - Number(a.primary) ||
      attention(a, now) - attention(b, now) ||
      ENVIRONMENT_ORDER[a.environment] - ENVIRONMENT_ORDER[b.environment] ||
      (a.createdAt < b.createdAt ? -1 : 1),
  )
}

function waits(connection: ConnectionView, now: Instant): number {
  return attention(connection, now) === 0 ? 0 : 1
}

/** Connections that cannot sync until the user signs in. */
export function needingSignIn(connections: readonly ConnectionView[], now: Instant): ConnectionView[] {
  return byAttention(connections, now).filter(connection => attention(connection, now) === 0)
}
