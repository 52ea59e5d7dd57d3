import type { FieldSpec, ScopeInfo } from '../../../../shared/domain/broker.ts'
import { LocalDate } from '../../../../shared/domain/time.ts'
import type { TokenPolicy } from '../../../../shared/domain/token-policy.ts'
import type { Broker, BrokerAdapter, BrokerMethod, BrokerSession, EnvironmentProfile } from '../adapter.ts'
import { lazyAdapter } from '../lazy-adapter.ts'
import { classifyFailure, oauthProfile, wordsOf } from './auth.ts'
import { tradeRules } from './rules.ts'

const LIVE = 'https://api.tastyworks.com'
const CERT = 'https://api.cert.tastyworks.com'
const ways = ['oauth', 'personal-grant'] as const

const environments: Record<'live' | 'paper' | 'sandbox', EnvironmentProfile> = {
  live: { methods: ways, bases: { api: LIVE }, oauth: oauthProfile('live') },
  paper: { methods: ways, bases: { api: CERT }, oauth: oauthProfile('paper') },
  sandbox: { methods: ways, bases: { api: LIVE }, oauth: oauthProfile('live', null) },
}

const scopes: readonly ScopeInfo[] = [
  {
    id: 'read',
    label: 'Read accounts and history',
    detail: 'Balances, positions, orders, transactions and quotes of all your tastytrade accounts.',
    required: true,
  },
  {
    id: 'trade',
    label: 'Place and change orders',
    detail: 'Needed only to trade from Keelson. Nothing is ordered without your confirmation.',
    required: false,
  },
]

const grantScopes: readonly ScopeInfo[] = [
  {
    id: '',
    label: 'Read accounts and history',
    detail: 'Balances, positions, orders, transactions and quotes of all your tastytrade accounts.',
    required: true,
  },
  {
    id: '',
    label: 'Orders, if the grant includes them',
    detail: 'A grant has the permissions you gave it at tastytrade; Keelson sends no order you have not confirmed.',
    required: true,
  },
]

const grantFields: readonly FieldSpec[] = [
  {
    name: 'client-secret',
    label: 'Client secret',
    hint: 'Shown once when you make the OAuth application.',
    kind: 'secret',
    pattern: '[\\x21-\\x7e]{16,256}',
    problem: 'A client secret is one long word without blanks.',
    initial: '',
    required: true,
  },
  {
    name: 'refresh-token',
    label: 'Refresh token',
    hint: 'From Create Grant, below the application.',
    kind: 'secret',
    pattern: '[\\x21-\\x7e]{16,4096}',
    problem: 'A refresh token is one long word without blanks.',
    initial: '',
    required: true,
  },
]

const FIFTEEN_MINUTES_MS = 900_000

/** The refresh token has no end; only deleting the grant ends it. */
const policy: TokenPolicy = {
  accessMs: FIFTEEN_MINUTES_MS,
  refreshMs: null,
  rotation: 'keeps',
  signInAgain: { kind: 'none' },
  idleMs: null,
  refreshAt: 0.8,
}

const methods: readonly BrokerMethod[] = [
  {
    method: 'oauth',
    label: 'Sign in at tastytrade',
    needs: 'A tastytrade account and an OAuth application of your own; for other people tastytrade must approve the application.',
    life: "Until you delete the grant on tastytrade's site.",
    fields: [],
    policy,
  },
  {
    method: 'personal-grant',
    label: 'Personal grant',
    needs: "A client secret and a refresh token, both made on tastytrade's site. The simplest way for your own accounts.",
    life: "Until you delete the grant or renew the application's secret.",
    scopes: grantScopes,
    fields: grantFields,
    policy,
    guide: 'https://developer.tastytrade.com/oauth/',
  },
]

/** tastytrade: Open API, live and certification ("cert") environment. */
export const tastytrade: Broker = {
  id: 'tastytrade',
  name: 'tastytrade',
  environments,
  can: { balances: true, positions: true, orders: true, activities: true, quotes: true, revoke: false, refresh: true, trading: tradeRules },
  scopes,
  tradeScope: 'trade',
  registerAt: 'https://my.tastytrade.com/app.html#/manage/api-access/oauth-applications',
  note: 'Fees of new trades are estimates until they settle; Keelson reads the last seven days again and corrects them.',
  // tastytrade publishes no quota; failed sign-ins in a row block an address for hours. One call a second is polite.
  rateLimit: { requests: 60, perMs: 60_000 },
  methods,
  separateAppKeys: true,
  facts: {
    assetClasses: ['equity', 'option', 'future', 'future-option', 'crypto'],
    oauth: 'OAuth 2.0',
    tokenLife: '15 minutes, renewed by itself',
    signInAgain: 'Only after you delete the grant at tastytrade',
    rateLimit: "60 calls a minute (Keelson's own pace; tastytrade states none)",
    paper: 'Test environment with its own users and applications; emptied every day, prices 15 minutes late',
    fees: {
      text: 'No commission on stocks; stock options $1 a contract to open, at most $10 a leg, nothing to close; clearing and regulatory fees apply',
      source: 'https://tastytrade.com/commissions-and-fees',
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
    // The first accounts opened in 2017; an empty tail costs nothing, since pages end with the history.
    historyStart: () => LocalDate.of('2017-01-01'),
    overlapDays: 7,
    trades: true,
  })
}
