import { z } from 'zod'
import { dayOrInstant, decimalOrNull, idOrNull, idText, instant, instantOrNull, textOrNull } from '../wire.ts'

/** What TD Ameritrade's API sent until May 2024, as far as Keelson uses it. Enums are text here and given a meaning in map.ts. */

const InstrumentWire = z.object({ symbol: textOrNull, cusip: textOrNull, assetType: textOrNull, description: textOrNull })
export type InstrumentWire = z.output<typeof InstrumentWire>

const PositionWire = z.object({
  longQuantity: decimalOrNull,
  shortQuantity: decimalOrNull,
  averagePrice: decimalOrNull,
  marketValue: decimalOrNull,
  instrument: InstrumentWire,
})

export const AccountWire = z.object({
  securitiesAccount: z.object({
    type: textOrNull,
    accountId: idText,
    positions: z.array(PositionWire).nullish(),
    currentBalances: z
      .object({
        liquidationValue: decimalOrNull,
        cashBalance: decimalOrNull,
        totalCash: decimalOrNull,
        buyingPower: decimalOrNull,
        cashAvailableForTrading: decimalOrNull,
      })
      .nullish(),
  }),
})
export type AccountWire = z.output<typeof AccountWire>

const FeesWire = z.object({
  rFee: decimalOrNull,
  additionalFee: decimalOrNull,
  cdscFee: decimalOrNull,
  regFee: decimalOrNull,
  otherCharges: decimalOrNull,
  commission: decimalOrNull,
  optRegFee: decimalOrNull,
  secFee: decimalOrNull,
})
export type FeesWire = z.output<typeof FeesWire>

export const TransactionWire = z.compile(
  z.object({
    transactionId: idText,
    type: textOrNull,
    transactionSubType: textOrNull,
    description: textOrNull,
    transactionDate: instantOrNull,
    settlementDate: dayOrInstant,
    netAmount: decimalOrNull,
    orderId: idOrNull,
    fees: FeesWire.nullish(),
    transactionItem: z
      .object({
        amount: decimalOrNull,
        price: decimalOrNull,
        cost: decimalOrNull,
        instruction: textOrNull,
        positionEffect: textOrNull,
        instrument: InstrumentWire.nullish(),
      })
      .nullish(),
  }),
)
export type TransactionWire = z.output<typeof TransactionWire>

const ExecutionWire = z.object({
  executionType: textOrNull,
  executionLegs: z.array(z.object({ quantity: decimalOrNull, price: decimalOrNull, time: instantOrNull })).nullish(),
})

export const OrderWire = z.object({
  orderId: idText,
  orderType: textOrNull,
  duration: textOrNull,
  status: textOrNull,
  statusDescription: textOrNull,
  quantity: decimalOrNull,
  filledQuantity: decimalOrNull,
  price: decimalOrNull,
  stopPrice: decimalOrNull,
  enteredTime: instant,
  closeTime: instantOrNull,
  orderLegCollection: z.array(z.object({ instruction: textOrNull, instrument: InstrumentWire.nullish() })).nullish(),
  orderActivityCollection: z.array(ExecutionWire).nullish(),
  /** Orders that wait for this one, or that cancel each other. */
  childOrderStrategies: z.array(z.unknown()).nullish().catch(null),
})
export type OrderWire = z.output<typeof OrderWire>

/** Milliseconds since 1970, to the end of the year 9999. */
const epochMs = z.number().int().positive().max(253_402_300_799_999).nullish().catch(null)

/** Quotes by symbol. */
export const QuotesWire = z.record(
  z.string(),
  z.object({
    bidPrice: decimalOrNull,
    askPrice: decimalOrNull,
    lastPrice: decimalOrNull,
    nAV: decimalOrNull,
    closePrice: decimalOrNull,
    quoteTimeInLong: epochMs,
    tradeTimeInLong: epochMs,
    delayed: z.boolean().nullish(),
  }),
)
export type QuotesWire = z.output<typeof QuotesWire>
