import { z } from 'zod'
import { decimal, decimalOrNull, idOrNull, idText, textOrNull } from '../../wire.ts'

/** Times in milliseconds since 1970, as a number or as text; null where there is none. */
const epochMs = z
  .union([z.number(), z.string()])
  .nullish()
  .transform(value => {
    const ms = Number(value ?? Number.NaN)
    return Number.isSafeInteger(ms) && ms > 0 ? ms : null
  })

export const SessionWire = z.object({ authenticated: z.boolean().optional(), competing: z.boolean().optional() })
export type SessionWire = z.output<typeof SessionWire>

export const TickleWire = z.object({ iserver: z.object({ authStatus: SessionWire.nullish() }).nullish() })
/** The accounts this session may trade. */
export const TradableWire = z.object({ accounts: z.array(z.string()) })

export const AccountWire = z.object({
  accountId: idText,
  displayName: textOrNull,
  accountTitle: textOrNull,
  currency: textOrNull,
  acctCustType: textOrNull,
})
export type AccountWire = z.output<typeof AccountWire>

export const LedgerWire = z.record(
  z.string(),
  z.object({ currency: textOrNull, cashbalance: decimalOrNull, netliquidationvalue: decimalOrNull, exchangerate: decimalOrNull.optional() }),
)
export type LedgerWire = z.output<typeof LedgerWire>

const SummaryFigure = z.object({ amount: decimalOrNull, currency: textOrNull }).optional()
export const SummaryWire = z.object({ netliquidation: SummaryFigure, totalcashvalue: SummaryFigure, buyingpower: SummaryFigure })
export type SummaryWire = z.output<typeof SummaryWire>

export const PositionWire = z.object({
  conid: idText,
  contractDesc: textOrNull,
  ticker: textOrNull,
  position: decimal,
  mktValue: decimalOrNull,
  currency: textOrNull,
  avgCost: decimalOrNull,
  avgPrice: decimalOrNull,
  unrealizedPnl: decimalOrNull,
  assetClass: textOrNull,
  expiry: textOrNull,
  putOrCall: textOrNull,
  strike: decimalOrNull,
})
export type PositionWire = z.output<typeof PositionWire>

export const TradeWire = z.object({
  execution_id: idText,
  conid: idText.nullish().catch(null),
  symbol: textOrNull,
  side: textOrNull,
  size: decimal,
  price: decimal,
  trade_time: textOrNull,
  trade_time_r: epochMs,
  commission: decimalOrNull,
  net_amount: decimalOrNull,
  currency: textOrNull,
  account: textOrNull,
  order_id: idOrNull,
  sec_type: textOrNull,
  contract_description_1: textOrNull,
  contract_description_2: textOrNull,
})
export type TradeWire = z.output<typeof TradeWire>

export const OrderWire = z.object({
  orderId: idText,
  acct: textOrNull,
  ticker: textOrNull,
  description1: textOrNull,
  description2: textOrNull,
  secType: textOrNull,
  cashCcy: textOrNull,
  side: textOrNull,
  status: textOrNull,
  totalSize: decimalOrNull,
  filledQuantity: decimalOrNull,
  avgPrice: decimalOrNull,
  price: decimalOrNull,
  auxPrice: decimalOrNull,
  orderType: textOrNull,
  origOrderType: textOrNull,
  timeInForce: textOrNull,
  lastExecutionTime_r: epochMs,
  /** Our own id, where the order came from here. */
  order_ref: textOrNull.catch(null),
})
export type OrderWire = z.output<typeof OrderWire>

export const OrderStatusWire = z.object({
  order_id: idText,
  symbol: textOrNull,
  side: textOrNull,
  sec_type: textOrNull,
  currency: textOrNull,
  contract_description_1: textOrNull,
  contract_description_2: textOrNull,
  order_clearing_account: textOrNull,
  order_status: textOrNull,
  order_type: textOrNull,
  total_size: decimalOrNull,
  filled_quantity: decimalOrNull,
  cum_fill: decimalOrNull,
  avg_fill_price: decimalOrNull,
  average_price: decimalOrNull,
  limit_price: decimalOrNull,
  stop_price: decimalOrNull,
  price: decimalOrNull,
  tif: textOrNull,
  order_time: textOrNull,
  conid: idOrNull,
  /** `0` where no other order hangs on it. */
  child_order_type: textOrNull,
  order_not_editable: z.boolean().nullish(),
  cannot_cancel_order: z.boolean().nullish(),
  outside_rth: z.boolean().nullish(),
  all_or_none: z.boolean().nullish(),
})
export type OrderStatusWire = z.output<typeof OrderStatusWire>

/** One of the three shapes an order is answered with, and the question before it. */
const PlacedWire = z.object({ order_id: idText, order_status: textOrNull })
const QuestionWire = z.object({ id: z.string(), message: z.array(z.string()), messageIds: z.array(z.string()).nullish() })
export type QuestionWire = z.output<typeof QuestionWire>
const RefusalWire = z.object({ error: z.string() })
export const OrderAnswerWire = z.union([z.array(z.union([PlacedWire, QuestionWire])), PlacedWire, RefusalWire])
export type OrderAnswerWire = z.output<typeof OrderAnswerWire>

export const CancelWire = z.object({ error: textOrNull, msg: textOrNull, order_id: idOrNull })
export type CancelWire = z.output<typeof CancelWire>

const Effect = z.object({ change: textOrNull }).nullish()
export const WhatIfWire = z.object({
  amount: z.object({ amount: textOrNull, commission: textOrNull }).nullish(),
  initial: Effect,
  warn: textOrNull,
  error: textOrNull,
})
export type WhatIfWire = z.output<typeof WhatIfWire>

export const SnapshotWire = z.object({
  conid: idText,
  '31': textOrNull.optional(),
  '84': textOrNull.optional(),
  '86': textOrNull.optional(),
  '7741': textOrNull.optional(),
  '6509': textOrNull.optional(),
  _updated: epochMs,
})
export type SnapshotWire = z.output<typeof SnapshotWire>

export const StocksWire = z.record(
  z.string(),
  z.array(
    z.object({
      assetClass: textOrNull,
      contracts: z.array(z.object({ conid: idText, exchange: textOrNull, isUS: z.boolean().nullish() })),
    }),
  ),
)
export type StocksWire = z.output<typeof StocksWire>

export const SearchWire = z.array(z.object({ conid: idText, symbol: textOrNull }))
export const ContractsWire = z.array(z.object({ conid: idText, maturityDate: textOrNull, tradingClass: textOrNull.optional() }))
