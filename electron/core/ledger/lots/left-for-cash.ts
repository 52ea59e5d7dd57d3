import { Dec } from '../../../../shared/domain/decimal.ts'
import { LocalDate } from '../../../../shared/domain/time.ts'
import { MOST_DAYS, NEAR_DAYS, speaksOfCashInLieu, statedFraction } from './cash-in-lieu.ts'
import type { Moves } from './joined-rows.ts'
import type { LotRow } from './lot-row.ts'

const ONE = Dec.of('1')

export interface LeftForCash {
  readonly rows: readonly LotRow[]
  /** By the broker's ids: they were closed, and nobody says for how much. */
  readonly unpaid: ReadonlySet<string>
}

/** What is known of rows that left, and of cash in lieu. */
export interface LeavingKnown {
  readonly moves: Pick<Moves, 'overrides' | 'exchanged'>
  /** The rows as they were before any was joined with another. */
  readonly own: readonly LotRow[]
  /** Cash that was paid for fractions splits left, by the broker's ids. */
  readonly ofSplits: () => ReadonlySet<string>
}

const NONE: ReadonlySet<string> = new Set()

/**
 * Shares that left by a corporate action beside cash in lieu, with nothing told to come for them. Where a ratio says that less than one share
 * was due, all of them were sold for the cash; else, where it came within days, something that came is missing, and what they made is unknown.
 * Cash that was taken back and paid again counts once, and cash for the fraction of a split for that alone.
 */
export function leftForCash(rows: readonly LotRow[], { moves: { overrides, exchanged }, own, ofSplits }: LeavingKnown): LeftForCash {
  const told = new Set(own.filter(isCash).map(({ externalId }) => externalId))
  if (told.size === 0) return { rows, unpaid: NONE }
  const isPaid = ({ externalId }: LotRow): boolean => told.has(externalId)
  const moving = rows.filter(row => isAction(row) && !isPaid(row))
  const unpaid = new Set<string>()
  const changed = new Map<LotRow, LotRow>()
  let taken: ReadonlySet<string> | null = null
  for (const [, beside] of Map.groupBy(rows.filter(isPaid).map(cash => ({ cash, gone: goneBefore(moving, cash) })), ({ gone: [first] }) => first)) {
    const gone = beside[0]?.gone ?? []
    const [only] = gone
    if (!only || gone.some(({ externalId }) => exchanged?.has(externalId) === true)) continue
    const all = beside.map(({ cash }) => cash)
    const isOne = gone.length === 1 && overrides?.get(only.externalId)?.price === undefined
    const paid = isOne && isAllDue(only, [only]) ? all : notOf((taken ??= ofSplits()), all)
    const amount = Dec.sum(paid.map(cash => cash.amount ?? Dec.zero))
    if (Dec.cmp(amount, Dec.zero) <= 0) continue
    if (isOne && isAllDue(only, [only, ...paid])) {
      changed.set(only, { ...only, amount })
      for (const cash of paid) changed.set(cash, { ...cash, amount: null, quantity: null })
    } else if (paid.some(cash => isNear(only, cash))) for (const { externalId } of gone) unpaid.add(externalId)
  }
  return { rows: changed.size === 0 ? rows : rows.map(row => changed.get(row) ?? row), unpaid }
}

/** What a split's own cash leaves for others; nothing where some was taken back, which may be that. */
function notOf(ofSplits: ReadonlySet<string>, all: readonly LotRow[]): readonly LotRow[] {
  const rest = all.filter(({ externalId }) => !ofSplits.has(externalId))
  return rest.length < all.length && rest.some(({ amount }) => amount?.startsWith('-') === true) ? [] : rest
}

/** A row of cash in lieu, or of such cash taken back. */
const isCash = (row: LotRow): boolean =>
  speaksOfCashInLieu(row) && !isNothing(row.amount) && (isNothing(row.quantity) || row.amount?.startsWith('-') !== true)

/** A row of shares that moved, which the cash of a row of its own may be for. */
const isAction = (row: LotRow): boolean => (row.kind === 'corporate-action' || row.kind === 'split') && !isNothing(row.quantity)

const isNear = (gone: LotRow, cash: LotRow): boolean => cash.tradeDate <= LocalDate.plusDays(gone.tradeDate, NEAR_DAYS)

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

const isAllDue = (gone: LotRow, stated: readonly LotRow[]): boolean => statedFraction(Dec.abs(gone.quantity ?? Dec.zero), Dec.zero, stated) !== null
