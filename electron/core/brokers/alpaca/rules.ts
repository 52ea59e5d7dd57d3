import type { TradeRules } from '../../../../shared/domain/broker.ts'

/**
 * What Alpaca takes from apps. Fractions and amounts of money go for stocks and crypto. Source: docs.alpaca.markets, "Orders at
 * Alpaca" and "Fractional trading".
 */
export const tradeRules: TradeRules = {
  assetClasses: ['equity', 'option', 'crypto'],
  types: ['market', 'limit', 'stop', 'stop-limit', 'trailing-stop'],
  timesInForce: ['day', 'gtc', 'ioc', 'fok', 'opg', 'cls'],
  fractional: ['equity', 'crypto'],
  notional: ['equity', 'crypto'],
  preview: false,
  replace: true,
  extendedHours: true,
  clientOrderIds: true,
}
