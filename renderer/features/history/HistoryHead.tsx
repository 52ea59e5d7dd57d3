import { formatCount, formatDate } from '../../lib/format/index.ts'
import { accountIndex, useConnections } from '../../state/connections.ts'
import { useHistory } from '../../state/history.ts'
import { dataOf } from '../../state/remote.ts'

/** What is kept, since when, and which accounts are not complete. */
export function HistoryHead() {
  const total = useHistory(state => dataOf(state.total))
  const coverage = useHistory(state => dataOf(state.coverage))
  const connections = useConnections(state => state.list)
  const index = accountIndex(connections)
  const incomplete = coverage?.filter(({ complete }) => !complete) ?? []
  const complete = (coverage?.length ?? 0) - incomplete.length
  const kept = total ? `${formatCount(total.count)} activities${total.first ? ` since ${formatDate(total.first)}` : ''}.` : 'Newest first.'
  const names = incomplete.map(({ accountId }) => index.get(accountId)?.account.name ?? 'one account')
  const covered =
    coverage && coverage.length > 0
      ? incomplete.length === 0
        ? ` Complete for ${complete === 1 ? 'its account' : complete === 2 ? 'both accounts' : `all ${complete} accounts`}.`
        : ` Complete for ${complete}; still incomplete: ${names.join(', ')}.`
      : ''
  return (
    <div>
      <h1>History</h1>
      <p className="sub">
        {kept}
        {covered}
      </p>
    </div>
  )
}
