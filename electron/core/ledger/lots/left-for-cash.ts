import { Dec } from '../../../../shared/domain/decimal.ts'
import { LocalDate } from '../../../../shared/domain/time.ts'
import { isCashInLieu, MOST_DAYS, NEAR_DAYS, statedFraction } from './cash-in-lieu.ts'
import type { Moves } from './joined-rows.ts'
import type { LotRow } from './lot-row.ts'

const ONE = Dec.of('1')

export interface LeftForCash {
  readonly rows: readonly LotRow[]
  /** By the broker's ids: they were closed, and nobody says for how much. */
  readonly unpaid: ReadonlySet<string>
}

const NONE: ReadonlySet<string> = new Set()

/**
 * Shares that left by a corporate action beside cash in lieu, with nothing told to come for them. Where a ratio says that less than one share
 * was due, all of them were sold for the cash; else something that came is missing, and what they made is unknown.
 */
export function leftForCash(rows: readonly LotRow[], { overrides, exchanged }: Pick<Moves, 'overrides' | 'exchanged'>): LeftForCash {
  const paid = rows.filter(isCashInLieu)
  if (paid.length === 0) return { rows, unpaid: NONE }
  const moving = rows.filter(isAction)
  const unpaid = new Set<string>()
  const changed = new Map<LotRow, LotRow>()
  for (const cash of paid) {
    const gone = goneBefore(moving, cash)
    if (gone.some(({ externalId }) => exchanged?.has(externalId) === true)) continue
    const [only] = gone
    if (gone.length === 1 && only && overrides?.get(only.externalId)?.price === undefined && isAllDue(only, cash)) {
      changed.set(only, { ...only, amount: Dec.add(changed.get(only)?.amount ?? Dec.zero, cash.amount ?? Dec.zero) })
      changed.set(cash, { ...cash, amount: null, quantity: null })
    } else for (const { externalId } of gone) unpaid.add(externalId)
  }
  return { rows: changed.size === 0 ? rows : rows.map(row => changed.get(row) ?? row), unpaid }
}

/** A row of shares that moved beside no money, which the cash of a row of its own may be for. */
const isAction = (row: LotRow): boolean => (row.kind === 'corporate-action' || row.kind === 'split') && !isNothing(row.quantity) && !isCashInLieu(row)

/** What left last before some cash; nothing where any of it was paid for or only a fraction, where others came, or where it was a split. */
function goneBefore(moving: readonly LotRow[], { tradeDate }: LotRow): readonly LotRow[] {
  const first = LocalDate.plusDays(tradeDate, -MOST_DAYS)
  const before = moving.filter(row => row.tradeDate >= first && row.tradeDate <= tradeDate)
  const day = before.reduce<LocalDate | null>((last, row) => (last === null || row.tradeDate > last ? row.tradeDate : last), null)
  if (day === null) return []
  const [from, to] = [LocalDate.plusDays(day, -NEAR_DAYS), LocalDate.plusDays(day, NEAR_DAYS)]
  const cameNear = moving.some(row => isIn(row) && row.tradeDate >= from && row.tradeDate <= to)
  const gone = before.filter(row => row.tradeDate === day)
  return cameNear || gone.some(row => row.kind === 'split' || !isNothing(row.amount) || isFraction(row)) ? [] : gone
}

const isNothing = (value: Dec | null): boolean => value === null || Dec.isZero(value)
const isIn = ({ quantity }: LotRow): boolean => quantity !== null && !Dec.isNegative(quantity)
const isFraction = ({ quantity }: LotRow): boolean => quantity !== null && Dec.cmp(Dec.abs(quantity), ONE) < 0

const isAllDue = (gone: LotRow, cash: LotRow): boolean => statedFraction(Dec.abs(gone.quantity ?? Dec.zero), Dec.zero, [gone, cash]) !== null
