import { Instant } from '../../../../shared/domain/time.ts'
import { schwabFees } from '../clerk.ts'
import { restingOrders } from '../desks.ts'
import { hexOf } from '../dice.ts'
import { createFeed } from '../feed.ts'
import type { Feed } from '../feed.ts'
import { createHistory } from '../history.ts'
import type { Account, History } from '../history.ts'
import type { Knobs } from '../knobs.ts'
import { createOrderBook } from '../order-book.ts'
import type { OrderBook } from '../order-book.ts'
import type { SimulatorOptions } from '../simulator.ts'
import type { Customer } from '../tell.ts'
import { schwabBulkForm, schwabRow } from './rows.ts'
import type { SchwabBook } from './rows.ts'
import { closingOf } from './state.ts'

const MARGIN: Customer = {
  account: 'schwab-margin',
  ordersPerDay: 0.7,
  fractional: false,
  shorts: true,
  options: true,
  spreads: true,
  futureOptions: true,
  opening: 90_000,
  monthly: 0,
  yearlyOut: 2500,
  reinvests: false,
  feesApart: false,
}
const ROTH: Customer = {
  account: 'schwab-roth',
  ordersPerDay: 0.2,
  fractional: false,
  shorts: false,
  options: false,
  spreads: false,
  futureOptions: false,
  opening: 24_000,
  monthly: 500,
  yearlyOut: 0,
  reinvests: true,
  feesApart: false,
}

/** The knob of Schwab alone: a placed order comes without its address, as it may when it fills at once. */
export const SCHWAB_KNOBS: readonly string[] = ['omit-location']

/** How an account is known before anything is read from it. */
export interface SchwabIdentity {
  readonly index: number
  /** The account number; only answers carry it, never a path. */
  readonly number: string
  /** What stands for the number in every path. */
  readonly hash: string
  readonly nickName: string
  readonly subAccount: SchwabBook['subAccount']
}

/** One account with its history. */
export interface SchwabDesk {
  readonly identity: SchwabIdentity
  readonly history: History
  readonly account: Account
  readonly book: SchwabBook
  readonly orders: OrderBook
  readonly knobs: Knobs
  readonly now: () => Instant
  feed(): Feed
}

/** The two accounts of a login, made up from the seed. */
export function schwabIdentities(seed: number): readonly SchwabIdentity[] {
  return ['Margin', 'Roth IRA'].map((nickName, index) => {
    const digits = Number.parseInt(hexOf(7, seed, 'schwab number', index), 16) % 90_000_000
    const hash = hexOf(64, seed, 'schwab hash', index).toUpperCase()
    return { index, number: String(10_000_000 + digits), hash, nickName, subAccount: index === 0 ? 'MARGIN' : 'CASH' }
  })
}

/** The accounts with their histories, lived through at the first question. */
export function createSchwabDesks(options: SimulatorOptions): () => readonly SchwabDesk[] {
  const start = options.now()
  let made: readonly SchwabDesk[] | undefined
  return () => {
    made ??= openDesks(options, start)
    for (const { orders } of made) orders.expire()
    return made
  }
}

function openDesks({ seed, activities, now, knobs }: SimulatorOptions, start: Instant): SchwabDesk[] {
  const history = createHistory({ seed, now: start, customers: [MARGIN, ROTH], activities })
  const closing = closingOf(history)
  return schwabIdentities(seed).flatMap(identity => {
    const account = history.accounts[identity.index]
    if (!account) return []
    const { number, index, subAccount } = identity
    const book: SchwabBook = { number, index, subAccount, closing }
    if (index === 0)
      account.story.orders.push(...restingOrders(history.market, Instant.toEpochMs(start), { tif: 'GOOD_TILL_CANCEL', session: 'NORMAL' }))
    const orders = createOrderBook({ account, market: history.market, now, knobs, style: 'inside', fees: schwabFees })
    return [{ identity, history, account, book, orders, knobs, now, feed: createSchwabFeed(account, book) }]
  })
}

function createSchwabFeed(account: Account, book: SchwabBook): () => Feed {
  let made: Feed | undefined
  let revision = -1
  return () => {
    if (made && revision === account.revision) return made
    revision = account.revision
    const rows = account.story.entries.map(entry => schwabRow(book, entry))
    made = createFeed(rows, account.bulk, schwabBulkForm(book, account.bulk))
    return made
  }
}
