import { LocalDate } from '../../../../shared/domain/time.ts'
import type { TokenPolicy } from '../../../../shared/domain/token-policy.ts'
import type { Broker, BrokerAdapter, BrokerSession, EnvironmentProfile } from '../adapter.ts'
import { classifyFailure, oauthProfile, wordsOf } from './auth.ts'
import { lazyAdapter } from '../lazy-adapter.ts'
import { tradeRules } from './rules.ts'

const bases = { trader: 'https://api.schwabapi.com/trader/v1', marketdata: 'https://api.schwabapi.com/marketdata/v1' }

const environments: Record<'live' | 'sandbox', EnvironmentProfile> = {
  live: { methods: ['oauth'], bases, oauth: oauthProfile() },
  sandbox: { methods: ['oauth'], bases, oauth: oauthProfile(null) },
}

const YEARS_BACK = 25

const MINUTE_MS = 60_000
const SEVEN_DAYS_MS = 604_800_000

/** The refresh token ends seven days after the sign-in, whatever is renewed. Whether a renewal replaces it is not stated: both are borne. */
const policy: TokenPolicy = {
  accessMs: 30 * MINUTE_MS,
  refreshMs: SEVEN_DAYS_MS,
  rotation: 'rotates',
  signInAgain: { kind: 'after', ms: SEVEN_DAYS_MS },
  idleMs: null,
  refreshAt: 0.8,
}

/** Charles Schwab: Trader API v1. No paper trading and no public sandbox of its own. */
export const schwab: Broker = {
  id: 'schwab',
  name: 'Charles Schwab',
  environments,
  can: { balances: true, positions: true, orders: true, activities: true, quotes: true, revoke: false, refresh: true, trading: tradeRules },
  scopes: [
    {
      id: '',
      label: 'Read accounts and history',
      detail:
        "Balances, positions, orders and transactions of the accounts you choose on Schwab's page. Schwab gives one permission for all of it.",
      required: true,
    },
  ],
  registerAt: 'https://developer.schwab.com/dashboard/apps',
  note: 'Schwab asks you to sign in again every seven days, and a sign-in elsewhere with the same app ends this one.',
  // Source: Schwab developer portal: 120 calls a minute; a 429 names no time, clients wait a minute.
  rateLimit: { requests: 120, perMs: 60_000, pauseMs: 60_000 },
  methods: [
    { method: 'oauth', label: 'Sign in at Schwab', needs: 'A Schwab brokerage account and an approved app of your own on the developer site.', life: 'Seven days, then you sign in again.', fields: [], policy },
  ],
  facts: {
    assetClasses: ['equity', 'option', 'fund', 'bond'],
    oauth: 'OAuth 2.0',
    tokenLife: '30 minutes, renewed by itself',
    signInAgain: 'Every seven days',
    rateLimit: '120 calls a minute',
    paper: 'None for apps',
    fees: {
      text: 'No commission on online trades of US stocks and ETFs; options $0.65 a contract. The list in force is at schwab.com/pricing',
      source: 'https://www.fool.com/investing/2019/10/01/why-share-prices-of-online-brokers-schwab-etrade-a.aspx',
      asOf: '2019-10-01',
    },
    rating: null,
  },
  classify: classifyFailure,
  words: wordsOf,
  connect,
}

function connect(session: BrokerSession): BrokerAdapter {
  return lazyAdapter(async () => (await import('./client.ts')).createClient(session), {
    historyStart: today => LocalDate.of(`${Number(today.slice(0, 4)) - YEARS_BACK}-01-01`),
    overlapDays: 7,
    ownCursors: true,
    trades: true,
  })
}
