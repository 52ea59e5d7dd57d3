import { LocalDate } from '../../../../shared/domain/time.ts'
import type { TokenPolicy } from '../../../../shared/domain/token-policy.ts'
import type { Broker, BrokerAdapter, BrokerSession } from '../adapter.ts'
import { lazyAdapter } from '../lazy-adapter.ts'
import { classifyFailure, oauthProfile, wordsOf } from './auth.ts'
import { tradeRules } from './rules.ts'

const GUIDE = 'https://developer.tdameritrade.com/content/trader-api-schwab-integration-guide-june-2023-update'
const YEARS_BACK = 20
const MINUTE_MS = 60_000
const NINETY_DAYS_MS = 7_776_000_000

const policy: TokenPolicy = {
  accessMs: 30 * MINUTE_MS,
  refreshMs: NINETY_DAYS_MS,
  rotation: 'keeps',
  signInAgain: { kind: 'after', ms: NINETY_DAYS_MS },
  idleMs: null,
  refreshAt: 0.8,
}

/** TD Ameritrade: closed in May 2024. Its API lives on in the sandbox only; old history comes from files. */
export const tdameritrade: Broker = {
  id: 'tdameritrade',
  name: 'TD Ameritrade',
  environments: { sandbox: { methods: ['oauth'], bases: { api: 'https://api.tdameritrade.com/v1' }, oauth: oauthProfile } },
  can: { balances: true, positions: true, orders: true, activities: true, quotes: true, revoke: false, refresh: true, trading: tradeRules },
  scopes: [
    {
      id: '',
      label: 'Read accounts and place orders',
      detail: 'Balances, positions, orders and transactions of the simulated accounts. There was one permission for everything.',
      required: true,
    },
  ],
  registerAt: GUIDE,
  note: 'TD Ameritrade closed in May 2024 and nothing of it can be connected. Connect Charles Schwab, and import older history from a file.',
  rateLimit: { requests: 120, perMs: 60_000, pauseMs: 60_000 },
  methods: [
    {
      method: 'oauth',
      label: 'Sign in (sandbox only)',
      needs: 'Nothing: the simulated TD Ameritrade is built in.',
      life: '90 days, with tokens of 30 minutes.',
      fields: [],
      policy,
    },
  ],
  closed: { sentence: 'TD Ameritrade closed in May 2024: its accounts moved to Charles Schwab.', successor: 'schwab' },
  facts: {
    assetClasses: ['equity', 'option', 'fund', 'bond'],
    oauth: 'OAuth 2.0',
    tokenLife: '30 minutes, renewed by itself (sandbox)',
    signInAgain: 'After 90 days (sandbox)',
    rateLimit: '120 calls a minute (until it closed)',
    paper: 'None',
    fees: { text: 'None any more: the broker is closed', source: GUIDE, asOf: '2026-11-21' },
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
