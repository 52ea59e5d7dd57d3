import type { TradeRules } from '../../../../shared/domain/broker.ts'

/** What Schwab takes from apps: whole shares and contracts only. Source: Schwab developer portal, Trader API, "Place Order Samples". */
export const tradeRules: TradeRules = {
  assetClasses: ['equity', 'fund', 'option'],
  types: ['market', 'limit', 'stop', 'stop-limit', 'trailing-stop'],
  timesInForce: ['day', 'gtc', 'ioc', 'fok'],
  fractional: [],
  notional: [],
  preview: true,
  replace: true,
  extendedHours: true,
  clientOrderIds: false,
}
