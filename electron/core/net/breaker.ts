import { AppError } from '../../../shared/contract/errors.ts'
import type { Clock, Random } from '../ports.ts'
import { markNeverLeft } from './failure.ts'
import { LONGEST_WAIT_MS } from './limiter.ts'
import { pause } from './wait.ts'

export type BreakerState = 'closed' | 'open' | 'half-open'

/** Whether a host is asked at all at a moment. */
export interface BreakerStanding {
  readonly host: string
  readonly state: BreakerState
  /** How long nobody asks it, in milliseconds; 0 when it is asked. */
  readonly leftMs: number
}

/** One way through to a host. `end` is told once what became of it. */
export interface Passage {
  end(outcome: PassageEnd): void
}

/** `down` is a problem of the host itself, with its status where it gave one; `nothing` says nothing about it. */
export type PassageEnd =
  { readonly kind: 'well' } | { readonly kind: 'down'; readonly status: number | null } | { readonly kind: 'nothing' }

/**
 * Circuit breakers by host, shared by everybody who calls it: after five failures in a row nobody asks for a while, then one call finds
 * out whether it is well again.
 */
export interface Breakers {
  /**
   * Lets a call through. Waits through a short pause; throws the last failure, with the time left, while the host is left alone for
   * longer. The call has not left then.
   */
  enter(host: string, options: { readonly broker: string; readonly signal: AbortSignal }): Promise<Passage>
  /** A passage that is never refused nor held: for orders, which their user wants sent now or not at all. */
  pass(host: string): Passage
  /** The host asked everybody to wait (Retry-After). */
  asked(host: string, ms: number, status: number): void
  standing(): BreakerStanding[]
}

interface Circuit {
  failures: number
  /** How often it opened in a row. */
  openings: number
  openUntil: number
  askedUntil: number
  /** Resolves when the one call that finds out has ended; null while there is none. */
  probe: Promise<void> | null
  status: number | null
}

const THRESHOLD = 5
const FIRST_MS = 10_000
/** Callers wait through the first opening, and for whoever finds out; longer ones are said. */
const PATIENCE_MS = 15_000
const CAP_MS = 300_000
const LONGEST_ASKED_MS = 86_400_000

export function createBreakers({
  clock,
  random,
}: {
  readonly clock: Pick<Clock, 'monotonicMs' | 'after'>
  readonly random: Pick<Random, 'fraction'>
}): Breakers {
  const circuits = new Map<string, Circuit>()

  function circuitOf(host: string): Circuit {
    const known = circuits.get(host) ?? { failures: 0, openings: 0, openUntil: 0, askedUntil: 0, probe: null, status: null }
    circuits.set(host, known)
    return known
  }

  function refusal(host: string, broker: string, leftMs: number): AppError {
    const { status } = circuitOf(host)
    const details = { broker, host, status: status ?? 'no answer' }
    return markNeverLeft(new AppError('broker/unavailable', { details, retryAfterMs: Math.max(1, Math.ceil(leftMs)) }))
  }

  /** Equal jitter: between half and all of 10 s, 20 s, 40 s, ... 5 min. */
  function openMs(openings: number): number {
    const most = Math.min(CAP_MS, FIRST_MS * 2 ** (openings - 1))
    return most / 2 + (most / 2) * random.fraction()
  }

  function count(circuit: Circuit, outcome: PassageEnd): void {
    if (outcome.kind === 'nothing') return
    if (outcome.kind === 'well') {
      Object.assign(circuit, { failures: 0, openings: 0, openUntil: 0 })
      return
    }
    circuit.status = outcome.status
    circuit.failures += 1
    if (circuit.failures < THRESHOLD || circuit.openUntil > clock.monotonicMs()) return
    circuit.openings += 1
    circuit.openUntil = clock.monotonicMs() + openMs(circuit.openings)
  }

  function probing(circuit: Circuit): Passage {
    const { promise, resolve } = Promise.withResolvers<void>()
    circuit.probe = promise
    return passage(circuit, () => {
      circuit.probe = null
      resolve()
    })
  }

  function passage(circuit: Circuit, afterwards: (() => void) | null): Passage {
    let over = false
    return {
      end(outcome) {
        if (over) return
        over = true
        count(circuit, outcome)
        afterwards?.()
      },
    }
  }

  return {
    async enter(host, { broker, signal }) {
      const circuit = circuitOf(host)
      for (let patience = PATIENCE_MS; ;) {
        const now = clock.monotonicMs()
        const asked = circuit.askedUntil - now
        const open = circuit.openUntil - now
        if (open > patience || asked > LONGEST_WAIT_MS) throw refusal(host, broker, Math.max(open, asked))
        if (open > 0 || asked > 0) await pause(clock, Math.ceil(Math.max(open, asked)), signal, host)
        else if (circuit.failures < THRESHOLD) return passage(circuit, null)
        else if (circuit.probe === null) return probing(circuit)
        else if (patience > 0) await Promise.race([circuit.probe, pause(clock, patience, signal, host)])
        else throw refusal(host, broker, FIRST_MS)
        patience -= clock.monotonicMs() - now
      }
    },
    pass: host => passage(circuitOf(host), null),
    asked(host, ms, status) {
      const circuit = circuitOf(host)
      circuit.status = status
      circuit.askedUntil = Math.max(circuit.askedUntil, clock.monotonicMs() + Math.min(Math.max(ms, 0), LONGEST_ASKED_MS))
    },
    standing() {
      const now = clock.monotonicMs()
      return [...circuits].map(([host, { failures, openUntil, askedUntil }]) => {
        const leftMs = Math.max(0, openUntil - now, askedUntil - now)
        return { host, state: leftMs > 0 ? 'open' : failures >= THRESHOLD ? 'half-open' : 'closed', leftMs }
      })
    },
  }
}
