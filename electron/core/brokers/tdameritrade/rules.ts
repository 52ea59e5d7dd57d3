import type { TradeRules } from '../../../../shared/domain/broker.ts'

/** What TD Ameritrade took from apps: whole shares and contracts, no check beforehand. Source: the retired developer.tdameritrade.com. */
export const tradeRules: TradeRules = {
  assetClasses: ['equity', 'fund', 'option'],
  types: ['market', 'limit', 'stop', 'stop-limit'],
  timesInForce: ['day', 'gtc', 'fok'],
  fractional: [],
  notional: [],
  preview: false,
  replace: true,
  extendedHours: true,
  clientOrderIds: false,
}
