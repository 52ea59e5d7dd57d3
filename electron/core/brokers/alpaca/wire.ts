import { z } from 'zod'
import { dayOrInstant, decimal, decimalOrNull, idText, instant, instantOrNull, textOrNull } from '../wire.ts'

/** What Alpaca really sends, as far as Keelson uses it. Enums stay open: they are text here and given a meaning in map.ts. */

export const AccountWire = z.object({
  id: idText,
  account_number: textOrNull,
  currency: textOrNull,
  equity: decimalOrNull,
  cash: decimalOrNull,
  buying_power: decimalOrNull,
  multiplier: textOrNull.catch(null),
})
export type AccountWire = z.output<typeof AccountWire>

export const PositionWire = z.object({
  symbol: z.string().trim().min(1),
  asset_class: textOrNull,
  qty: decimal,
  side: textOrNull,
  avg_entry_price: decimalOrNull,
  market_value: decimalOrNull,
  unrealized_pl: decimalOrNull,
})
export type PositionWire = z.output<typeof PositionWire>

export const OrderWire = z.object({
  id: idText,
  symbol: textOrNull,
  side: textOrNull,
  type: textOrNull,
  order_type: textOrNull,
  time_in_force: textOrNull,
  status: z.string(),
  qty: decimalOrNull,
  filled_qty: decimalOrNull,
  filled_avg_price: decimalOrNull,
  limit_price: decimalOrNull,
  stop_price: decimalOrNull,
  notional: decimalOrNull.catch(null),
  trail_price: decimalOrNull.catch(null),
  trail_percent: decimalOrNull.catch(null),
  /** `buy_to_open` and the like. */
  position_intent: textOrNull.catch(null),
  extended_hours: z.boolean().nullish().catch(null),
  client_order_id: textOrNull.catch(null),
  created_at: instant,
  submitted_at: instantOrNull,
  updated_at: instantOrNull,
})
export type OrderWire = z.output<typeof OrderWire>

/** Fills carry `transaction_time`; everything else carries `date`. Compiled: history is read a hundred rows a page. */
export const ActivityWire = z.compile(
  z.object({
    id: z.string().min(1),
    activity_type: z.string().min(1),
    type: z.string().nullish(),
    transaction_time: instantOrNull,
    date: dayOrInstant,
    symbol: z.string().nullish(),
    side: z.string().nullish(),
    qty: decimalOrNull,
    price: decimalOrNull,
    net_amount: decimalOrNull,
    order_id: z.string().nullish(),
    currency: z.string().nullish(),
    description: z.string().nullish(),
    status: z.string().nullish(),
  }),
)
export type ActivityWire = z.output<typeof ActivityWire>
