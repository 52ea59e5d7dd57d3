import { z } from 'zod'
import { AppError } from '../../../../../shared/contract/errors.ts'
import type { Clock } from '../../../ports.ts'
import type { BrokerHttp, Closable } from '../../adapter.ts'
import { createPace, type Pace } from './pace.ts'
import { SessionWire } from './wire.ts'

interface Stop {
  readonly signal: AbortSignal
}

/** What the calls of one sign-in share: the order they have to come in, their paces, and the session that must be kept awake. */
export interface WebSession extends Closable {
  readonly pace: Pace
  /** Lists the accounts, and remembers that it was done. */
  listed<T>(list: () => Promise<T>): Promise<T>
  /** Makes sure the accounts were listed lately: nothing below them answers before. */
  unlocked(list: () => Promise<unknown>): Promise<unknown>
  /** Opens the part of the session that knows orders, trades and prices. Throws local/not-signed-in when nobody is signed in. */
  brokerage(http: BrokerHttp, base: string, stop: Stop): Promise<void>
}

const AWAKE_MS = 60_000
/** Without use the session may fall asleep: the last call is this long ago. */
const IDLE_MS = 600_000
const LIST_KEPT_MS = 300_000

export function createWebSession(clock: Clock): WebSession {
  const pace = createPace(clock)
  let list: { readonly at: number; readonly answer: Promise<unknown> } | undefined
  let usedAt = Number.NEGATIVE_INFINITY
  let open = false
  let opening: Promise<void> | undefined
  let stopTickle = (): void => undefined

  /** The session sleeps after some six minutes without a call, which would cost the user a new sign-in. */
  function keepAwake(http: BrokerHttp, base: string): void {
    stopTickle()
    stopTickle = clock.after(AWAKE_MS, () => {
      if (clock.monotonicMs() - usedAt > IDLE_MS) {
        open = false
        return
      }
      const signal = AbortSignal.timeout(AWAKE_MS / 2)
      http.ask({ method: 'POST', base, path: '/tickle', schema: z.unknown(), signal }).then(
        () => keepAwake(http, base),
        () => void (open = false),
      )
    })
  }

  async function begin(http: BrokerHttp, base: string, { signal }: Stop): Promise<void> {
    const status = await http.ask({ method: 'POST', base, path: '/iserver/auth/status', schema: SessionWire, signal })
    if (status.data.authenticated !== true) {
      // Without `compete` another program of the same user keeps its session.
      const body = { publish: true, compete: false }
      const begun = await http.ask({ method: 'POST', base, path: '/iserver/auth/ssodh/init', body, schema: SessionWire, signal })
      if (begun.data.authenticated !== true) throw new AppError('local/not-signed-in', { details: { program: 'IBKR' } })
    }
    await http.get({ base, path: '/iserver/accounts', schema: z.unknown(), signal })
    open = true
    keepAwake(http, base)
  }

  return {
    pace,
    listed<T>(ask: () => Promise<T>): Promise<T> {
      const mine = { at: clock.monotonicMs(), answer: ask() }
      list = mine
      mine.answer.catch(() => {
        if (list === mine) list = undefined
      })
      return mine.answer
    },
    unlocked: ask => (list && clock.monotonicMs() - list.at < LIST_KEPT_MS ? list.answer : ask()),
    async brokerage(http, base, stop) {
      usedAt = clock.monotonicMs()
      if (open) return
      opening ??= begin(http, base, stop).finally(() => (opening = undefined))
      await opening
    },
    close() {
      open = false
      stopTickle()
      return Promise.resolve()
    },
  }
}
