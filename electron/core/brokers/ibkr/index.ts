import type { Method } from '../../../../shared/domain/broker.ts'
import { LocalDate } from '../../../../shared/domain/time.ts'
import type { Broker, BrokerAdapter, BrokerSession, EnvironmentProfile } from '../adapter.ts'
import { lazyAdapter } from '../lazy-adapter.ts'
import { classifyFailure, oauthProfile, words } from './auth.ts'
import { methods } from './methods.ts'
import { tradeRules } from './rules.ts'

const WAYS_IN: readonly Method[] = ['oauth', 'tws', 'gateway', 'flex']

const bases = {
  api: 'https://api.ibkr.com/v1/api',
  tws: '127.0.0.1:7496',
  gateway: 'https://localhost:5000/v1/api',
  flex: 'https://ndcdyn.interactivebrokers.com/AccountManagement/FlexWebService',
  flexOther: 'https://gdcdyn.interactivebrokers.com/AccountManagement/FlexWebService',
}
const basesOf = { oauth: ['api'], tws: ['tws'], gateway: ['gateway'], flex: ['flex', 'flexOther'] }
const stands = { api: 'ibkr-oauth', tws: 'ibkr-tws', gateway: 'ibkr-gateway', flex: 'ibkr-flex', flexOther: 'ibkr-flex' }

const profile = (tws: string, port: number | null): EnvironmentProfile => ({
  methods: WAYS_IN,
  bases: { ...bases, tws },
  basesOf,
  stands,
  oauth: oauthProfile(port),
})
const REDIRECT_PORT = 8733

/** The current year and the four before it: what Flex reaches. */
const FLEX_YEARS = 4
/** What TWS and the web API reach. */
const LIVE_DAYS = 7

/** Interactive Brokers. Paper accounts have users, ports and reports of their own at the same addresses. */
export const ibkr: Broker = {
  id: 'ibkr',
  name: 'Interactive Brokers',
  environments: {
    live: profile('127.0.0.1:7496', REDIRECT_PORT),
    paper: profile('127.0.0.1:7497', REDIRECT_PORT),
    sandbox: profile('127.0.0.1:7497', null),
  },
  can: { balances: true, positions: true, orders: true, activities: true, quotes: true, revoke: false, refresh: true, trading: tradeRules },
  scopes: [
    { id: 'account', label: 'Read accounts', detail: 'Account numbers, balances and margin.', required: true },
    { id: 'positions', label: 'Read positions', detail: 'What each account holds.', required: true },
    { id: 'trades', label: 'Read trades and orders', detail: 'Executions of the last seven days and orders; IBKR gives ordering with the same permission.', required: true },
    { id: 'market_data', label: 'Read market prices', detail: 'Quotes, to value what you hold.', required: false },
  ],
  registerAt: 'https://www.interactivebrokers.com/campus/ibkr-api-page/web-api/',
  note: 'Signing in at IBKR works only for a client IBKR has approved. For everyone else TWS shows what is now and Flex reports the history; together they are one connection.',
  // Source: IBKR Web API documentation: 10 requests a second and user; more lead to a pause of ten minutes.
  rateLimit: { requests: 10, perMs: 1000 },
  methodRateLimits: {
    gateway: { requests: 10, perMs: 1000 },
    // Source: IBKR Flex Web Service, error 1018: one a second and ten a minute for each token.
    flex: { requests: 10, perMs: 60_000, pauseMs: 60_000 },
  },
  methods,
  joinsMethods: true,
  facts: {
    assetClasses: ['equity', 'option', 'future', 'future-option', 'forex', 'bond', 'fund', 'crypto'],
    oauth: 'OAuth 2.0, for clients approved by IBKR',
    tokenLife: '24 hours after a sign-in at IBKR; Flex tokens up to a year',
    signInAgain: 'TWS: once a week. Client Portal Gateway: every day',
    rateLimit: '50 messages a second in TWS, 10 calls a second on the web, 10 a minute for Flex',
    paper: 'Paper account with a user of its own, also in TWS and Flex',
    fees: {
      text: 'IBKR Pro, US stocks: fixed $0.005 a share, at least $1 an order; tiered $0.0035 or less a share, at least $0.35, plus fees of others',
      source: 'https://www.interactivebrokers.co.uk/en/pricing/commissions-stocks.php?re=amer',
      // The page shows no date; the SEC fee it states was last charged on this day.
      asOf: '2025-05-13',
    },
    rating: null,
  },
  classify: classifyFailure,
  words,
  connect,
}

function connect(session: BrokerSession): BrokerAdapter {
  const hasFlex = session.methods.some(({ method }) => method === 'flex')
  return lazyAdapter(async () => (await import('./client.ts')).createClient(session), {
    historyStart: today => (hasFlex ? LocalDate.of(`${Number(today.slice(0, 4)) - FLEX_YEARS}-01-01`) : LocalDate.plusDays(today, -LIVE_DAYS)),
    overlapDays: 7,
    ownCursors: true,
    trades: session.methods.some(({ method }) => method !== 'flex' && method !== 'file'),
  })
}
