import type { BrokerId } from '../../../shared/domain/broker.ts'

/** The simulated servers, in the order of their ports. A broker with several ways in has several. */
export const STAND_IDS = [
  'alpaca',
  'schwab',
  'tastytrade',
  'etrade',
  'tdameritrade',
  'ibkr-flex',
  'ibkr-oauth',
  'ibkr-gateway',
  'ibkr-tws',
] as const
export type StandId = (typeof STAND_IDS)[number]

const BROKERS = {
  alpaca: 'alpaca',
  schwab: 'schwab',
  tastytrade: 'tastytrade',
  etrade: 'etrade',
  tdameritrade: 'tdameritrade',
  'ibkr-flex': 'ibkr',
  'ibkr-oauth': 'ibkr',
  'ibkr-gateway': 'ibkr',
  'ibkr-tws': 'ibkr',
} as const satisfies Record<StandId, BrokerId>

/** The broker a stand plays. */
export function brokerOf(stand: StandId): BrokerId {
  return BROKERS[stand]
}

/** The stands of a broker, in the order of their ports. */
export function standsOf(broker: BrokerId): readonly StandId[] {
  return STAND_IDS.filter(stand => BROKERS[stand] === broker)
}

/** The environment variable that names a stand of one's own: an address, and `host:port` for TWS, which speaks no HTTP. */
export function standVariable(stand: StandId): string {
  const name = `KEELSON_SANDBOX_${stand.toUpperCase().replaceAll('-', '_')}`
  return stand === 'ibkr-tws' ? name : `${name}_URL`
}
