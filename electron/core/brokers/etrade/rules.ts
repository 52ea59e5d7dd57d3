import type { TradeRules } from '../../../../shared/domain/broker.ts'

/** What E*TRADE takes from apps: whole shares and contracts. Source: developer.etrade.com, Order API. */
export const tradeRules: TradeRules = {
  assetClasses: ['equity', 'option'],
  types: ['market', 'limit', 'stop', 'stop-limit'],
  timesInForce: ['day', 'gtc', 'ioc', 'fok'],
  fractional: [],
  notional: [],
  preview: true,
  replace: true,
  extendedHours: true,
  clientOrderIds: true,
}
