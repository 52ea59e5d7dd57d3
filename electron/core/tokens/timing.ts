import type { TokenLife } from '../../../shared/domain/connection.ts'
import type { ConnectionId } from '../../../shared/domain/ids.ts'
import { Instant } from '../../../shared/domain/time.ts'
import { NO_POLICY } from '../../../shared/domain/token-policy.ts'
import type { Clock, Random } from '../ports.ts'
import type { StoredToken } from '../store/tokens.ts'

const JITTER = 0.05
const SOONEST_MS = 5_000
const MARGIN_MS = 30_000
const MARGIN_SHARE = 0.1

/** How long tokens live, by whichever clock is less kind: the wall clock may be wrong, the monotonic one may have slept. */
export interface Timing {
  /** Notes that a token was received just now. */
  received(id: ConnectionId, generation: number): void
  /** Milliseconds until the access token ends; null when the broker named no end. */
  leftMs(id: ConnectionId, token: StoredToken): number | null
  /** True when a call started now could meet the end of the token. */
  runsOut(id: ConnectionId, token: StoredToken): boolean
  /** Milliseconds until the token should be renewed in the background, at or up to 5 % before its policy's share of its life; null without an end. */
  dueInMs(id: ConnectionId, token: StoredToken): number | null
}

/** Milliseconds an access token lives from its receipt; null when the broker named no end. */
export function lifeMs({ obtainedAt, expiresAt }: TokenLife): number | null {
  return expiresAt === null ? null : Math.max(0, Instant.msBetween(obtainedAt, expiresAt))
}

export interface TimingDeps {
  readonly clock: Clock
  readonly random: Pick<Random, 'fraction'>
  /** The share of its life after which a connection's access token is renewed; 0.8 when left out. */
  readonly refreshAt?: (id: ConnectionId) => number
  /** How far the wall clock is known to be ahead, in milliseconds; negative when it is behind. */
  readonly driftMs?: (() => number) | undefined
}

export function createTiming({ clock, random, refreshAt = () => NO_POLICY.refreshAt, driftMs = () => 0 }: TimingDeps): Timing {
  const receipts = new Map<ConnectionId, { readonly generation: number; readonly atMs: number }>()
  const shares = new Map<ConnectionId, { readonly generation: number; readonly share: number }>()

  function elapsedMs(id: ConnectionId, { generation, life }: StoredToken): number {
    const byWall = Instant.msBetween(life.obtainedAt, clock.now())
    const receipt = receipts.get(id)
    return receipt?.generation === generation ? Math.max(byWall, clock.monotonicMs() - receipt.atMs) : byWall
  }

  // Drawn once for each token, so that asking again does not move the moment.
  function shareOf(id: ConnectionId, generation: number): number {
    const known = shares.get(id)
    if (known?.generation === generation) return known.share
    const share = refreshAt(id) - JITTER * random.fraction()
    shares.set(id, { generation, share })
    return share
  }

  function leftMs(id: ConnectionId, token: StoredToken): number | null {
    const life = lifeMs(token.life)
    if (life === null) return null
    // An end by the calendar comes by the broker's clock: one of ours that is ahead must not end the sign-in early.
    const late = token.life.expiresAt === token.life.signInBy ? Math.max(0, driftMs()) : 0
    return life + late - elapsedMs(id, token)
  }

  return {
    received: (id, generation) => void receipts.set(id, { generation, atMs: clock.monotonicMs() }),
    leftMs,
    runsOut(id, token) {
      const life = lifeMs(token.life)
      return life !== null && (leftMs(id, token) ?? 0) <= Math.min(MARGIN_MS, life * MARGIN_SHARE)
    },
    dueInMs(id, token) {
      const life = lifeMs(token.life)
      return life === null ? null : Math.max(SOONEST_MS, life * shareOf(id, token.generation)) - elapsedMs(id, token)
    },
  }
}
