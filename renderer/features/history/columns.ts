import type { ActivityRow } from '../../../shared/contract/schemas.ts'
import { formatPrice, formatQuantity } from '../../lib/format/index.ts'
import { amountText, feesText, signedQuantity } from './row-text.ts'

/** Pixels the columns of figures need so that no figure is ever cut, and the whole line with them. */
export interface ColumnWidths {
  readonly quantity: number
  readonly price: number
  readonly amount: number
  readonly fees: number
  readonly line: number
}

const FIGURE = 8.4
const MARK = 4.2
const LEAST = { quantity: 72, price: 72, amount: 92, fees: 60 } as const
const TIME = 62
const INSTRUMENT = 168
const SIDE = 92
const ACCOUNT = 172
const BADGE = 66
const GAPS = 7 * 14 + 24

/** How wide the figures of these rows are. `badges` leaves room for each row's environment. */
export function columnWidths(rows: readonly ActivityRow[], currency: string | null, badges: boolean): ColumnWidths {
  let quantity: number = LEAST.quantity
  let price: number = LEAST.price
  let amount: number = LEAST.amount
  let fees: number = LEAST.fees
  for (const row of rows) {
    const signed = signedQuantity(row)
    if (signed !== null) quantity = Math.max(quantity, textWidth(formatQuantity(signed)))
    if (row.price !== null) price = Math.max(price, textWidth(formatPrice(row.price)))
    amount = Math.max(amount, textWidth(amountText(row, currency)))
    fees = Math.max(fees, textWidth(feesText(row, currency)))
  }
  const line = TIME + INSTRUMENT + SIDE + quantity + price + amount + fees + ACCOUNT + (badges ? BADGE : 0) + GAPS
  return { quantity, price, amount, fees, line }
}

/** The columns of a line, as the grid's template. */
export function lineTemplate({ quantity, price, amount, fees }: ColumnWidths, badges: boolean): string {
  const account = ACCOUNT + (badges ? BADGE : 0)
  return `${TIME}px minmax(${INSTRUMENT}px, 1.6fr) ${SIDE}px minmax(${quantity}px, 0.9fr) minmax(${price}px, 0.8fr) minmax(${amount}px, 1fr) ${fees}px minmax(${account}px, 1.35fr)`
}

function textWidth(text: string): number {
  const marks = text.replace(/[^.,\s]/g, '').length
  return Math.ceil((text.length - marks) * FIGURE + marks * MARK) + 2
}
