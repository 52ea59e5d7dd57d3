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

/** `settleBooks` computes what waits in the ledger, and never rejects. */
export function createCatchUp(deps: AppraiseDeps, settleBooks: () => Promise<void>): CatchUp {
  const { clock, db } = deps.core
  const isUnknown = (candidate: Candidate): boolean => appraise(deps, candidate).stops.some(isLossUnknown)
  return async (candidate, { signal }) => {
    const { venue, environment } = candidate
    const behind = areBooksBehind({ reader: db.reader, switches: deps.switches }, { account: venue.account, environment }, clock.now())
    if (!behind || !isUnknown(candidate)) return false
    await settledWithin(settleBooks, clock, signal)
    return !isUnknown(candidate)
  }
}

/** Whether something is a stop of an order because nobody can tell what today has lost. */
export function isLossUnknown(cause: unknown): boolean {
  return cause instanceof AppError && (cause.code === 'order/stopped-loss-unknown' || cause.code === 'order/stopped-loss-unknown-all')
}

async function settledWithin(settleBooks: () => Promise<void>, clock: Clock, signal: AbortSignal): Promise<void> {
  if (signal.aborted) throw new AppError('app/canceled')
  const enough = Promise.withResolvers<void>()
  const stopTimer = clock.after(WITHIN_MS, enough.resolve)
  const cancel = (): void => enough.reject(new AppError('app/canceled'))
  signal.addEventListener('abort', cancel, { once: true })
  try {
    await Promise.race([settleBooks(), enough.promise])
  } finally {
    stopTimer()
    signal.removeEventListener('abort', cancel)
  }
}
