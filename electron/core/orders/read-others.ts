import type { AccountId } from '../../../shared/domain/ids.ts'
import { replaceBalances } from '../store/balances.ts'
import { replacePositions } from '../store/positions.ts'
import { saveWorth } from '../store/worth-days.ts'
import type { OrderCore } from './record.ts'
import type { Venues } from './venues.ts'

/**
 * Reads what accounts are worth that nobody read today, since the limit for a day's loss is one for all. One that does not answer is left
 * as it was: then the order is stopped with its name.
 */
export async function readOthers(
  { db, clock, between, log }: OrderCore,
  venues: Venues,
  accounts: readonly { readonly id: AccountId }[],
  { signal }: { readonly signal: AbortSignal },
): Promise<void> {
  const read = async (id: AccountId): Promise<void> => {
    const { adapter, account } = await venues.of(id)
    const [balances, positions] = await Promise.all([
      adapter.balances(account.brokerKey, { signal }),
      adapter.positions(account.brokerKey, { signal }),
    ])
    await between(() =>
      db.writer.tx(w => {
        replaceBalances(w, id, balances, clock.now())
        replacePositions(w, id, positions, clock.now())
        saveWorth(w, id, balances)
      }),
    )
  }
  await Promise.all(
    accounts.map(({ id }) =>
      read(id).catch((cause: unknown) => {
        if (signal.aborted) throw cause
        log.info('orders.account-not-read', { accountId: id, cause })
      }),
    ),
  )
}
