import { hash } from 'node:crypto'
import { countedId, fingerprint, readCountedId, type Told } from '../ledger/fingerprint.ts'
import type { FileRow, FormatId } from './format.ts'

/** A row the account has already. */
export interface KnownRow extends Told {
  readonly externalId: string
  readonly status: FileRow['facts']['status']
  /** The format of the import it came with; null for a row the broker sent. */
  readonly source: FormatId | null
  /** The ids that earlier files of the kind being imported told it under. */
  readonly fileIds: readonly string[]
}

/** What a row of a file is compared by: what it says, or its whole text when it says nothing. */
export function printOf(row: FileRow): string {
  const { facts } = row
  return facts.amount === null && facts.quantity === null ? hash('sha256', row.raw).slice(0, 32) : fingerprint(facts)
}

/** The same of a row there already; one that says nothing carries it in its id. */
export function printOfKnown(row: KnownRow): string {
  return readCountedId(row.externalId)?.print ?? fingerprint(row)
}

/**
 * Ids for rows a file adds beside those there: the smallest ordinals that are free. Rows of the broker take the first ones, so that
 * an ordinal says which of several identical rows an imported one stands for.
 */
export function freeIds(print: string, there: readonly KnownRow[]): () => string {
  const taken = new Set(there.map(row => readCountedId(row.externalId)?.ordinal).filter(ordinal => ordinal !== undefined))
  let next = there.filter(row => readCountedId(row.externalId) === null).length
  return () => {
    do next += 1
    while (taken.has(next))
    taken.add(next)
    return countedId(print, next)
  }
}
