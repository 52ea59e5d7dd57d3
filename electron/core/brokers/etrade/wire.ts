import { z } from 'zod'
import { Instant } from '../../../../shared/domain/time.ts'
import { decimalOrNull, idOrNull, idText, textOrNull } from '../wire.ts'

/**
 * What E*TRADE really sends, as far as Keelson uses it. Its JSON is translated from XML: a list of one may come as the one, numbers as
 * text, nothing as blanks, times in seconds or milliseconds, and names with a capital or without. Enums stay open: they are text here.
 */

const blankToNull = (value: unknown): unknown => (typeof value === 'string' && value.trim() === '' ? null : value)
const isNothing = (value: unknown): boolean => blankToNull(value ?? null) === null

/** Several, one, or none. */
function list<S extends z.ZodType>(schema: S) {
  const several = (value: unknown): unknown => (Array.isArray(value) ? value : isNothing(value) ? [] : [value])
  return z.unknown().optional().transform(several).pipe(z.array(schema))
}

/** A part that may be missing or blank. */
function part<S extends z.ZodType>(schema: S) {
  const present = (value: unknown): unknown => (isNothing(value) ? null : value)
  return z.unknown().optional().transform(present).pipe(schema.nullable())
}

const figure = z.unknown().optional().transform(blankToNull).pipe(decimalOrNull)
const word = z
  .unknown()
  .optional()
  .transform((value): unknown => (typeof value === 'number' ? String(value) : value))
  .pipe(textOrNull)
const SECONDS_END = 100_000_000_000
/** The end of the year 9999. */
const LAST_MS = 253_402_300_799_999

/** A time in seconds or in milliseconds since 1970, as a number or as text. 0, blanks and negative ones mean "unknown". */
const moment = z
  .unknown()
  .optional()
  .transform((value, ctx): Instant | null => {
    const stated = blankToNull(value ?? null) ?? 0
    const number = typeof stated === 'number' || typeof stated === 'string' ? Number(stated) : Number.NaN
    const ms = number < SECONDS_END ? number * 1000 : number
    if (Number.isSafeInteger(ms) && ms <= LAST_MS) return ms > 0 ? Instant.fromEpochMs(ms) : null
    ctx.addIssue({ code: 'custom', message: 'not a time' })
    return z.NEVER
  })

const ProductWire = z.object({
  symbol: word,
  securityType: word,
  callPut: word,
  expiryYear: figure,
  expiryMonth: figure,
  expiryDay: figure,
  strikePrice: figure,
  productId: part(z.object({ symbol: word })),
})
export type ProductWire = z.output<typeof ProductWire>

export const AccountWire = z.object({
  accountId: idText,
  accountIdKey: z.string().min(1),
  accountMode: word,
  accountDesc: word,
  accountName: word,
  accountType: word,
  accountStatus: word,
})
export type AccountWire = z.output<typeof AccountWire>

export const BalanceWire = z.object({
  BalanceResponse: z.object({
    Computed: part(
      z.object({
        cashBalance: figure,
        netCash: figure,
        marginBuyingPower: figure,
        cashBuyingPower: figure,
        cashAvailableForInvestment: figure,
        RealTimeValues: part(z.object({ totalAccountValue: figure })),
      }),
    ),
  }),
})
export type BalanceWire = z.output<typeof BalanceWire>

export const PositionWire = z.object({
  positionId: idOrNull,
  Product: ProductWire,
  symbolDescription: word,
  pricePaid: figure,
  quantity: figure,
  positionType: word,
  marketValue: figure,
  totalGain: figure,
})
export type PositionWire = z.output<typeof PositionWire>

/** Beside the positions of a page. */
export const PortfolioPages = z.object({
  PortfolioResponse: part(z.object({ AccountPortfolio: list(z.object({ totalPages: figure })), totalPages: figure })),
})

const BrokerageWire = z.object({
  transactionType: word,
  product: part(ProductWire),
  Product: part(ProductWire),
  quantity: figure,
  price: figure,
  fee: figure,
  settlementCurrency: word,
  displaySymbol: word,
  orderNo: idOrNull,
})

/** A row of the list (`brokerage.product`) or a transaction's detail (`Brokerage.Product`). */
export const TransactionWire = z.compile(
  z.object({
    transactionId: idText,
    transactionDate: moment,
    postDate: moment,
    amount: figure,
    description: word,
    transactionType: word,
    brokerage: part(BrokerageWire),
    Brokerage: part(BrokerageWire),
  }),
)
export type TransactionWire = z.output<typeof TransactionWire>

/** Beside the rows of a page. An answer without a body has none of it. */
export const HistoryPages = z.object({ TransactionListResponse: part(z.object({ marker: word, next: word })) })

const InstrumentWire = z.object({
  Product: part(ProductWire),
  orderAction: word,
  orderedQuantity: figure,
  quantity: figure,
  filledQuantity: figure,
  averageExecutionPrice: figure,
  osiKey: word,
})
export type InstrumentWire = z.output<typeof InstrumentWire>

const DetailWire = z.object({
  orderNumber: idOrNull,
  placedTime: moment,
  executedTime: moment,
  status: word,
  orderTerm: word,
  priceType: word,
  marketSession: word,
  allOrNone: z.union([z.boolean(), z.string()]).nullish(),
  limitPrice: figure,
  stopPrice: figure,
  Instrument: list(InstrumentWire),
  instrument: list(z.object({ Instrument: list(InstrumentWire) })),
})
export type DetailWire = z.output<typeof DetailWire>

export const OrderWire = z.object({
  orderId: idText,
  orderType: word,
  OrderDetail: list(DetailWire),
  Events: part(z.object({ Event: list(z.object({ dateTime: moment })) })),
})
export type OrderWire = z.output<typeof OrderWire>

/** Beside the orders of a page. */
export const OrderPages = z.object({ OrdersResponse: part(z.object({ marker: word, next: word })) })

const MessagesWire = part(z.object({ Message: list(z.object({ code: word, description: word, type: word })) }))
export type MessagesWire = z.output<typeof MessagesWire>

const PowerWire = part(z.object({ currentOrderImpact: figure }))

export const PreviewWire = z.object({
  PreviewOrderResponse: z.object({
    Order: list(z.object({ estimatedCommission: figure, estimatedFees: figure, estimatedTotalAmount: figure, messages: MessagesWire })),
    PreviewIds: list(z.object({ previewId: idText })),
    MessageList: MessagesWire,
    marginable: PowerWire,
    settledUnsettled: PowerWire,
    settled: PowerWire,
  }),
})
export type PreviewWire = z.output<typeof PreviewWire>

export const PlacedWire = z.object({ PlaceOrderResponse: z.object({ OrderIds: list(z.object({ orderId: idText })) }) })

export const CanceledWire = z.object({ CancelOrderResponse: z.object({ orderId: idText, Messages: MessagesWire }) })

export const QuoteWire = z.object({
  dateTimeUTC: moment,
  quoteStatus: word,
  All: part(z.object({ lastTrade: figure, bid: figure, ask: figure, previousClose: figure })),
  Product: ProductWire,
})
export type QuoteWire = z.output<typeof QuoteWire>
