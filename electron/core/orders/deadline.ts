import { Instant } from '../../../shared/domain/time.ts'
import type { Clock } from '../ports.ts'

/**
 * Whether more than `ms` passed since now, by either clock: the one on the wall goes on while the computer sleeps, and the other one
 * while that is set. What was meant before either is not meant any more.
 */
export function overAfter(clock: Pick<Clock, 'now' | 'monotonicMs'>, ms: number): () => boolean {
  const [at, fromMs] = [clock.now(), clock.monotonicMs()]
  return () => Math.abs(Instant.msBetween(at, clock.now())) > ms || clock.monotonicMs() - fromMs > ms
}
