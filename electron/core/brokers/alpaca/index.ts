import type { ScopeInfo } from '../../../../shared/domain/broker.ts'
import { LocalDate } from '../../../../shared/domain/time.ts'
import { NO_POLICY } from '../../../../shared/domain/token-policy.ts'
import type { Broker, BrokerAdapter, BrokerSession, EnvironmentProfile } from '../adapter.ts'
import { checkKey, classifyFailure, oauthProfile, wordsOf } from './auth.ts'
import { lazyAdapter } from '../lazy-adapter.ts'
import { tradeRules } from './rules.ts'

const DATA = 'https://data.alpaca.markets'
const PAPER = 'https://paper-api.alpaca.markets'

const environments: Record<'live' | 'paper' | 'sandbox', EnvironmentProfile> = {
  live: { methods: ['oauth', 'api-key'], bases: { trading: 'https://api.alpaca.markets', data: DATA }, oauth: oauthProfile('live') },
  paper: { methods: ['oauth', 'api-key'], bases: { trading: PAPER, data: DATA }, oauth: oauthProfile('paper') },
  sandbox: { methods: ['oauth', 'api-key'], bases: { trading: PAPER, data: DATA }, oauth: oauthProfile('paper', null) },
}

const scopes: readonly ScopeInfo[] = [
  {
    id: '',
    label: 'Read accounts and history',
    detail: 'Balances, positions, orders and every activity. Alpaca grants this with each sign-in.',
    required: true,
  },
  { id: 'trading', label: 'Place orders', detail: 'Sends, changes and cancels orders, each only when you confirm it. Without it Keelson can only read.', required: false },
  { id: 'data', label: 'Read market prices', detail: "Quotes from Alpaca's market data, to value what you hold.", required: false },
]

/** A key has no permissions of its own to choose from. */
const keyScopes: readonly ScopeInfo[] = [
  { id: '', label: 'Read accounts and history', detail: 'Balances, positions, orders, every activity, and quotes to value what you hold.', required: true },
  { id: '', label: 'Orders with the same key', detail: 'Alpaca gives ordering with every key; Keelson sends no order you have not confirmed.', required: true },
]

/** Alpaca: trading API v2, live and paper. */
export const alpaca: Broker = {
  id: 'alpaca',
  name: 'Alpaca',
  environments,
  can: { balances: true, positions: true, orders: true, activities: true, quotes: true, revoke: false, refresh: false, trading: tradeRules },
  scopes,
  tradeScope: 'trading',
  registerAt: 'https://app.alpaca.markets/brokerage/apps/manage',
  note: "One sign-in covers one account; Alpaca's access does not expire until you remove the app on its site.",
  // Source: docs.alpaca.markets, trading API: 200 requests a minute and account.
  rateLimit: { requests: 200, perMs: 60_000 },
  methods: [
    { method: 'oauth', label: 'Sign in at Alpaca', needs: 'An Alpaca account and an app of your own, registered at Alpaca.', life: "Until you remove the app on Alpaca's site.", fields: [], policy: NO_POLICY },
    {
      method: 'api-key',
      label: 'API key',
      needs: 'A key and secret made on the Alpaca dashboard. Live and paper keys differ.',
      life: 'Until you delete the key at Alpaca.',
      scopes: keyScopes,
      note: 'One key belongs to one account, live or paper.',
      policy: NO_POLICY,
      fields: [
        { name: 'api-key-id', label: 'Key', hint: 'Begins with AK (live) or PK (paper).', kind: 'secret', pattern: '[A-Za-z0-9]{8,64}', problem: 'A key has letters and digits only.', initial: '', required: true },
        { name: 'api-key-secret', label: 'Secret', hint: 'Shown once by Alpaca.', kind: 'secret', pattern: '[\\x21-\\x7e]{8,128}', problem: 'A secret has no spaces.', initial: '', required: true },
      ],
      check: checkKey,
      headers: values => ({ 'APCA-API-KEY-ID': values['api-key-id'] ?? '', 'APCA-API-SECRET-KEY': values['api-key-secret'] ?? '' }),
    },
  ],
  facts: {
    assetClasses: ['equity', 'option', 'crypto'],
    oauth: 'OAuth 2.0',
    tokenLife: 'No end stated',
    signInAgain: 'Only after you remove the app at Alpaca',
    rateLimit: '200 calls a minute',
    paper: 'Paper account, with its own keys',
    fees: {
      text: 'No commission on US-listed stocks and options traded through the API; regulatory fees apply',
      source: 'https://alpaca.markets/support/commission-clearing-fees',
      asOf: '2026-11-21',
    },
    rating: null,
  },
  classify: classifyFailure,
  words: wordsOf,
  connect,
}

function connect(session: BrokerSession): BrokerAdapter {
  return lazyAdapter(async () => (await import('./client.ts')).createClient(session), {
    // The first Alpaca accounts opened in 2018; an empty tail costs nothing, since pages end with the history.
    historyStart: () => LocalDate.of('2018-01-01'),
    overlapDays: 3,
    trades: true,
  })
}
