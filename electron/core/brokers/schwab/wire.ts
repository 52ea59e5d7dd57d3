import { z } from 'zod'
import { dayOrInstant, decimalOrNull, idOrNull, idText, instant, instantOrNull, textOrNull } from '../wire.ts'

/** What Schwab really sends, as far as Keelson uses it. Enums stay open: they are text here and given a meaning in map.ts. */

export const AccountNumberWire = z.object({ accountNumber: idText, hashValue: z.string().min(1) })
export type AccountNumberWire = z.output<typeof AccountNumberWire>

const InstrumentWire = z.object({
  assetType: textOrNull,
  symbol: textOrNull,
  cusip: textOrNull,
  description: textOrNull,
})
export type InstrumentWire = z.output<typeof InstrumentWire>

const PositionWire = z.object({
  longQuantity: decimalOrNull,
  shortQuantity: decimalOrNull,
  averagePrice: decimalOrNull,
  marketValue: decimalOrNull,
  longOpenProfitLoss: decimalOrNull,
  shortOpenProfitLoss: decimalOrNull,
  instrument: InstrumentWire,
})
export type PositionWire = z.output<typeof PositionWire>

const BalancesWire = z.object({
  liquidationValue: decimalOrNull,
  cashBalance: decimalOrNull,
  totalCash: decimalOrNull,
  buyingPower: decimalOrNull,
  cashAvailableForTrading: decimalOrNull,
})

export const AccountWire = z.object({
  securitiesAccount: z.object({
    type: textOrNull,
    accountNumber: idText,
    // Absent unless asked for, and absent or null when there are none.
    positions: z.array(PositionWire).nullish(),
    initialBalances: BalancesWire.nullish(),
    currentBalances: BalancesWire.nullish(),
  }),
  aggregatedBalance: z.object({ currentLiquidationValue: decimalOrNull }).nullish(),
})
export type AccountWire = z.output<typeof AccountWire>

const OrderLegWire = z.object({ instruction: textOrNull, quantity: decimalOrNull, instrument: InstrumentWire.nullish() })

const ExecutionWire = z.object({
  executionType: textOrNull,
  executionLegs: z.array(z.object({ quantity: decimalOrNull, price: decimalOrNull, time: instantOrNull })).nullish(),
})

const order = {
  orderId: idText,
  orderType: textOrNull,
  duration: textOrNull,
  session: textOrNull,
  status: textOrNull,
  /** Why it was rejected. */
  statusDescription: textOrNull,
  quantity: decimalOrNull,
  filledQuantity: decimalOrNull,
  price: decimalOrNull,
  stopPrice: decimalOrNull,
  enteredTime: instant,
  closeTime: instantOrNull,
  orderLegCollection: z.array(OrderLegWire).nullish(),
  orderActivityCollection: z.array(ExecutionWire).nullish(),
}
const childOrders = { childOrderStrategies: z.array(z.unknown()).nullish() }

/** An order; the children of a bracket or one-cancels-other order are orders of the same shape, parsed in turn. */
export const OrderWire = z.object({ ...order, ...childOrders })
export type OrderWire = z.output<typeof OrderWire>

const PreviewWordsWire = z.array(z.object({ activityMessage: textOrNull })).nullish()
const CostsWire = z.array(z.object({ value: decimalOrNull })).nullish()

/** The answer of `previewOrder`. Each list is left out when it is empty. */
export const PreviewWire = z.object({
  orderStrategy: z.object({ status: textOrNull, orderBalance: z.object({ orderValue: decimalOrNull }).nullish() }).nullish(),
  orderValidationResult: z
    .object({ alerts: PreviewWordsWire, rejects: PreviewWordsWire, reviews: PreviewWordsWire, warns: PreviewWordsWire })
    .nullish(),
  commissionAndFee: z
    .object({
      commission: z.object({ commissionLegs: z.array(z.object({ commissionValues: CostsWire })).nullish() }).nullish(),
      fee: z.object({ feeLegs: z.array(z.object({ feeValues: CostsWire })).nullish() }).nullish(),
    })
    .nullish(),
})
export type PreviewWire = z.output<typeof PreviewWire>

const epochMs = z.number().int().positive().nullish().catch(null)

const QuoteWire = z.object({
  realtime: z.boolean().nullish(),
  quote: z
    .object({
      bidPrice: decimalOrNull, askPrice: decimalOrNull, lastPrice: decimalOrNull, closePrice: decimalOrNull, quoteTime: epochMs, tradeTime: epochMs,
    })
    .nullish(),
})
export type QuoteWire = z.output<typeof QuoteWire>

/** Quotes by symbol, beside `errors` for the symbols Schwab does not know. */
export const QuotesWire = z.record(z.string(), QuoteWire)

const TransferItemWire = z.object({
  instrument: InstrumentWire.nullish(),
  amount: decimalOrNull,
  cost: decimalOrNull,
  price: decimalOrNull,
  positionEffect: z.string().nullish(),
})
export type TransferItemWire = z.output<typeof TransferItemWire>

export const TransactionWire = z.compile(
  z.object({
    activityId: idText,
    type: textOrNull,
    activityType: z.string().nullish(),
    status: z.string().nullish(),
    description: textOrNull,
    time: instantOrNull,
    tradeDate: dayOrInstant,
    orderId: idOrNull,
    netAmount: decimalOrNull,
    transferItems: z.array(TransferItemWire).nullish(),
  }),
)
export type TransactionWire = z.output<typeof TransactionWire>
