import { Instant } from '../../../../../shared/domain/time.ts'
import type { Knobs } from '../../knobs.ts'
import type { IbkrBook } from '../book.ts'
import type { IbkrOrder, Ticket } from '../order.ts'
import type { Place } from '../order-desk.ts'

/** An order, or a change of one, that waits for an answer to a question. */
export interface Question {
  readonly place: Place
  readonly ticket: Ticket
  readonly changes: IbkrOrder | null
  /** How many more questions follow. */
  readonly left: number
}

/** What one session of the web API has asked so far; some calls only work after others. */
export interface WebSession {
  readonly book: IbkrBook
  readonly knobs: Knobs
  /** The accounts this session may see. */
  readonly places: () => readonly Place[]
  readonly called: { accounts: boolean; portfolio: boolean; orders: boolean }
  /** Contracts whose quotes were asked for before: the first question for one only starts it. */
  readonly quoted: Set<number>
  readonly questions: Map<string, Question>
  readonly lastCalls: Map<string, number>
  nowMs(): number
}

export function createWebSession(book: IbkrBook, knobs: Knobs, places: () => readonly Place[]): WebSession {
  return {
    book,
    knobs,
    places,
    called: { accounts: false, portfolio: false, orders: false },
    quoted: new Set(),
    questions: new Map(),
    lastCalls: new Map(),
    nowMs: () => Instant.toEpochMs(book.now()),
  }
}

export function placeIn(session: WebSession, account: string): Place | undefined {
  return session.places().find(({ identity }) => identity.account === account)
}

const LIMITS: readonly (readonly [path: string, ms: number])[] = [
  ['/iserver/account/trades', 5000],
  ['/iserver/account/orders', 5000],
  ['/iserver/account/pnl/partitioned', 5000],
  ['/portfolio/accounts', 5000],
  ['/tickle', 1000],
  ['/sso/validate', 60_000],
]

/** True when a call comes too soon after the one before it; only while the knob `limits` is set. */
export function tooSoon(session: WebSession, path: string): boolean {
  if (session.knobs.get('limits') === null) return false
  const limit = LIMITS.find(([limited]) => limited === path)
  if (!limit) return false
  const before = session.lastCalls.get(path)
  session.lastCalls.set(path, session.nowMs())
  return before !== undefined && session.nowMs() - before < limit[1]
}
