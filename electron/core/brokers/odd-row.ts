import { hash } from 'node:crypto'
import { AppError } from '../../../shared/contract/errors.ts'
import type { ActivityFacts } from '../../../shared/domain/activity.ts'
import { Dec } from '../../../shared/domain/decimal.ts'
import { Instant, LocalDate } from '../../../shared/domain/time.ts'
import { exchangeDay } from './exchange-day.ts'

/** Where a broker's rows of history say who they are. */
export interface OddRowNames {
  readonly id: string
  readonly type: string
  /** Fields that may name the day, the best first. */
  readonly days: readonly string[]
}

const MOST_ID = 200
const NAMELESS = 'odd-'

/**
 * A row of history that cannot be read as what it should be, as facts that claim nothing: kind `other`, no figures, under its own
 * id and day where it has them. The broker's text is stored beside it, so that nothing is lost and the rows around it count.
 */
export function oddRow(raw: string, names: OddRowNames, usualDay: LocalDate): ActivityFacts {
  const row = objectOf(raw)
  const id = field(row, names.id)
  return {
    externalId: id === null || id.length > MOST_ID ? `${NAMELESS}${hash('sha256', raw).slice(0, 32)}` : id,
    kind: 'other',
    brokerType: field(row, names.type) ?? 'unreadable',
    symbol: null,
    assetClass: null,
    side: null,
    positionEffect: null,
    quantity: null,
    price: null,
    amount: null,
    fees: Dec.zero,
    currency: 'USD',
    executedAt: null,
    tradeDate: names.days.map(name => dayIn(field(row, name))).find(day => day !== null) ?? usualDay,
    orderId: null,
    description: 'Keelson could not read this row. It is kept as the broker sent it.',
    status: 'final',
  }
}

/** Whether a row came without an id of its own. */
export function isNameless({ externalId }: ActivityFacts): boolean {
  return externalId.startsWith(NAMELESS)
}

/** The facts of a row by the broker's own map, or as an odd row when it fits neither schema nor map. */
export function readableFacts<T>(wire: T | null, map: (wire: T) => ActivityFacts, odd: () => ActivityFacts): ActivityFacts {
  if (wire === null) return odd()
  try {
    return map(wire)
  } catch (error) {
    if (error instanceof AppError && error.code === 'broker/unreadable') return odd()
    throw error
  }
}

function objectOf(raw: string): object {
  try {
    const value: unknown = JSON.parse(raw)
    return typeof value === 'object' && value !== null ? value : {}
  } catch {
    return {}
  }
}

function field(row: object, name: string): string | null {
  const value: unknown = Reflect.get(row, name)
  if (typeof value === 'number' && Number.isSafeInteger(value)) return String(value)
  return typeof value === 'string' && value.trim() !== '' ? value : null
}

function dayIn(text: string | null): LocalDate | null {
  if (text === null) return null
  if (LocalDate.is(text)) return text
  try {
    return exchangeDay(Instant.parse(text))
  } catch {
    return null
  }
}
