import type { TokenPolicy } from '../../../../shared/domain/token-policy.ts'
import type { Broker, BrokerAdapter, BrokerSession, EnvironmentProfile } from '../adapter.ts'
import { lazyAdapter } from '../lazy-adapter.ts'
import { classifyFailure, oauth1Profile, wordsOf } from './auth.ts'
import { earliestDay } from './earliest-day.ts'
import { tradeRules } from './rules.ts'

const LIVE = 'https://api.etrade.com/v1'
const TEST = 'https://apisb.etrade.com/v1'

const environments: Record<'live' | 'paper' | 'sandbox', EnvironmentProfile> = {
  live: { methods: ['oauth'], bases: { api: LIVE }, oauth: null, oauth1: oauth1Profile },
  paper: { methods: ['oauth'], bases: { api: TEST }, oauth: null, oauth1: oauth1Profile },
  sandbox: { methods: ['oauth'], bases: { api: LIVE }, oauth: null, oauth1: oauth1Profile },
}

const DAYS_AGAIN = 7
const TWO_HOURS_MS = 7_200_000

/** Tokens end at midnight Eastern and sleep after two idle hours; waking one up does not move the midnight. */
const policy: TokenPolicy = {
  accessMs: null,
  refreshMs: null,
  rotation: 'wakes',
  signInAgain: { kind: 'day-end', zone: 'America/New_York' },
  idleMs: TWO_HOURS_MS,
  refreshAt: 0.8,
}

/** E*TRADE: API v1 with OAuth 1.0a, live and its test environment with canned data. */
export const etrade: Broker = {
  id: 'etrade',
  name: 'E*TRADE',
  environments,
  can: { balances: true, positions: true, orders: true, activities: true, quotes: true, revoke: true, refresh: true, trading: tradeRules },
  scopes: [
    {
      id: '',
      label: 'Read accounts and place orders',
      detail:
        'Balances, positions, orders and two years of transactions of all your accounts. E*TRADE gives one permission for everything, orders included; Keelson sends none you have not confirmed.',
      required: true,
    },
  ],
  registerAt: 'https://us.etrade.com/etx/ris/apikey',
  note: 'E*TRADE ends every sign-in at midnight Eastern: you sign in again each day, and nothing is synced in between.',
  // v1 states no limit; the older API allowed two calls a second and 7000 an hour.
  rateLimit: { requests: 2, perMs: 1000 },
  methods: [
    {
      method: 'oauth',
      label: 'Sign in at E*TRADE',
      needs: 'An E*TRADE account and an individual consumer key. E*TRADE shows a code at the end, which you paste here.',
      life: 'Until midnight Eastern; after two idle hours Keelson renews it by itself.',
      fields: [],
      policy,
    },
  ],
  separateAppKeys: true,
  facts: {
    assetClasses: ['equity', 'option', 'fund', 'bond'],
    oauth: 'OAuth 1.0a',
    tokenLife: 'Until midnight Eastern, renewed after two idle hours',
    signInAgain: 'Every day: a sign-in ends at midnight Eastern',
    rateLimit: "2 calls a second (Keelson's own pace; E*TRADE states none for this API)",
    paper: 'Test environment with canned data and keys of its own; no paper trading for apps',
    fees: {
      text: 'No commission on US-listed stocks and ETFs; options $0.65 a contract; regulatory fees apply',
      source: 'https://us.etrade.com/e/t/estation/pricing?id=1209080000',
      asOf: '2025-04-07',
    },
    rating: null,
  },
  classify: classifyFailure,
  words: wordsOf,
  connect,
}

function connect(session: BrokerSession): BrokerAdapter {
  return lazyAdapter(async () => (await import('./client.ts')).createClient(session), {
    historyStart: earliestDay,
    ownCursors: true,
    overlapDays: DAYS_AGAIN,
    trades: true,
  })
}
