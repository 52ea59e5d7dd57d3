import type { AccountId } from '../../../shared/domain/ids.ts'
import { replaceBalances } from '../store/balances.ts'
import { replacePositions } from '../store/positions.ts'
import { saveWorth } from '../store/worth-days.ts'
import type { OrderCore } from './record.ts'
import type { Venues } from './venues.ts'
import { type Silence, within } from './within.ts'

const WITHIN_MS = 10_000

/**
 * Reads what accounts are worth that nobody read today, since the limit for a day's loss is one for all. One that does not answer in time
 * is left as it was: then the order is stopped with its name. With `silence` those that did not answer are noted there; `again` passes
 * them over. Throws app/canceled.
 */
export async function readOthers(
  { db, clock, between, log }: OrderCore,
  venues: Venues,
  accounts: readonly { readonly id: AccountId }[],
  { signal, again = false, silence }: { readonly signal: AbortSignal; readonly again?: boolean; readonly silence?: Silence },
): Promise<void> {
  const read = async (id: AccountId): Promise<void> => {
    const [balances, positions] = await within({ clock, ms: WITHIN_MS, signal }, async stop => {
      const { adapter, account } = await venues.of(id)
      return Promise.all([adapter.balances(account.brokerKey, stop), adapter.positions(account.brokerKey, stop)])
    })
    silence?.noteAnswer(id)
    await between(() =>
      db.writer.tx(w => {
        replaceBalances(w, id, balances, clock.now())
        replacePositions(w, id, positions, clock.now())
        saveWorth(w, id, balances)
      }),
    )
  }
  const wanted = accounts.filter(({ id }) => !(again && silence?.isSilent(id)))
  await Promise.all(
    wanted.map(({ id }) =>
      read(id).catch((cause: unknown) => {
        if (signal.aborted) throw cause
        silence?.noteSilent(id)
        log.info('orders.account-not-read', { accountId: id, cause })
      }),
    ),
  )
}
