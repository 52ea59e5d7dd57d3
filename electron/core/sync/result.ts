import { type AppError, type ErrorView, toErrorView } from '../../../shared/contract/errors.ts'
import type { SyncResult } from '../../../shared/contract/schemas.ts'
import type { StoredAccount } from '../store/accounts.ts'
import { stopsConnection } from './failure.ts'
import type { AccountJob } from './plan.ts'
import { type AccountRead, because } from './read-account.ts'

/** How one account fared, with the failure itself for the verdict over all. */
export interface AccountOutcome {
  readonly result: SyncResult['accounts'][number]
  readonly error: AppError | null
}

/** The outcome of an account that was read. What came back is the whole range only when nothing failed. */
export function outcomeOf(job: AccountJob<StoredAccount>, { tally, failures }: AccountRead, activities: boolean): AccountOutcome {
  const [first] = failures.toSorted((a, b) => Number(isNotShown(a)) - Number(isNotShown(b)))
  const requested = activities ? job.requested : null
  const counts = { id: job.account.id, fetched: tally.fetched, new: tally.new, updated: tally.updated, requested }
  if (!first) return { error: null, result: { ...counts, result: 'success', returned: requested } }
  // What no way in shows is said, and nothing has failed.
  if (isNotShown(first))
    return {
      error: null,
      result: { ...counts, result: 'success', because: because(failures), code: first.error.code, returned: requested },
    }
  const historyCame = !failures.some(({ part }) => part === 'Trade history') && !failures.some(({ error }) => stopsConnection(error.code))
  return {
    error: first.error,
    result: {
      ...counts,
      result: 'failed',
      because: because(failures),
      code: first.error.code,
      returned: historyCame ? requested : tally.span,
    },
  }
}

function isNotShown({ error }: AccountRead['failures'][number]): boolean {
  return error.code === 'order/not-shown'
}

/** The outcome of an account that was not asked for, because the run was at its end or the broker no longer lists it. */
export function outcomeWithout(account: Pick<StoredAccount, 'id'>, error: AppError): AccountOutcome {
  return {
    error,
    result: {
      id: account.id,
      result: 'failed',
      because: error.message,
      code: error.code,
      fetched: 0,
      new: 0,
      updated: 0,
      requested: null,
      returned: null,
    },
  }
}

export interface Verdict {
  readonly result: SyncResult['result']
  readonly error: AppError | null
}

/** Success only when every account came back whole, failed when none did. */
export function verdictOf(outcomes: readonly AccountOutcome[]): Verdict {
  const failed = outcomes.filter(({ error }) => error !== null)
  if (failed.length === 0) return { result: 'success', error: null }
  const ending = failed.find(({ error }) => error !== null && stopsConnection(error.code))?.error ?? null
  if (failed.length < outcomes.length) return { result: 'partial', error: ending }
  return { result: 'failed', error: ending ?? failed[0]?.error ?? null }
}

export function viewOf(error: AppError | null): ErrorView | null {
  return error === null ? null : toErrorView(error)
}
