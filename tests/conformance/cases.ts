import type { BrokerId, Method } from '../../shared/domain/broker.ts'
import { SANDBOX_ALPACA_KEY, SANDBOX_FLEX, SANDBOX_TASTYTRADE_GRANT } from '../../electron/core/sandbox/client-keys.ts'
import type { Sandbox } from '../../electron/core/sandbox/sandbox.ts'
import type { StandId } from '../../electron/core/sandbox/stands.ts'
import type { AssetClass } from '../../shared/domain/instrument.ts'

/** One way into one broker, as data: what the suite has to know of it. Adding a broker adds rows here, not tests. */
export interface Case {
  readonly broker: BrokerId
  readonly method: Method
  /** The simulated server this way in speaks to. */
  readonly stand: StandId
  /** What a user would type; none for a sign-in in the browser. */
  readonly values?: (sandbox: Sandbox) => Readonly<Record<string, string>>
  readonly accounts: number
  /** Access ends by itself and is renewed without the user. */
  readonly renews: boolean
  /** Access can be taken away while connected. */
  readonly revocable: boolean
  /** The history it shows explains what it holds; E*TRADE shows two years only, some ways into IBKR a week. */
  readonly addsUp: boolean
  /** What is spoiled on the wire: calls over HTTP, or a report service's, which knows no accounts and no passing refusal; a socket's faults have tests of their own. */
  readonly wire: 'http' | 'report' | 'socket'
  /** Its simulator refuses an order the account cannot pay; elsewhere a refusal is asked for. */
  readonly checksMoney?: false
  /** Part of the path an order is sent to, where `order` would fit an earlier call too. */
  readonly orderPath?: string
  /** Something it takes orders for; null where it takes none. */
  readonly trades: { readonly symbol: string; readonly assetClass: AssetClass } | null
}

const STOCK = { symbol: 'AAPL', assetClass: 'equity' } as const

export const CASES: readonly Case[] = [
  { broker: 'alpaca', method: 'oauth', stand: 'alpaca', accounts: 1, renews: false, revocable: true, addsUp: true, wire: 'http', trades: STOCK },
  {
    broker: 'alpaca', method: 'api-key', stand: 'alpaca', accounts: 1, renews: false, revocable: false, addsUp: true, wire: 'http', trades: STOCK,
    values: () => ({ 'api-key-id': SANDBOX_ALPACA_KEY.keyId, 'api-key-secret': SANDBOX_ALPACA_KEY.secret }),
  },
  { broker: 'schwab', method: 'oauth', stand: 'schwab', accounts: 2, renews: true, revocable: true, addsUp: true, wire: 'http', trades: STOCK },
  { broker: 'tastytrade', method: 'oauth', stand: 'tastytrade', accounts: 3, renews: true, revocable: true, addsUp: true, wire: 'http', trades: STOCK },
  {
    broker: 'tastytrade', method: 'personal-grant', stand: 'tastytrade', accounts: 3, renews: true, revocable: true, addsUp: true, wire: 'http', trades: STOCK,
    values: () => ({ 'client-secret': SANDBOX_TASTYTRADE_GRANT.clientSecret, 'refresh-token': SANDBOX_TASTYTRADE_GRANT.refreshToken }),
  },
  { broker: 'etrade', method: 'oauth', stand: 'etrade', accounts: 2, renews: true, revocable: true, addsUp: false, wire: 'http', trades: STOCK, orderPath: '/orders/place' },
  { broker: 'tdameritrade', method: 'oauth', stand: 'tdameritrade', accounts: 2, renews: true, revocable: true, addsUp: true, wire: 'http', trades: STOCK },
  { broker: 'ibkr', method: 'oauth', stand: 'ibkr-oauth', accounts: 2, renews: false, revocable: true, addsUp: false, trades: STOCK, wire: 'http', checksMoney: false },
  {
    broker: 'ibkr', method: 'gateway', stand: 'ibkr-gateway', accounts: 2, renews: false, revocable: false, addsUp: false, trades: STOCK, wire: 'http', checksMoney: false,
    values: sandbox => ({ address: sandbox.urls['ibkr-gateway'] }),
  },
  {
    broker: 'ibkr', method: 'tws', stand: 'ibkr-tws', accounts: 2, renews: false, revocable: false, addsUp: false, trades: STOCK, wire: 'socket', checksMoney: false,
    values: sandbox => ({ host: '127.0.0.1', port: sandbox.urls['ibkr-tws'].split(':')[1] ?? '', 'client-id': '7', 'read-only': 'no' }),
  },
  {
    broker: 'ibkr', method: 'flex', stand: 'ibkr-flex', accounts: 2, renews: false, revocable: false, addsUp: true, trades: null, wire: 'report',
    values: () => ({ token: SANDBOX_FLEX.token, 'query-id': SANDBOX_FLEX.queryId }),
  },
]

/** A name for the report. */
export function nameOf({ broker, method }: Case): string {
  return `${broker} by ${method}`
}
