import { LimitsSchema, type LimitsView } from '../../../shared/contract/orders.ts'
import { STARTING_LIMITS } from '../../../shared/domain/order-limits.ts'
import { positiveOf } from '../../lib/ticket.ts'

export type LimitField = Exclude<keyof LimitsView, 'allow' | 'deny'>

export interface LimitSpec {
  readonly field: LimitField
  readonly label: string
  readonly hint: string
  readonly kind: 'money' | 'units' | 'percent' | 'count' | 'seconds'
  /** Cannot be raised on a day with orders. */
  readonly isDaily?: boolean
}

/** The limits in the order they are shown. */
export const LIMIT_SPECS: readonly LimitSpec[] = [
  { field: 'maxNotional', label: 'Value of one order', hint: 'At its worst price, fees left out.', kind: 'money' },
  { field: 'maxQuantity', label: 'Quantity of one order', hint: 'In shares, contracts or units.', kind: 'units' },
  { field: 'maxPosition', label: 'Value of one position', hint: 'After the order and all that works for it.', kind: 'money' },
  { field: 'maxOpenValue', label: 'Value of all working orders', hint: 'Together, with the new one.', kind: 'money' },
  { field: 'maxDailyLoss', label: 'Loss in a day', hint: 'Beyond it only closing is possible.', kind: 'money', isDaily: true },
  { field: 'ordersPerDay', label: 'Orders in a day', hint: 'Beyond it only closing is possible.', kind: 'count', isDaily: true },
  { field: 'ordersPerMinute', label: 'Orders in a minute', hint: '1 to 60.', kind: 'count' },
  { field: 'collarPercent', label: 'Distance from the market', hint: 'A price further away is taken for a slip.', kind: 'percent' },
  { field: 'quoteMaxAgeMs', label: 'Age of a price', hint: 'Older ones say nothing about now.', kind: 'seconds' },
]

/** What stands in the form, by field; `allow` and `deny` are lists of symbols. */
export type LimitsForm = Readonly<Record<LimitField | 'allow' | 'deny', string>>

export function limitsForm(limits: LimitsView | undefined): LimitsForm {
  const { allow, deny, quoteMaxAgeMs, ordersPerMinute, ordersPerDay, ...figures } = limits ?? STARTING_LIMITS
  return {
    ...figures,
    ordersPerMinute: String(ordersPerMinute),
    ordersPerDay: String(ordersPerDay),
    quoteMaxAgeMs: String(quoteMaxAgeMs / 1000),
    allow: (allow ?? []).join(', '),
    deny: deny.join(', '),
  }
}

const symbols = (text: string): string[] => [
  ...new Set(
    text
      .toUpperCase()
      .split(/[\s,;]+/)
      .filter(Boolean),
  ),
]

type Read =
  | { readonly ok: true; readonly limits: LimitsView }
  | { readonly ok: false; readonly problems: Readonly<Partial<Record<LimitField, string>>> }

/** The limits that were typed, or what is wrong with them by field. */
export function readLimits(form: LimitsForm): Read {
  const figures = FIGURES.map(field => [field, positiveOf(form[field]) ?? ''] as const)
  const counts = COUNTS.map(field => [field, numberOf(form[field])] as const)
  const allow = symbols(form.allow)
  const read = LimitsSchema.safeParse({
    ...Object.fromEntries([...figures, ...counts]),
    quoteMaxAgeMs: Math.round(numberOf(form.quoteMaxAgeMs) * 1000),
    allow: allow.length === 0 ? null : allow,
    deny: symbols(form.deny),
  })
  if (read.success) return { ok: true, limits: read.data }
  const wrong = new Set(read.error.issues.map(({ path }) => path[0]))
  return {
    ok: false,
    problems: Object.fromEntries(LIMIT_SPECS.filter(({ field }) => wrong.has(field)).map(({ field, kind }) => [field, WRONG[kind]])),
  }
}

const FIGURES = ['maxQuantity', 'maxNotional', 'maxPosition', 'maxOpenValue', 'maxDailyLoss', 'collarPercent'] as const
const COUNTS = ['ordersPerMinute', 'ordersPerDay'] as const

const WRONG: Readonly<Record<LimitSpec['kind'], string>> = {
  money: 'An amount above zero.',
  units: 'A figure above zero.',
  percent: 'Per cent above zero, such as 5.',
  count: 'A whole number: at most 60 a minute and 10,000 a day.',
  seconds: 'Seconds from 0.5 to 60.',
}

/** A plain number such as `12` or `0.5`; NaN, which no limit can be, for anything else. */
function numberOf(text: string): number {
  const plain = positiveOf(text) ?? ''
  return /^\d{1,6}(?:\.\d)?$/.test(plain) ? Number(plain) : Number.NaN
}
