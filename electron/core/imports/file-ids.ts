import { type Bench, firstFree, isThere } from './bench.ts'
import { type KnownRow, printOf, printOfKnown } from './fingerprint.ts'

/** Finds rows that say the same as one that an earlier file of their kind told under the same id. */
export function findByFileIds({ there, used, found, left }: Bench): void {
  const known = byId(there, (id, row) => `${printOfKnown(row)} ${id}`)
  if (known.size === 0) return
  for (const row of left()) {
    const match = row.ownId === null ? undefined : firstFree(known.get(`${printOf(row)} ${row.ownId}`), used)
    if (!match) continue
    used.add(match)
    found.set(row, isThere(match.externalId))
  }
}

/**
 * Doubts rows that would be added under an id that an earlier file of their kind gave to a row this file does not tell: the same id for
 * other facts, on whatever day. As many as that file told; what comes under the id beside them is new.
 */
export function doubtFileIds({ rows, there, used, found }: Bench): void {
  const known = byId(there, id => id)
  for (const row of rows) {
    const finding = found.get(row)
    if (row.ownId === null || !finding || (finding.verdict !== 'new' && finding.verdict !== 'unknown')) continue
    const other = firstFree(known.get(row.ownId), used)
    if (!other) continue
    used.add(other)
    found.set(row, { ...finding, verdict: 'conflict', addable: true, against: other })
  }
}

function byId(there: readonly KnownRow[], key: (id: string, row: KnownRow) => string): Map<string, Iterator<KnownRow>> {
  const named = there.flatMap(row => row.fileIds.map(id => ({ row, name: key(id, row) })))
  return new Map([...Map.groupBy(named, ({ name }) => name)].map(([name, group]) => [name, group.map(({ row }) => row).values()]))
}
