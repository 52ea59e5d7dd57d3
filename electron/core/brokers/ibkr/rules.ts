import type { TradeRules } from '../../../../shared/domain/broker.ts'

/**
 * What Keelson orders at IBKR. IBKR trades more than this; combinations, crypto and currencies have rules of their own and are
 * ordered on its own screens. It does not refuse a second order with the same reference.
 */
export const tradeRules: TradeRules = {
  assetClasses: ['equity', 'option', 'future'],
  types: ['market', 'limit', 'stop', 'stop-limit', 'trailing-stop'],
  timesInForce: ['day', 'gtc', 'ioc', 'opg'],
  fractional: [],
  notional: [],
  preview: true,
  replace: true,
  extendedHours: true,
  clientOrderIds: false,
  // Sources: TWS API, reqCompletedOrders (since the last midnight); Web API, live orders (of the day).
  ordersOfTheDay: true,
}
