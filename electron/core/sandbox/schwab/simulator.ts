import { Instant } from '../../../../shared/domain/time.ts'
import { hexOf, uuidOf } from '../dice.ts'
import { jsonReply, textReply } from '../exchange.ts'
import type { Ask, Reply } from '../exchange.ts'
import { createFeed } from '../feed.ts'
import type { Feed } from '../feed.ts'
import type { Grant } from '../grants.ts'
import { createGrants } from '../grants.ts'
import { addPurchase, correctFill, createHistory } from '../history.ts'
import type { Account } from '../history.ts'
import { createSignIn } from '../sign-in.ts'
import type { Simulator, SimulatorOptions } from '../simulator.ts'
import type { FillEntry } from '../story.ts'
import type { Customer } from '../tell.ts'
import { schwabSignIn, schwabToken } from './oauth.ts'
import { ordersReply, serviceError, transactionReply, transactionsReply } from './queries.ts'
import { schwabActivityId, schwabBulkForm, schwabRow } from './rows.ts'
import type { SchwabBook } from './rows.ts'
import { closingOf, schwabAccount } from './state.ts'

const MARGIN: Customer = {
  account: 'schwab-margin',
  ordersPerDay: 0.62,
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
  ordersPerDay: 0.16,
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
const NICK_NAMES = ['Margin', 'Roth IRA']
const SIGN_IN_LIFE_MS = 7 * 86_400_000
const ACCESS_LIFE_MS = 1_800_000
const BASE = '/trader/v1'

/** One account as the simulator keeps it. */
export interface SchwabDesk {
  readonly account: Account
  readonly book: SchwabBook
  readonly hash: string
  feed(): Feed
}

/** Charles Schwab: two accounts, Trader API v1 in its own wire format, sign-in with a choice of accounts. */
export function createSchwab(options: SimulatorOptions): Simulator {
  const { seed, now } = options
  const history = createHistory({ seed, now: now(), customers: [MARGIN, ROTH], activities: options.activities })
  const desks = history.accounts.map((account, index) => createDesk(seed, account, index, closingOf(history)))
  const accessLifeMs = options.tokenLifeMs ?? ACCESS_LIFE_MS
  const grants = createGrants({ broker: 'schwab', seed, now, rotation: options.rotation, accessLifeMs, refreshLifeMs: SIGN_IN_LIFE_MS })
  const offered = desks.map(({ book }, index) => ({
    key: book.number,
    name: NICK_NAMES[index] ?? '',
    masked: `...${book.number.slice(-3)}`,
  }))
  const signIn = createSignIn(schwabSignIn(offered), seed, now)
  const refreshTrouble = () => {
    const fault = options.refreshFault()
    return fault === null ? null : fault.name === 'refresh-invalid' ? 'invalid' : (fault.status ?? 503)
  }
  let calls = 0
  const unauthorized = () =>
    jsonReply(401, {
      errors: [{ id: uuidOf(seed, 'schwab error', calls), status: 401, title: 'Unauthorized', detail: 'Client not authorized' }],
    })

  const read = (ask: Ask, grant: Grant): Reply => {
    const mine = desks.filter(({ book }) => grant.accounts.includes(book.number))
    const path = ask.path.slice(BASE.length)
    const fields = ask.query.get('fields')
    if (fields !== null && fields !== 'positions') return serviceError(400, 'fields must be positions')
    if (path === '/accounts/accountNumbers')
      return jsonReply(
        200,
        mine.map(({ book, hash }) => ({ accountNumber: book.number, hashValue: hash })),
      )
    if (path === '/accounts')
      return jsonReply(
        200,
        mine.map(({ account, book }) => schwabAccount(history, account, book, fields !== null)),
      )
    if (path === '/userPreference') return jsonReply(200, preferences(seed, mine))
    if (path === '/orders') return ordersReply(ask, mine, Instant.toEpochMs(now()), 60)
    const [, root, hash, part, id, ...rest] = path.split('/')
    if (root !== 'accounts' || hash === undefined || rest.length > 0) return serviceError(404, 'Not Found')
    const desk = mine.find(item => item.hash === hash)
    if (!desk) return serviceError(desks.some(({ book }) => book.number === hash) ? 400 : 404, 'Invalid account number')
    if (part === undefined) return jsonReply(200, schwabAccount(history, desk.account, desk.book, fields !== null))
    if (part === 'orders' && id === undefined) return ordersReply(ask, [desk], Instant.toEpochMs(now()), 366)
    if (part === 'transactions') return id === undefined ? transactionsReply(ask, desk) : transactionReply(id, desk)
    return serviceError(404, 'Not Found')
  }

  return {
    grants,
    isAuth: path => path.startsWith('/v1/oauth/'),
    handle(ask) {
      if (ask.path === '/v1/oauth/authorize') return signIn.handle(ask)
      if (ask.path === '/v1/oauth/token') return schwabToken(ask, { signIn, grants, accessLifeMs, refreshTrouble })
      if (!ask.path.startsWith(`${BASE}/`)) return serviceError(404, 'Not Found')
      const [scheme, token = ''] = (ask.headers.authorization ?? '').split(' ')
      const grant = scheme?.toLowerCase() === 'bearer' ? grants.access(token) : undefined
      if (!grant) return unauthorized()
      return ask.method === 'GET' ? read(ask, grant) : serviceError(405, 'Method Not Allowed')
    },
    unauthorized,
    // No Retry-After is documented or seen; it is sent only when a fault asks for it.
    tooMany: retryAfter =>
      textReply(429, 'Rate Limit Exceeded', {
        'content-type': 'text/plain',
        ...(retryAfter === undefined ? {} : { 'retry-after': String(retryAfter) }),
      }),
    concerns: (path, number) => path.includes(`/accounts/${desks[number]?.hash ?? 'none'}`),
    headers() {
      calls += 1
      return { 'schwab-client-correlid': uuidOf(seed, 'schwab request', calls) }
    },
    addFill() {
      const [desk] = desks
      if (!desk) throw new RangeError('no account')
      return String(schwabActivityId(desk.book, addPurchase(desk.account, history.market, now())))
    },
    correct(externalId) {
      for (const { account, book } of desks) {
        const fills = account.story.entries.filter((entry): entry is FillEntry => entry.kind === 'fill')
        const entry = externalId === undefined ? fills.at(-1) : fills.find(item => String(schwabActivityId(book, item)) === externalId)
        if (!entry) continue
        correctFill(account, entry)
        return String(schwabActivityId(book, entry))
      }
      return undefined
    },
  }
}

function createDesk(seed: number, account: Account, index: number, closing: SchwabBook['closing']): SchwabDesk {
  const digits = Number.parseInt(hexOf(7, seed, 'schwab number', index), 16) % 90_000_000
  const book: SchwabBook = { number: String(10_000_000 + digits), index, subAccount: index === 0 ? 'MARGIN' : 'CASH', closing }
  let made: Feed | undefined
  let revision = -1
  const feed = () => {
    if (made && revision === account.revision) return made
    revision = account.revision
    made = createFeed(
      account.story.entries.map(entry => schwabRow(book, entry)),
      account.bulk,
      schwabBulkForm(book, account.bulk),
    )
    return made
  }
  return { account, book, hash: hexOf(64, seed, 'schwab hash', index).toUpperCase(), feed }
}

/** The preference object. It comes alone, as captured; the portal's example wraps it in an array. */
function preferences(seed: number, desks: readonly SchwabDesk[]): object {
  return {
    accounts: desks.map(({ book }) => ({
      accountNumber: book.number,
      primaryAccount: book.index === 0,
      type: 'BROKERAGE',
      nickName: NICK_NAMES[book.index] ?? '',
      displayAcctId: `...${book.number.slice(-3)}`,
      autoPositionEffect: false,
      accountColor: 'Green',
      lotSelectionMethod: 'FIFO',
    })),
    streamerInfo: [
      {
        streamerSocketUrl: 'wss://streamer.sandbox.invalid/ws',
        schwabClientCustomerId: hexOf(64, seed, 'schwab customer'),
        schwabClientCorrelId: uuidOf(seed, 'schwab correlation'),
        schwabClientChannel: 'N9',
        schwabClientFunctionId: 'APIAPP',
      },
    ],
    offers: [{ level2Permissions: false, mktDataPermission: 'NP' }],
  }
}
