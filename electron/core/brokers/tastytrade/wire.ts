import { z } from 'zod'
import { dayOrInstant, decimal, decimalOrNull, idOrNull, idText, instantOrNull, textOrNull } from '../wire.ts'

/**
 * What tastytrade really sends, as far as Keelson uses it. The published schema says numbers where real payloads have text: both are
 * read. Amounts are unsigned beside an effect (`Credit`, `Debit`, `None`). Enums stay open: they are text here, given a meaning in map.ts.
 */

const effect = textOrNull

export const AccountWire = z.object({
  account: z.object({
    'account-number': idText,
    nickname: textOrNull,
    'account-type-name': textOrNull,
    'margin-or-cash': textOrNull,
    'is-closed': z.boolean().nullish(),
  }),
})
export type AccountWire = z.output<typeof AccountWire>

export const BalanceWire = z.object({
  data: z.object({
    currency: textOrNull,
    'cash-balance': decimalOrNull,
    'cash-balance-effect': effect,
    'net-liquidating-value': decimalOrNull,
    'net-liquidating-value-effect': effect,
    'equity-buying-power': decimalOrNull,
    'equity-buying-power-effect': effect,
  }),
})
export type BalanceWire = z.output<typeof BalanceWire>

export const PositionWire = z.object({
  symbol: z.string().trim().min(1),
  'instrument-type': textOrNull,
  quantity: decimal,
  'quantity-direction': textOrNull,
  'average-open-price': decimalOrNull,
  multiplier: decimalOrNull,
  mark: decimalOrNull,
  'mark-price': decimalOrNull,
  currency: textOrNull,
})
export type PositionWire = z.output<typeof PositionWire>

/** Compiled: history is read 250 rows a page. */
export const TransactionWire = z.compile(
  z.object({
    id: idText,
    'transaction-type': textOrNull,
    'transaction-sub-type': textOrNull,
    description: textOrNull,
    action: textOrNull,
    symbol: textOrNull,
    'instrument-type': textOrNull,
    quantity: decimalOrNull,
    price: decimalOrNull,
    'executed-at': instantOrNull,
    'transaction-date': dayOrInstant,
    value: decimalOrNull,
    'value-effect': effect,
    'net-value': decimalOrNull,
    'net-value-effect': effect,
    commission: decimalOrNull,
    'commission-effect': effect,
    'clearing-fees': decimalOrNull,
    'clearing-fees-effect': effect,
    'regulatory-fees': decimalOrNull,
    'regulatory-fees-effect': effect,
    'proprietary-index-option-fees': decimalOrNull,
    'proprietary-index-option-fees-effect': effect,
    'other-charge': decimalOrNull,
    'other-charge-effect': effect,
    'currency-conversion-fees': decimalOrNull,
    'currency-conversion-fees-effect': effect,
    currency: textOrNull,
    'order-id': idOrNull,
    'reverses-id': idOrNull,
  }),
)
export type TransactionWire = z.output<typeof TransactionWire>

/** One transaction, asked for by its id. */
export const TransactionAnswer = z.object({ data: TransactionWire })

/** Beside the rows of a page. */
export const PagesWire = z.object({ pagination: z.object({ 'total-pages': z.coerce.number().int().nonnegative() }).nullish() })
export type PagesWire = z.output<typeof PagesWire>

const FillWire = z.object({ quantity: decimalOrNull, 'fill-price': decimalOrNull, 'filled-at': instantOrNull })

const LegWire = z.object({
  'instrument-type': textOrNull,
  symbol: textOrNull,
  action: textOrNull,
  quantity: decimalOrNull,
  'remaining-quantity': decimalOrNull,
  fills: z.array(FillWire).nullish(),
})
export type LegWire = z.output<typeof LegWire>

export const OrderWire = z.object({
  // A dry run has none.
  id: idOrNull,
  'time-in-force': textOrNull,
  'order-type': textOrNull,
  size: decimalOrNull,
  price: decimalOrNull,
  'stop-trigger': decimalOrNull,
  status: textOrNull,
  'reject-reason': textOrNull,
  edited: z.boolean().nullish(),
  /** Our own id, as it was sent. */
  'external-identifier': textOrNull.catch(null),
  'received-at': instantOrNull,
  'cancelled-at': instantOrNull,
  'terminal-at': instantOrNull,
  // Milliseconds since 1970 as a number, unlike the other times.
  'updated-at': z.union([z.number(), z.string()]).nullish(),
  legs: z.array(LegWire).nullish(),
})
export type OrderWire = z.output<typeof OrderWire>

export const OrderAnswer = z.object({ data: OrderWire })

const NoteWire = z.object({ code: textOrNull, message: textOrNull })

/** A dry run, a placed order: the order beside what it would do. */
export const PlacedWire = z.object({
  data: z.object({
    order: OrderWire.nullish(),
    warnings: z.array(NoteWire).nullish(),
    errors: z.array(NoteWire).nullish(),
    'buying-power-effect': z.object({ 'change-in-buying-power': decimalOrNull, 'change-in-buying-power-effect': effect }).nullish(),
    'fee-calculation': z.object({ 'total-fees': decimalOrNull, 'total-fees-effect': effect }).nullish(),
  }),
})
export type PlacedWire = z.output<typeof PlacedWire>

export const MarketDataWire = z.object({
  symbol: z.string().trim().min(1),
  'instrument-type': textOrNull,
  bid: decimalOrNull,
  ask: decimalOrNull,
  last: decimalOrNull,
  'prev-close': decimalOrNull,
  'updated-at': instantOrNull,
})
export type MarketDataWire = z.output<typeof MarketDataWire>
