import { AppError } from '../../../shared/contract/errors.ts'
import { Instant } from '../../../shared/domain/time.ts'
import type { Clock } from '../ports.ts'
import type { Keyring } from './keyring.ts'

/** The next time a store that was busy is asked again, by itself. */
export interface NextTry {
  readonly at: Instant
  /** 1 for the first one. */
  readonly attempt: number
  readonly of: number
}

export interface Opening {
  /** Asks the store, and answers once it is known how that ended, or after `patienceMs`; the store is waited for all the same. Never rejects. */
  open(patienceMs: number | null): Promise<void>
  /** What keeps the vault shut; null while it is open. */
  trouble(): AppError | null
  nextTry(): NextTry | null
  /** Forgets about the store: somebody began again without it. */
  giveUp(): void
}

export interface OpeningDeps {
  readonly keyring: Pick<Keyring, 'load' | 'status' | 'trouble'>
  readonly clock: Clock
  /** Called when the vault's standing changed without anybody having asked for it. */
  readonly onChange: () => void
}

/** A store that is only busy is asked again after these times, for about four minutes; then somebody has to ask. */
const AGAIN_MS: readonly number[] = [1_000, 2_000, 4_000, 8_000, 16_000, 32_000, 60_000, 120_000]

/** Opens the vault without holding anything up: a slow store joins when it answers, and a busy one is asked again. */
export function createOpening({ keyring, clock, onChange }: OpeningDeps): Opening {
  let running: Promise<void> | null = null
  let failures = 0
  let next: NextTry | null = null
  let stopTimer = (): void => undefined

  function planNext(): void {
    const ms = keyring.trouble()?.code === 'vault/store-busy' ? AGAIN_MS[failures] : undefined
    if (ms === undefined) return
    failures += 1
    next = { at: Instant.plus(clock.now(), ms), attempt: failures, of: AGAIN_MS.length }
    stopTimer = clock.after(ms, () => void ask().then(onChange))
  }

  /** One question at a time, however many wait for its answer. */
  function ask(): Promise<void> {
    if (running) return running
    stopTimer()
    next = null
    const mine = keyring.load().then(() => {
      if (running !== mine) return
      running = null
      planNext()
    })
    running = mine
    return mine
  }

  return {
    async open(patienceMs) {
      failures = 0
      const asked = ask()
      if (patienceMs === null) return asked
      const { promise: enough, resolve } = Promise.withResolvers<'slow'>()
      const stopWaiting = clock.after(patienceMs, () => resolve('slow'))
      const end = await Promise.race([asked, enough])
      stopWaiting()
      if (end === 'slow') void asked.then(onChange)
    },
    trouble: () => {
      if (keyring.status().state === 'open') return null
      return running ? new AppError('vault/store-slow') : (keyring.trouble() ?? new AppError('vault/locked'))
    },
    nextTry: () => next,
    giveUp() {
      stopTimer()
      next = null
      running = null
    },
  }
}
