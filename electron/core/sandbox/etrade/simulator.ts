import { Instant } from '../../../../shared/domain/time.ts'
import { addFillIn, correctIn, createDesks, statementsIn } from '../desks.ts'
import { jsonReply } from '../exchange.ts'
import type { Ask, Reply } from '../exchange.ts'
import type { Knobs } from '../knobs.ts'
import type { Simulator, SimulatorOptions } from '../simulator.ts'
import { etradeIdentities } from './customers.ts'
import type { EtradeIdentity } from './customers.ts'
import { AUTHORIZE_PATH, createEtradeOAuth, problem } from './oauth.ts'
import { createEtradeOrders } from './order-calls.ts'
import type { EtradeOrders } from './order-calls.ts'
import { etradeError, portfolioReply, transactionReply, transactionsReply } from './queries.ts'
import { quotesReply } from './quotes.ts'
import { etradeBulkForm, etradeId, etradeRow } from './rows.ts'
import { etradeAccount, etradeBalance, listOf } from './state.ts'
import type { EtradeDesk } from './state.ts'
import { createEtradeTokens } from './tokens.ts'

const IDLE_MS = 7_200_000
const RATE_PAGE = '<html><body>Number of requests exceeded the rate limit set</body></html>'

/** Settings of the E*TRADE stand: `times` seconds, `empty` 200, `consumer-key` rejected, `rate-limit` 400. */
export const ETRADE_KNOBS = ['times', 'empty', 'consumer-key', 'rate-limit'] as const

/** E*TRADE: two open accounts and a closed one, its JSON, OAuth 1.0a with a code to carry over. */
export function createEtrade(options: SimulatorOptions): Simulator {
  const { seed, now, knobs } = options
  const identities = etradeIdentities(seed)
  const desks = createEtradeDesks(options)
  const tokens = createEtradeTokens(seed, now, options.tokenLifeMs ?? IDLE_MS)
  const renewTrouble = () => {
    const fault = options.refreshFault()
    return fault === null ? null : fault.name === 'refresh-invalid' ? 'invalid' : (fault.status ?? 503)
  }
  const orders = createEtradeOrders(now, () => knobs.get('empty') === '200')
  const oauth = createEtradeOAuth({ tokens, knobs, seed, now, renewTrouble })
  return {
    grants: { expireAccess: () => tokens.expireAccess(), revokeAll: () => tokens.revokeAll(), setRotation: () => undefined },
    isAuth: path => path.startsWith('/oauth/') || path === AUTHORIZE_PATH,
    handle(ask) {
      if (ask.path.startsWith('/oauth/') || ask.path === AUTHORIZE_PATH) return oauth.handle(ask)
      const refused = oauth.refusal(ask)
      if (refused) return refused
      const json = ask.path.endsWith('.json') || (ask.headers.accept ?? '').includes('application/json')
      return json ? answer(ask, desks, knobs, orders, Instant.toEpochMs(now())) : etradeError(406, 101, 'Only JSON is simulated.')
    },
    unauthorized: () => problem('token_expired'),
    broken: status => etradeError(status, 100, 'The requested service is not currently available, please try after sometime.'),
    tooMany(retryAfter) {
      const status = knobs.get('rate-limit') === '400' ? 400 : 429
      const wait = retryAfter === undefined ? {} : { 'retry-after': String(retryAfter) }
      return { status, headers: { 'content-type': 'text/html', ...wait }, body: RATE_PAGE }
    },
    concerns: (path, number) => path.includes(`/accounts/${identities[number]?.key ?? 'none'}/`),
    headers: () => ({}),
    addFill: () => etradeId({ index: 0 }, addFillIn(desks(), now())),
    correct: externalId => correctIn(desks(), etradeId, externalId),
    statements: () => statementsIn(desks(), now()),
  }
}

function bookOf({ number, index, key }: EtradeIdentity, knobs: Knobs) {
  return { number, index, key, ms: () => knobs.get('times') !== 'seconds' }
}

function createEtradeDesks({ seed, now, activities, knobs }: SimulatorOptions): () => readonly EtradeDesk[] {
  return createDesks({
    seed,
    now,
    knobs,
    activities,
    // The API looks two years back and no further.
    years: 1,
    waiting: { tif: 'GOOD_UNTIL_CANCEL', session: 'REGULAR' },
    people: etradeIdentities(seed).map(identity => ({ identity, customer: identity.customer })),
    form: identity => {
      const book = bookOf(identity, knobs)
      return { rows: entry => [etradeRow(book, entry)], bulk: bulk => etradeBulkForm(book, bulk), version: () => knobs.get('times') ?? '' }
    },
  })
}

function answer(ask: Ask, desks: () => readonly EtradeDesk[], knobs: Knobs, orders: EtradeOrders, nowMs: number): Reply {
  const path = ask.path.replace(/\.json$/, '')
  const origin = `http://${ask.headers.host ?? ''}`
  const empty200 = knobs.get('empty') === '200'
  if (path === '/v1/accounts/list') {
    const Account = listOf(desks().map(({ identity }) => etradeAccount(identity)))
    return jsonReply(200, { AccountListResponse: { Accounts: { Account } } })
  }
  const [, version, root, key, part, id, ...rest] = path.split('/')
  if (path.startsWith('/v1/market/quote/')) return quoted(ask, path, desks(), nowMs)
  if (version !== 'v1' || root !== 'accounts' || rest.length > (part === 'orders' ? 2 : 0))
    return etradeError(404, 100, 'Resource not found.')
  const desk = desks().find(({ identity }) => identity.key === key)
  if (!desk) return etradeError(400, 102, 'Please enter valid account key.')
  const ordered = part === 'orders' ? orders.call(ask, desk, id === undefined ? [] : [id, ...rest]) : undefined
  if (ordered) return ordered
  if (ask.method !== 'GET') return etradeError(405, 101, 'Method not allowed.')
  if (part === 'balance') {
    if (ask.query.get('instType') !== 'BROKERAGE') return etradeError(400, 1011, 'Please enter a valid instType.')
    return jsonReply(200, etradeBalance(desk, ask.query.get('realTimeNAV') === 'true'))
  }
  if (part === 'portfolio' && id === undefined) return portfolioReply(ask, desk, origin, empty200)
  if (part === 'transactions' && id === undefined) return transactionsReply(ask, desk, origin, empty200)
  if (part === 'transactions' && id !== undefined) return transactionReply(id, desk, bookOf(desk.identity, knobs))
  return etradeError(404, 100, 'Resource not found.')
}

function quoted(ask: Ask, path: string, [desk]: readonly EtradeDesk[], nowMs: number): Reply {
  if (!desk || ask.method !== 'GET') return etradeError(405, 101, 'Method not allowed.')
  return quotesReply(ask, path.slice('/v1/market/quote/'.length), desk.history.market, nowMs)
}
