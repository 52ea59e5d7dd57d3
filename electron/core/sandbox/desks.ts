import { Dec } from '../../../shared/domain/decimal.ts'
import { EXCHANGE_ZONE, Instant, toLocalDate } from '../../../shared/domain/time.ts'
import { createBulk } from './bulk.ts'
import type { Bulk } from './bulk.ts'
import { schwabFees } from './clerk.ts'
import { createFeed } from './feed.ts'
import type { BulkForm, Feed, FeedRow } from './feed.ts'
import { addPurchase, correctFill, createHistory } from './history.ts'
import type { Account, History } from './history.ts'
import { centsOf, shareOf } from './instrument.ts'
import type { Knobs } from './knobs.ts'
import { LISTINGS } from './market.ts'
import type { Market } from './market.ts'
import { createOrderBook } from './order-book.ts'
import type { OrderBook } from './order-book.ts'
import type { Moving } from './own-book.ts'
import { statementOf } from './own-statement.ts'
import type { AccountStatement } from './own-statement.ts'
import type { Entry, FillEntry, Sent, StoryOrder } from './story.ts'
import type { Customer } from './tell.ts'

/** One account of a login with its history. `I` is how the broker knows it. */
export interface AccountDesk<I> {
  readonly identity: I
  readonly history: History
  readonly account: Account
  readonly orders: OrderBook
  feed(): Feed
}

/** How a broker writes one account's entries. `version` changes when rows read differently although nothing was booked. */
export interface RowForm {
  rows(entry: Entry): FeedRow[]
  bulk(bulk: Bulk): BulkForm
  version?(): string
}

export interface DeskOptions<I> {
  readonly seed: number
  readonly now: () => Instant
  readonly knobs: Knobs
  readonly activities: number
  readonly years?: number
  /** The accounts in the broker's own order; one without a customer has no history. */
  readonly people: readonly { readonly identity: I; readonly customer: Customer | null }[]
  form(identity: I, history: History): RowForm
  /** The broker's words of an order that waits until it is canceled. */
  readonly waiting: Waiting
}

export type Waiting = Pick<Sent, 'tif' | 'session'>

/** The accounts of a login, lived through at the first question. */
export function createDesks<I>(options: DeskOptions<I>): () => readonly AccountDesk<I>[] {
  const start = options.now()
  let made: readonly AccountDesk<I>[] | undefined
  return () => {
    made ??= openDesks(options, start)
    for (const { orders } of made) orders.expire()
    return made
  }
}

function openDesks<I>({ seed, activities, years, people, form, waiting, now, knobs }: DeskOptions<I>, start: Instant): AccountDesk<I>[] {
  const customers = people.flatMap(({ customer }) => (customer ? [customer] : []))
  const history = createHistory({ seed, now: start, customers, activities, ...(years === undefined ? {} : { years }) })
  return people.map(({ identity, customer }, index) => {
    const account = history.accounts.find(({ key }) => key === customer?.account) ?? emptyAccount()
    if (index === 0) account.story.orders.push(...restingOrders(history.market, Instant.toEpochMs(start), waiting))
    const fees = customer?.fees ?? schwabFees
    const orders = createOrderBook({
      account,
      market: history.market,
      now,
      knobs,
      style: customer?.feesApart === true ? 'apart' : 'inside',
      fees,
    })
    return { identity, history, account, orders, feed: feedOf(account, form(identity, history)) }
  })
}

function feedOf(account: Account, form: RowForm): () => Feed {
  let made: Feed | undefined
  let known = ''
  return () => {
    const version = `${account.revision} ${form.version?.() ?? ''}`
    if (made && known === version) return made
    known = version
    const rows = account.story.entries.flatMap(entry => form.rows(entry))
    made = createFeed(rows, account.bulk, form.bulk(account.bulk))
    return made
  }
}

function emptyAccount(): Account {
  const bulk = createBulk(0, 0, { days: [], listings: new Map(), close: () => 0 }, 0)
  return { key: '', story: { entries: [], orders: [], holdings: new Map(), cash: Dec.zero }, bulk, revision: 0 }
}

const HOUR_MS = 3_600_000
const DAY_MS = 86_400_000

/** Two orders that wait far from the market until they are canceled, submitted before 15:00 UTC of today or yesterday. */
export function restingOrders(market: Market, nowMs: number, waiting: Waiting): StoryOrder[] {
  return [2, 1].map(number => {
    const listing = LISTINGS[number] ?? LISTINGS[0]
    const leg = { instrument: shareOf(listing), side: 'buy', effect: 'open', qty: Dec.of(String(number * 5)) } as const
    const submittedAt = Math.floor((nowMs - 15 * HOUR_MS) / DAY_MS) * DAY_MS + 15 * HOUR_MS - number * 600_000
    const limit = centsOf(Math.round(market.close(listing.symbol, market.days.length - 1) * 0.6))
    const nothing = { stop: null, trail: null, notional: null, clientId: null, reason: null, replaces: null, replacedBy: null }
    const sent: Sent = { ...waiting, ...nothing }
    return { number, legs: [leg], type: 'limit', limit, submittedAt, closedAt: null, status: 'open', fills: [], sent }
  })
}

/** Books one share in the first account; answers the entry. */
export function addFillIn(desks: readonly AccountDesk<unknown>[], now: Instant): FillEntry {
  const [desk] = desks
  if (!desk) throw new RangeError('no account')
  return addPurchase(desk.account, desk.history.market, now)
}

/** Corrects the fill with this external id, or the newest of the first account; answers the id, or undefined when there is none. */
export function correctIn<I>(
  desks: readonly AccountDesk<I>[],
  idOf: (identity: I, entry: FillEntry) => string,
  externalId: string | undefined,
): string | undefined {
  for (const { account, identity } of desks) {
    const fills = account.story.entries.filter((entry): entry is FillEntry => entry.kind === 'fill')
    const entry = externalId === undefined ? fills.at(-1) : fills.find(item => idOf(identity, item) === externalId)
    if (!entry) continue
    correctFill(account, entry)
    return idOf(identity, entry)
  }
  return undefined
}

/** What is stated of every account until today. */
export function statementsIn<I extends { readonly number: string }>(
  desks: readonly Pick<AccountDesk<I>, 'history' | 'account' | 'identity'>[],
  now: Instant,
  cashOf?: (entry: Moving) => Dec,
): AccountStatement[] {
  const until = toLocalDate(now, EXCHANGE_ZONE)
  return desks.map(({ identity: { number }, account, history: { market } }) =>
    statementOf({ number, account, market, until, ...(cashOf ? { cashOf } : {}) }),
  )
}
