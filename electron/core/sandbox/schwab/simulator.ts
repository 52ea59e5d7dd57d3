import { Instant } from '../../../../shared/domain/time.ts'
import { statementsIn } from '../desks.ts'
import { hexOf, uuidOf } from '../dice.ts'
import { jsonReply, textReply } from '../exchange.ts'
import type { Ask, Reply } from '../exchange.ts'
import { createGrants } from '../grants.ts'
import { addPurchase, correctFill } from '../history.ts'
import { createSignIn } from '../sign-in.ts'
import type { Simulator, SimulatorOptions } from '../simulator.ts'
import type { FillEntry } from '../story.ts'
import { createSchwabDesks, schwabIdentities } from './desk.ts'
import type { SchwabDesk, SchwabIdentity } from './desk.ts'
import { schwabSignIn, schwabToken } from './oauth.ts'
import { orderCall, orderReply } from './order-calls.ts'
import { ordersReply, serviceError, transactionReply, transactionsReply } from './queries.ts'
import { quotesReply } from './quotes.ts'
import { schwabActivityId } from './rows.ts'
import { schwabAccount } from './state.ts'

const SIGN_IN_LIFE_MS = 7 * 86_400_000
const ACCESS_LIFE_MS = 1_800_000
const BASE = '/trader/v1'
const QUOTES = '/marketdata/v1'
const WHITE_LABEL = '<html><body><h1>Whitelabel Error Page</h1><p>We are unable to complete your request</p></body></html>'

/** Charles Schwab: two accounts, Trader API v1 in its own wire format, sign-in with a choice of accounts. */
export function createSchwab(options: SimulatorOptions): Simulator {
  const { seed, now, rotation } = options
  const identities = schwabIdentities(seed)
  const desks = createSchwabDesks(options)
  const accessLifeMs = options.tokenLifeMs ?? ACCESS_LIFE_MS
  const grants = createGrants({ broker: 'schwab', seed, now, rotation, accessLifeMs, refreshLifeMs: SIGN_IN_LIFE_MS })
  const signIn = createSignIn(schwabSignIn(identities.map(offer)), seed, now)
  const refreshTrouble = () => {
    const fault = options.refreshFault()
    return fault === null ? null : fault.name === 'refresh-invalid' ? 'invalid' : (fault.status ?? 503)
  }
  let calls = 0
  const unauthorized = () => {
    const id = uuidOf(seed, 'schwab error', calls)
    return jsonReply(401, { errors: [{ id, status: 401, title: 'Unauthorized', detail: 'Client not authorized' }] })
  }
  return {
    grants,
    isAuth: path => path.startsWith('/v1/oauth/'),
    handle(ask) {
      if (ask.path === '/v1/oauth/authorize') return signIn.handle(ask)
      if (ask.path === '/v1/oauth/token') return schwabToken(ask, { signIn, grants, accessLifeMs, refreshTrouble })
      const quotes = ask.path.startsWith(`${QUOTES}/`)
      if (!quotes && !ask.path.startsWith(`${BASE}/`)) return serviceError(404, 'Not Found')
      const [scheme, token = ''] = (ask.headers.authorization ?? '').split(' ')
      const grant = scheme?.toLowerCase() === 'bearer' ? grants.access(token) : undefined
      if (!grant) return unauthorized()
      if (quotes) return quotesReply(ask, ask.path.slice(QUOTES.length), desks(), Instant.toEpochMs(now()))
      const mine = identities.filter(({ index }) => grant.accounts.includes(String(index)))
      return (ask.method === 'GET' ? readIdentities(ask, seed, mine) : undefined) ?? readDesks(ask, desks(), mine, Instant.toEpochMs(now()))
    },
    unauthorized,
    broken: status => ({ status, headers: { 'content-type': 'text/html' }, body: WHITE_LABEL }),
    tooMany(retryAfter) {
      // No Retry-After is documented or seen; it is sent only when a fault asks for it.
      const wait = retryAfter === undefined ? {} : { 'retry-after': String(retryAfter) }
      return textReply(429, 'Rate Limit Exceeded', { 'content-type': 'text/plain', ...wait })
    },
    concerns: (path, number) => path.includes(`/accounts/${identities[number]?.hash ?? 'none'}`),
    headers() {
      calls += 1
      return { 'schwab-client-correlid': uuidOf(seed, 'schwab request', calls) }
    },
    addFill() {
      const [desk] = desks()
      if (!desk) throw new RangeError('no account')
      return String(schwabActivityId(desk.book, addPurchase(desk.account, desk.history.market, now())))
    },
    correct: externalId => correctIn(desks(), externalId),
    statements: () => statementsIn(desks(), now()),
  }
}

