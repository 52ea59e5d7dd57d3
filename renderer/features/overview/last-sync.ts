import type { AccountView, SyncResult } from '../../../shared/contract/schemas.ts'
import { formatCount } from '../../lib/format/index.ts'

/** The last sync in one line: complete with its count, or what is missing and why. `when` is its moment in words. */
export function lastSyncWords(sync: SyncResult, accounts: readonly AccountView[], when: string): string {
  const fresh = sync.accounts.reduce((count, account) => count + account.new, 0)
  if (sync.result === 'success') return `Synced ${when}, ${fresh === 0 ? 'nothing new' : `${formatCount(fresh)} new`}`
  const missing = sync.accounts.filter(({ result }) => result === 'failed')
  const first = missing[0]
  const account = accounts.find(({ id }) => id === first?.id)
  const because = first?.because ?? sync.error?.message
  if (sync.result === 'failed') return `Failed ${when}${because ? `: ${because}` : ''}`
  const others = missing.length > 1 ? ` and ${missing.length - 1} more` : ''
  return `Partial ${when}: ${account?.name ?? 'one account'}${others} is missing${because ? `. ${because}` : ''}`
}
