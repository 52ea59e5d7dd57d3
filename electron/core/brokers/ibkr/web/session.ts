import { AppError } from '../../../../../shared/contract/errors.ts'
import type { Clock } from '../../../ports.ts'
import type { BrokerHttp, BrokerRows, Closable } from '../../adapter.ts'
import { createOverOrders, type OverOrders } from './over-orders.ts'
import { createPace, type Pace } from './pace.ts'
import { createSharedReading, type SharedReading } from './shared-reading.ts'
import { type OrderWire, SessionWire, TickleWire, TradableWire } from './wire.ts'

interface Stop {
  readonly signal: AbortSignal
}

/** What the calls of one sign-in share: the order they have to come in, their paces, and the session that must be kept awake. */
export interface WebSession extends Closable {
  readonly pace: Pace
  /** The orders of all its accounts. */
  readonly orders: SharedReading<BrokerRows<OrderWire>>
  /** Inactive orders of its list that were found to be over. */
  readonly over: OverOrders
  /** The accounts as last listed. */
  readonly shown: Set<string>
  /** Lists the accounts, and remembers that it was done. */
  listed<T>(list: () => Promise<T>): Promise<T>
  /** Makes sure the accounts were listed lately: nothing below them answers before. */
  unlocked(list: () => Promise<unknown>): Promise<unknown>
  /**
   * Opens the part of the session that knows orders, trades and prices; the accounts it may trade. Throws local/not-signed-in when
   * nobody is signed in.
   */
  brokerage(http: Pick<BrokerHttp, 'get' | 'ask'>, base: string, stop: Stop): Promise<readonly string[]>
  /** IBKR ended that part: the next call opens it anew. */
  lapsed(): void
}

const AWAKE_MS = 60_000
/** Without use the session may fall asleep: the last call is this long ago. */
const IDLE_MS = 600_000
const LIST_KEPT_MS = 300_000

export function createWebSession(clock: Clock): WebSession {
  const pace = createPace(clock)
  const over = createOverOrders()
  let list: { readonly at: number; readonly answer: Promise<unknown> } | undefined
  let usedAt = Number.NEGATIVE_INFINITY
  let open: readonly string[] | undefined
  let opening: Promise<readonly string[]> | undefined
  let closed = false
  let stopTickle = (): void => undefined

  /** The session sleeps after some six minutes without a call, which would cost the user a new sign-in. */
  function keepAwake(http: Pick<BrokerHttp, 'ask'>, base: string): void {
    stopTickle()
    stopTickle = clock.after(AWAKE_MS, () => {
      if (clock.monotonicMs() - usedAt > IDLE_MS) {
        open = undefined
        return
      }
      const signal = AbortSignal.timeout(AWAKE_MS / 2)
      http
        .ask({ method: 'POST', base, path: '/tickle', schema: TickleWire.catch({}), signal })
        .then(
          ({ data }) => (data.iserver?.authStatus?.authenticated === false ? lapsed() : closed ? undefined : keepAwake(http, base)),
          lapsed,
        )
    })
  }

  function lapsed(): void {
    open = undefined
    over.clear()
    stopTickle()
  }

  async function begin(http: Pick<BrokerHttp, 'get' | 'ask'>, base: string, { signal }: Stop): Promise<readonly string[]> {
    const status = await http.ask({ method: 'POST', base, path: '/iserver/auth/status', schema: SessionWire, signal })
    if (status.data.authenticated !== true) {
      // Without `compete` another program of the same user keeps its session.
      const body = { publish: true, compete: false }
      const begun = await http.ask({ method: 'POST', base, path: '/iserver/auth/ssodh/init', body, schema: SessionWire, signal })
      if (begun.data.authenticated !== true) throw new AppError('local/not-signed-in', { details: { program: 'IBKR' } })
    }
    const { data } = await http.get({ base, path: '/iserver/accounts', schema: TradableWire, signal })
    if (closed) throw new AppError('app/canceled')
    open = data.accounts
    keepAwake(http, base)
    return open
  }

  return {
    pace,
    orders: createSharedReading(clock),
    over,
    shown: new Set(),
    lapsed,
    listed<T>(ask: () => Promise<T>): Promise<T> {
      const mine = { at: clock.monotonicMs(), answer: ask() }
      list = mine
      mine.answer.catch(() => {
        if (list === mine) list = undefined
      })
      return mine.answer
    },
    unlocked: ask =>
      list && clock.monotonicMs() - list.at < LIST_KEPT_MS ? list.answer.catch((error: unknown) => retried(error, ask)) : ask(),
    async brokerage(http, base, stop) {
      if (closed) throw new AppError('app/canceled')
      usedAt = clock.monotonicMs()
      if (open) return open
      const start = (): Promise<readonly string[]> => (opening ??= begin(http, base, stop).finally(() => (opening = undefined)))
      return start().catch((error: unknown) => retried(error, () => (stop.signal.aborted ? Promise.reject(error) : start())))
    },
    close() {
      closed = true
      lapsed()
      return Promise.resolve()
    },
  }
}

/** Another caller's cancellation is not one's own. */
function retried<T>(error: unknown, again: () => Promise<T>): Promise<T> {
  return error instanceof AppError && error.code === 'app/canceled' ? again() : Promise.reject(error)
}
