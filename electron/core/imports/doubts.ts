import { Dec } from '../../../shared/domain/decimal.ts'
import { type Told, toldDay } from '../ledger/fingerprint.ts'
import type { KnownRow } from './fingerprint.ts'
import type { FileRow, FormatId } from './format.ts'

export interface Settled {
  readonly verdict: 'already-there' | 'conflict'
  /** The ids of what the others tell in its place: one list for all rows of it. */
  readonly told: readonly string[]
  /** Of a conflict: what it contradicts, of the same quantity where there is such a row. */
  readonly against: KnownRow | null
}

/**
 * Rows that no row of the account equals, held against what the account has on the same day and this file does not tell. Trades of a
 * day, symbol and side that come to the same quantity and cash are the same ones, cut differently (orders and fills): already there.
 * Those that do not contradict what the broker or a file of another kind told. Against an earlier file of the same kind, which cuts
 * its rows alike, a row contradicts one of the same quantity: that file told of this day as well, and had they been two rows, this
 * file would tell both. Other rows of the same symbol, kind and quantity contradict each other. All rows not answered are new.
 */
export function settleDoubts(rows: readonly FileRow[], others: readonly KnownRow[], format: FormatId): Map<FileRow, Settled> {
  const doubts = new Map<FileRow, Settled>()
  const known = Map.groupBy(others, placeOf)
  for (const [place, group] of Map.groupBy(rows, row => placeOf(row.facts))) {
    const told = known.get(place)
    if (!told || group[0]?.facts.symbol === null) continue
    const answer = told.every(({ source }) => source === format) ? heldAgainstKin : heldAgainst
    for (const [row, settled] of answer(group, told)) doubts.set(row, settled)
  }
  return doubts
}

type Answers = readonly (readonly [FileRow, Settled])[]

function heldAgainst(group: readonly FileRow[], told: readonly KnownRow[]): Answers {
  return all(comeToTheSame(group, told) ? 'already-there' : 'conflict', group, told)
}

/** Rows of one quantity are told apart only by their figures; the rest may still be the same trades cut differently. */
function heldAgainstKin(group: readonly FileRow[], told: readonly KnownRow[]): Answers {
  const [here, there] = [new Set(group.map(({ facts }) => facts.quantity)), new Set(told.map(({ quantity }) => quantity))]
  const [alike, apart] = [group.filter(row => there.has(row.facts.quantity)), group.filter(row => !there.has(row.facts.quantity))]
  const rest = told.filter(({ quantity }) => !here.has(quantity))
  return [...all('conflict', alike, told), ...(comeToTheSame(apart, rest) ? all('already-there', apart, rest) : [])]
}

function all(verdict: Settled['verdict'], rows: readonly FileRow[], told: readonly KnownRow[]): Answers {
  const ids = told.map(({ externalId }) => externalId)
  const against = ({ facts }: FileRow): KnownRow | null => told.find(({ quantity }) => quantity === facts.quantity) ?? told[0] ?? null
  return rows.map(row => [row, { verdict, told: ids, against: verdict === 'conflict' ? against(row) : null }])
}

/** Where two sources may speak of the same thing: a day's trades of a symbol on one side, or its other rows of one kind and quantity. */
function placeOf(row: Told): string {
  const { kind, symbol, side, quantity } = row
  return [toldDay(row), symbol ?? '', kind, kind === 'trade' ? (side ?? '') : (quantity ?? '')].join('\u001f')
}

/** Only trades are cut into parts, and only where there are some. What nobody tells is no agreement. */
function comeToTheSame(rows: readonly FileRow[], others: readonly Told[]): boolean {
  const facts = rows.map(row => row.facts)
  if (facts.length === 0 || others.length === 0 || facts.some(({ kind }) => kind !== 'trade')) return false
  return isSameTotal(facts, others, 'quantity') && isSameTotal(facts, others, 'amount')
}

function isSameTotal(rows: readonly Told[], others: readonly Told[], field: 'quantity' | 'amount'): boolean {
  const sum = total(rows, field)
  return sum !== null && sum === total(others, field)
}

function total(rows: readonly Told[], field: 'quantity' | 'amount'): Dec | null {
  const values = rows.map(row => row[field]).filter(value => value !== null)
  return values.length === rows.length ? Dec.sum(values) : null
}