function offer({ index, number, nickName }: SchwabIdentity): { key: string; name: string; masked: string } {
  return { key: String(index), name: nickName, masked: `...${number.slice(-3)}` }
}

/** Calls that need no history. */
function readIdentities(ask: Ask, seed: number, mine: readonly SchwabIdentity[]): Reply | undefined {
  const path = ask.path.slice(BASE.length)
  if (path === '/accounts/accountNumbers') {
    const rows = mine.map(({ number, hash }) => ({ accountNumber: number, hashValue: hash }))
    return jsonReply(200, rows)
  }
  return path === '/userPreference' ? jsonReply(200, preferences(seed, mine)) : undefined
}

function readDesks(ask: Ask, all: readonly SchwabDesk[], mine: readonly SchwabIdentity[], nowMs: number): Reply {
  if (ask.method !== 'GET') return changeDesks(ask, all, mine)
  const shared = all.filter(({ identity }) => mine.some(({ hash }) => hash === identity.hash))
  const path = ask.path.slice(BASE.length)
  const fields = ask.query.get('fields')
  if (fields !== null && fields !== 'positions') return serviceError(400, 'fields must be positions')
  const show = ({ history, account, book }: SchwabDesk) => schwabAccount(history, account, book, fields !== null)
  if (path === '/accounts') return jsonReply(200, shared.map(show))
  if (path === '/orders') return ordersReply(ask, shared, nowMs, 60)
  const [, root, hash, part, id, ...rest] = path.split('/')
  if (root !== 'accounts' || hash === undefined || rest.length > 0) return serviceError(404, 'Not Found')
  const desk = shared.find(({ identity }) => identity.hash === hash)
  if (!desk) return serviceError(all.some(({ identity }) => identity.number === hash) ? 400 : 404, 'Invalid account number')
  if (part === undefined) return jsonReply(200, show(desk))
  if (part === 'orders') return id === undefined ? ordersReply(ask, [desk], nowMs, 366) : orderReply(id, desk)
  if (part === 'transactions') return id === undefined ? transactionsReply(ask, desk) : transactionReply(id, desk)
  return serviceError(404, 'Not Found')
}

function changeDesks(ask: Ask, all: readonly SchwabDesk[], mine: readonly SchwabIdentity[]): Reply {
  const [, root, hash, part, id, ...rest] = ask.path.slice(BASE.length).split('/')
  const desk = root === 'accounts' && mine.some(item => item.hash === hash) ? all.find(({ identity }) => identity.hash === hash) : undefined
  if (!desk) return serviceError(404, 'Invalid account number')
  return (rest.length === 0 && orderCall(ask, desk, part, id)) || serviceError(405, 'Method Not Allowed')
}

function correctIn(desks: readonly SchwabDesk[], externalId: string | undefined): string | undefined {
  for (const { account, book } of desks) {
    const fills = account.story.entries.filter((entry): entry is FillEntry => entry.kind === 'fill')
    const entry = externalId === undefined ? fills.at(-1) : fills.find(item => String(schwabActivityId(book, item)) === externalId)
    if (!entry) continue
    correctFill(account, entry)
    return String(schwabActivityId(book, entry))
  }
  return undefined
}

/** The preference object. It comes alone, as captured; the portal's example wraps it in an array. */
function preferences(seed: number, accounts: readonly SchwabIdentity[]): object {
  return {
    accounts: accounts.map(({ number, index, nickName }) => ({
      accountNumber: number,
      primaryAccount: index === 0,
      type: 'BROKERAGE',
      nickName,
      displayAcctId: `...${number.slice(-3)}`,
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
