import { Instant } from '../../../../shared/domain/time.ts'
import { createBulk } from '../bulk.ts'
import { jsonReply, textReply } from '../exchange.ts'
import type { Ask, Reply } from '../exchange.ts'
import { restingOrders, statementsIn } from '../desks.ts'
import { createFeed } from '../feed.ts'
import type { Feed } from '../feed.ts'
import { addPurchase, correctFill, createHistory } from '../history.ts'
import type { Account, History } from '../history.ts'
import { createOrderBook } from '../order-book.ts'
import type { OrderBook } from '../order-book.ts'
import type { AccountStatement } from '../own-statement.ts'
import type { SimulatorOptions } from '../simulator.ts'
import type { FillEntry } from '../story.ts'
import type { Customer } from '../tell.ts'
import { alpacaError } from './oauth.ts'
import { orderCall, orderReply } from './order-calls.ts'
import type { AlpacaTrading } from './order-calls.ts'
import { ordersReply } from './orders.ts'
import { activitiesReply } from './queries.ts'
import { quotesReply } from './quotes.ts'
import { alpacaBulkForm, alpacaRow } from './rows.ts'
import { alpacaAccount, alpacaClock, alpacaNumber, alpacaPosition } from './state.ts'

const CUSTOMER: Customer = {
  account: 'alpaca',
  ordersPerDay: 0.78,
  fractional: true,
  shorts: true,
  options: true,
  spreads: false,
  futureOptions: false,
  opening: 60_000,
  monthly: 400,
  yearlyOut: 1500,
  reinvests: false,
  feesApart: true,
}

/** The one account of the Alpaca simulator and the calls that read it. */
export interface AlpacaDesk {
  read(ask: Ask): Reply
  /** Calls that place, replace and cancel. */
  change(ask: Ask): Reply
  /** Calls of the data API. */
  quotes(ask: Ask): Reply
  addFill(): string
  correct(externalId: string | undefined): string | undefined
  statements(): readonly AccountStatement[]
}

interface Books {
  readonly history: History
  readonly account: Account
  /** Every activity, and those that are not made when read. */
  readonly all: Feed
  readonly apart: Feed
}

export function createAlpacaDesk({ seed, now, activities, knobs }: SimulatorOptions): AlpacaDesk {
  const books = createBooks(seed, now(), activities)
  let orderBook: OrderBook | undefined
  const trading = (): AlpacaTrading => {
    const { history, account } = books()
    orderBook ??= createOrderBook({ account, market: history.market, now, knobs, style: 'apart', fees: () => [] })
    return { seed, history, account, book: orderBook }
  }
  const expire = (): void => trading().book.expire()
  return {
    read(ask) {
      expire()
      const { path } = ask
      const { history, account, all, apart } = books()
      if (path === '/v2/account') return jsonReply(200, alpacaAccount(seed, history, account))
      if (path === '/v2/positions' || path.startsWith('/v2/positions/')) return positionsReply(books(), path.slice('/v2/positions/'.length))
      if (path === '/v2/orders') return ordersReply(seed, ask, account.story.orders)
      if (path.startsWith('/v2/orders')) return orderReply(ask, trading())
      if (path === '/v2/account/activities') return activitiesReply(ask, '', { all, apart, hidden: knobs.get('hide-rows') })
      if (path.startsWith('/v2/account/activities/'))
        return activitiesReply(ask, path.slice('/v2/account/activities/'.length), { all, apart, hidden: knobs.get('hide-rows') })
      return path === '/v2/clock' ? jsonReply(200, alpacaClock(now())) : alpacaError(404, 40_410_000, 'endpoint not found.')
    },
    change(ask) {
      expire()
      return orderCall(ask, trading())
    },
    quotes: ask => quotesReply(ask, books().history.market, now()),
    addFill: () => alpacaRow(seed, addPurchase(books().account, books().history.market, now())).id,
    statements() {
      const { account, history } = books()
      return statementsIn([{ account, history, identity: { number: alpacaNumber(seed) } }], now())
    },
    correct(externalId) {
      const { account } = books()
      const fills = account.story.entries.filter((entry): entry is FillEntry => entry.kind === 'fill')
      const entry = externalId === undefined ? fills.at(-1) : fills.find(item => alpacaRow(seed, item).id === externalId)
      if (!entry) return undefined
      correctFill(account, entry)
      return alpacaRow(seed, entry).id
    },
  }
}

function positionsReply({ history, account }: Books, symbol: string): Reply {
  const positions = [...account.story.holdings.values()]
    .map(holding => ({ symbol: holding.instrument.symbol, text: JSON.stringify(alpacaPosition(history, holding)) }))
    .sort((a, b) => (a.symbol < b.symbol ? -1 : 1))
  if (symbol === '') return textReply(200, `[${positions.map(({ text }) => text).join(',')}]`)
  const found = positions.find(position => position.symbol === symbol)
  return found ? textReply(200, found.text) : alpacaError(404, 40_410_000, 'position does not exist')
}

/** The history, lived through at the first question, and its feeds, written again after every change. */
function createBooks(seed: number, start: Instant, activities: number): () => Books {
  const none = createBulk(seed, 0, { days: [], listings: new Map(), close: () => 0 }, 0)
  let made: Books | undefined
  let revision = -1
  return () => {
    if (made && revision === made.account.revision) return made
    const history = made?.history ?? createHistory({ seed, now: start, customers: [CUSTOMER], activities })
    const [account] = history.accounts
    if (!account) throw new RangeError('no account')
    if (!made) account.story.orders.push(...restingOrders(history.market, Instant.toEpochMs(start), { tif: 'gtc', session: '' }))
    revision = account.revision
    const written = account.story.entries.map(entry => alpacaRow(seed, entry))
    const all = createFeed(written, account.bulk, alpacaBulkForm(seed, account.bulk))
    made = { history, account, all, apart: createFeed(written, none, alpacaBulkForm(seed, none)) }
    return made
  }
}
