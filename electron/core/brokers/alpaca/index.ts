import type { ScopeInfo } from '../../../../shared/domain/broker.ts'
import { LocalDate } from '../../../../shared/domain/time.ts'
import type { Broker, BrokerAdapter, BrokerSession, EnvironmentProfile } from '../adapter.ts'
import { classifyFailure, oauthProfile } from './auth.ts'
import { lazyAdapter } from '../lazy-adapter.ts'

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
  { id: 'data', label: 'Read market prices', detail: "Quotes from Alpaca's market data, to value what you hold.", required: false },
]

/** Alpaca: trading API v2, live and paper. */
export const alpaca: Broker = {
  id: 'alpaca',
  name: 'Alpaca',
  environments,
  can: { balances: true, positions: true, orders: true, activities: true, revoke: false, refresh: false },
  scopes,
  registerAt: 'https://app.alpaca.markets/brokerage/apps/manage',
  note: "One sign-in covers one account; Alpaca's access does not expire until you remove the app on its site.",
  // Source: docs.alpaca.markets, trading API: 200 requests a minute and account.
  rateLimit: { requests: 200, perMs: 60_000 },
  keyHeaders: { id: 'APCA-API-KEY-ID', secret: 'APCA-API-SECRET-KEY' },
  classify: classifyFailure,
  connect,
}

function connect(session: BrokerSession): BrokerAdapter {
  return lazyAdapter(async () => (await import('./client.ts')).createClient(session), {
    // The first Alpaca accounts opened in 2018; an empty tail costs nothing, since pages end with the history.
    historyStart: () => LocalDate.of('2018-01-01'),
    overlapDays: 3,
  })
}
