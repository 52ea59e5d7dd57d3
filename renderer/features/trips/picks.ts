import type { LotView, RealizationView } from '../../../shared/contract/ledger.ts'
import { Dec } from '../../../shared/domain/decimal.ts'
import type { LocalDate } from '../../../shared/domain/time.ts'
import { readDec } from '../../lib/read-dec.ts'
import type { Picks } from '../../state/ledger.ts'

/** A lot a closing may take: as much of it as is there. */
export interface Candidate {
  readonly lot: string
  readonly day: LocalDate
  /** Unsigned. */
  readonly most: Dec
  /** Taken now, unsigned. */
  readonly taken: Dec
  readonly costPerUnit: Dec | null
}

/** The lots a closing takes now, and those that are open and older than it, oldest first. */
export function candidatesOf(closed: readonly RealizationView[], open: readonly LotView[], closeDay: LocalDate): Candidate[] {
  const found = new Map<string, Candidate>()
  for (const { openKey, openDay, quantity } of closed) {
    const before = found.get(openKey)
    const taken = Dec.add(before?.taken ?? Dec.zero, Dec.abs(quantity))
    found.set(openKey, { lot: openKey, day: openDay, most: taken, taken, costPerUnit: null })
  }
  for (const { key, day, quantity, costPerUnit } of open) {
    if (day > closeDay) continue
    const before = found.get(key)
    found.set(key, {
      lot: key,
      day,
      most: Dec.add(before?.most ?? Dec.zero, Dec.abs(quantity)),
      taken: before?.taken ?? Dec.zero,
      costPerUnit,
    })
  }
  return [...found.values()].toSorted((a, b) => (a.day === b.day ? (a.lot < b.lot ? -1 : 1) : a.day < b.day ? -1 : 1))
}

interface Read {
  readonly picks: Picks | null
  readonly problem: string | null
}

/** What the typed quantities say, against what the closing has to take. */
export function readPicks(candidates: readonly Candidate[], typed: Readonly<Record<string, string>>, quantity: Dec): Read {
  const picks = []
  let sum = Dec.zero
  for (const { lot, most } of candidates) {
    const text = typed[lot]?.trim() ?? ''
    if (text === '') continue
    const value = readDec(text)
    if (value === undefined || Dec.isNegative(value)) return { picks: null, problem: `${text} is no quantity.` }
    if (Dec.cmp(value, most) > 0) return { picks: null, problem: `A lot has ${most} at most.` }
    sum = Dec.add(sum, value)
    if (!Dec.isZero(value)) picks.push({ lot, quantity: value })
  }
  if (Dec.cmp(sum, quantity) > 0) return { picks: null, problem: `Together they are ${sum}; the closing takes ${quantity}.` }
  return picks.length === 0 ? { picks: null, problem: null } : { picks, problem: null }
}
