import { AppError } from '../../../shared/contract/errors.ts'
import type { Clock } from '../ports.ts'
import { appraise, type AppraiseDeps, type Candidate } from './appraise.ts'
import { areBooksBehind } from './loss-of-all.ts'

/**
 * Lets the books take in what the history got a moment ago, where an order is stopped only because without it nobody can tell what today
 * has lost, in its account or in another one that counts. Answers whether that is known now; after some seconds, or when the books fail,
 * it stays unknown. An order that closes is never kept waiting. Throws app/canceled.
 */
export type CatchUp = (candidate: Candidate, options: { readonly signal: AbortSignal }) => Promise<boolean>

/** What a sync brings takes far less; a whole history takes longer than anybody waits for a review. */
const WITHIN_MS = 5_000
/** A sync may bring more while the books take in what it brought before. */
const MOST_TURNS = 3

/** `settleBooks` computes what waits in the ledger, and never rejects. */
export function createCatchUp(deps: AppraiseDeps, settleBooks: () => Promise<void>): CatchUp {
  const { clock, db } = deps.core
  const isUnknown = (candidate: Candidate): boolean => appraise(deps, candidate).stops.some(isLossUnknown)
  return async (candidate, { signal }) => {
    const { venue, environment } = candidate
    const isBehind = (): boolean =>
      areBooksBehind({ reader: db.reader, switches: deps.switches }, { account: venue.account, environment }, clock.now())
    if (!isBehind() || !isUnknown(candidate)) return false
    for (let turn = 0; turn < MOST_TURNS && isBehind(); turn += 1) if (!(await settledWithin(settleBooks, clock, signal))) break
    return !isUnknown(candidate)
  }
}

/** Whether something is a stop of an order because nobody can tell what today has lost. */
export function isLossUnknown(cause: unknown): boolean {
  return cause instanceof AppError && (cause.code === 'order/stopped-loss-unknown' || cause.code === 'order/stopped-loss-unknown-all')
}

/** False when it took too long. */
async function settledWithin(settleBooks: () => Promise<void>, clock: Clock, signal: AbortSignal): Promise<boolean> {
  if (signal.aborted) throw new AppError('app/canceled')
  const enough = Promise.withResolvers<boolean>()
  const stopTimer = clock.after(WITHIN_MS, () => enough.resolve(false))
  const cancel = (): void => enough.reject(new AppError('app/canceled'))
  signal.addEventListener('abort', cancel, { once: true })
  try {
    return await Promise.race([settleBooks().then(() => true), enough.promise])
  } finally {
    stopTimer()
    signal.removeEventListener('abort', cancel)
  }
}
