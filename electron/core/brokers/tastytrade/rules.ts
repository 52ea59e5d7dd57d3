import type { TradeRules } from '../../../../shared/domain/broker.ts'

/**
 * What tastytrade takes from apps. Fractions of shares exist only as orders for an amount of money. It keeps our order id to find an
 * order by, and does not refuse a second one with it. Source: developer.tastytrade.com, "Order submission".
 */
export const tradeRules: TradeRules = {
  assetClasses: ['equity', 'option', 'future', 'future-option', 'crypto'],
  types: ['market', 'limit', 'stop', 'stop-limit'],
  timesInForce: ['day', 'gtc', 'ioc'],
  fractional: ['crypto'],
  notional: ['equity', 'crypto'],
  preview: true,
  replace: true,
  extendedHours: true,
  clientOrderIds: false,
}
