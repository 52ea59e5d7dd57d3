import { Dec } from '../../../../../shared/domain/decimal.ts'
import { eastern } from '../eastern.ts'
import type { DateStyle } from './dates.ts'
import { amountsOf, expiryOf, instrumentAttributes } from './trade-rows.ts'
import type { TradeRow } from './trade-rows.ts'
import { leaf } from './xml.ts'

/** The rows that repeat executions as one: by order, by symbol, or by asset class. */
export type SumLevel = 'ORDER' | 'SYMBOL_SUMMARY' | 'ASSET_SUMMARY'

const ELEMENTS = { ORDER: 'Order', SYMBOL_SUMMARY: 'SymbolSummary', ASSET_SUMMARY: 'AssetSummary' } as const
const PRICE_NAMES = { AF: ['tradePrice', 'ibCommission'], TCF: ['price', 'commission'] } as const

/** Adds rows up at a level. `form` chooses between the names of activity statements and of trade confirmations. */
export function sumRows(rows: readonly TradeRow[], level: SumLevel, dates: DateStyle, form: 'AF' | 'TCF'): string {
  const groups = new Map<string, TradeRow[]>()
  for (const row of rows) {
    const key = keyOf(row, level)
    groups.set(key, [...(groups.get(key) ?? []), row])
  }
  return [...groups.values()].map(group => leaf(ELEMENTS[level], sumOf(group, level, dates, form))).join('')
}

function keyOf({ execution }: TradeRow, level: SumLevel): string {
  const { order, instrument, side } = execution
  if (level === 'ORDER') return String(order.webId)
  return level === 'SYMBOL_SUMMARY' ? `${instrument.symbol} ${side}` : instrument.kind
}

function sumOf(group: readonly TradeRow[], level: SumLevel, dates: DateStyle, form: 'AF' | 'TCF') {
  const amounts = group.map(amountsOf)
  const sum = (pick: keyof (typeof amounts)[number]): Dec => Dec.sum(amounts.map(item => item[pick]))
  const quantity = sum('quantity')
  const proceeds = sum('proceeds')
  const [price, commission] = PRICE_NAMES[form]
  const first = group[0]?.execution
  const pieces = Number(quantity) * Number(first?.instrument.multiplier ?? 1)
  const mean = pieces === 0 || level === 'ASSET_SUMMARY' ? '' : Dec.of((-Number(proceeds) / pieces).toFixed(9))
  const order = level === 'ORDER' ? first : undefined
  return {
    accountId: first?.identity.account ?? '',
    acctAlias: '',
    model: '',
    currency: 'USD',
    ...(form === 'AF' ? { fxRateToBase: 1 } : {}),
    ...(first && level !== 'ASSET_SUMMARY' ? { ...instrumentAttributes(first.instrument), expiry: expiryOf(first.instrument, dates) } : {}),
    tradeID: '',
    ...(form === 'AF'
      ? { transactionID: '', ibExecID: '', ibOrderID: order?.order.webId ?? '' }
      : { execID: '', orderID: order?.order.webId ?? '' }),
    dateTime: order ? dates.moment(order.at) : '',
    tradeDate: first ? dates.day(eastern(first.at).day) : '',
    transactionType: '',
    buySell: first?.side === 'sell' ? 'SELL' : 'BUY',
    quantity,
    [price]: mean,
    proceeds,
    [commission]: sum('commission'),
    netCash: sum('netCash'),
    orderType: order?.order.type.replace(' ', '') ?? '',
    levelOfDetail: level,
  }
}
