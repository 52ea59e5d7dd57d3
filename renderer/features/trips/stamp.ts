import type { AccountId } from '../../../shared/domain/ids.ts'
import type { ConnectionView } from '../../../shared/contract/schemas.ts'
import type { Instant } from '../../../shared/domain/time.ts'
import { formatMoment } from '../../lib/format/index.ts'

/** When the lots behind a round trip were worked out, and when the broker was asked for their history last; what nobody knows is left out. */
export function tripStamp(
  { computedAt, connection, accountId }: { readonly computedAt: Instant | null; readonly connection: Pick<ConnectionView, 'lastSync'>; readonly accountId: AccountId },
  now: Instant,
): string {
  const { lastSync } = connection
  const isRead = lastSync?.accounts.some(({ id, result }) => id === accountId && result === 'success') ?? false
  const parts = [
    computedAt === null ? [] : [`Worked out as of ${formatMoment(computedAt, now)}`],
    lastSync && isRead ? [`history fetched ${formatMoment(lastSync.finishedAt, now)}`] : [],
  ].flat()
  const text = parts.join(', ')
  return text === '' ? '' : `${text.charAt(0).toUpperCase()}${text.slice(1)}.`
}
