import type { AccountView, ConnectionView } from '../../../shared/contract/schemas.ts'
import { formatCount } from '../../lib/format/index.ts'

/** The last sync in one line: complete with its count, or what is missing and why. `when` is its moment in words. */
export function lastSyncWords(
  { lastSync, accounts, trouble }: Pick<ConnectionView, 'lastSync' | 'accounts' | 'trouble'>,
  when: string,
): string {
  if (!lastSync) return 'Not synced yet'
  const fresh = lastSync.accounts.reduce((count, account) => count + account.new, 0)
  if (lastSync.result === 'success') return `Synced ${when}, ${fresh === 0 ? 'nothing new' : `${formatCount(fresh)} new`}`
  if (lastSync.result === 'canceled') return `Stopped ${when}; the next sync goes on from there`
  const missing = lastSync.accounts.filter(({ result }) => result === 'failed')
  const first = missing[0]
  const because = first?.because ?? lastSync.error?.message ?? ''
  if (lastSync.result === 'failed')
    return because === '' || because === trouble?.message ? `Last sync failed ${when}` : `Failed ${when}: ${because}`
  if (missing.length === 0) return `Partial ${when}: some of what was asked for did not come back. ${because}`.trim()
  return `Partial ${when}: ${missingNames(missing.map(({ id }) => accounts.find(account => account.id === id)))} is missing. ${because}`.trim()
}

function missingNames(missing: readonly (AccountView | undefined)[]): string {
  const name = missing[0]?.name ?? 'one account'
  return missing.length > 1 ? `${name} and ${missing.length - 1} more` : name
}
