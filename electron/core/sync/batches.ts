import type { AccountId } from '../../../shared/domain/ids.ts'
import type { PackedRows } from '../ledger/packed-rows.ts'
import type { Clock } from '../ports.ts'
import type { HistoryState } from './plan.ts'
import type { WriteBatch, WriteCounts } from './protocol.ts'
import type { Lease } from './writer.ts'

/** A commit holds this many rows, or what a quarter of a second brought. */
export const BATCH_ROWS = 2500
const BATCH_MS = 250
const MOST_UNDER_WAY = 2

/** Collects the pages of one account into commits of a good size. */
export interface Batches {
  /** Takes the rows of a page with the state that is true once they are saved. Waits while the writer is behind; rejects when it failed. */
  add(rows: readonly PackedRows[], history: HistoryState): Promise<void>
  /** Sends what is left and waits for every commit. */
  drain(): Promise<void>
}

export interface BatchesDeps {
  readonly lease: Pick<Lease, 'write'>
  readonly accountId: AccountId
  readonly clock: Clock
  readonly onCommit: (counts: WriteCounts, rows: number) => void
}

export function createBatches({ lease, accountId, clock, onCommit }: BatchesDeps): Batches {
  let pages: PackedRows[] = []
  let count = 0
  let history: HistoryState | undefined
  let stopTimer: (() => void) | undefined
  const underWay: Promise<void>[] = []
  let failure: { readonly error: unknown } | undefined
  let before: Promise<void> = Promise.resolve()

  const send = (): void => {
    stopTimer?.()
    stopTimer = undefined
    if (!history || failure) return
    const batch = { accountId, pages, history, at: clock.now() }
    const rows = count
    pages = []
    count = 0
    history = undefined
    before = before.then(() => commit(batch, rows))
    underWay.push(before.then(() => void underWay.shift()))
  }
  /** A batch follows only a saved one: its cursor stands for the rows before it too. */
  const commit = async (batch: WriteBatch, rows: number): Promise<void> => {
    if (failure) return
    try {
      onCommit(await lease.write(batch), rows)
    } catch (error) {
      failure = { error }
    }
  }
  const check = (): void => {
    if (failure) throw failure.error
  }
  return {
    async add(more, state) {
      check()
      pages.push(...more)
      count += more.reduce((sum, { width, cuts }) => sum + (width === 0 ? 0 : cuts.length / width), 0)
      history = state
      if (count >= BATCH_ROWS) send()
      else stopTimer ??= clock.after(BATCH_MS, send)
      if (underWay.length >= MOST_UNDER_WAY) await underWay[0]
      check()
    },
    async drain() {
      send()
      await Promise.all(underWay)
      check()
    },
  }
}
