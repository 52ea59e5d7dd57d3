import type { FindingView } from '../../../shared/contract/health.ts'
import type { ConnectionView } from '../../../shared/contract/schemas.ts'
import type { StoredDrift } from '../store/drifts.ts'
import { type BrokerName, finding, nameOf } from './finding.ts'

export type OpenDrift = Pick<StoredDrift<unknown>, 'connectionId' | 'kind' | 'symbol' | 'currency' | 'ledger' | 'broker'>

/** What differs between the history and its broker, one finding a connection. Positions shows each with what can be done. */
export function driftFindings(connections: readonly ConnectionView[], drifts: readonly OpenDrift[], brokerName: BrokerName): FindingView[] {
  return connections.flatMap(connection => {
    const mine = drifts.filter(({ connectionId }) => connectionId === connection.id)
    const [first] = mine
    if (!first) return []
    const what = first.kind === 'cash' ? `Cash in ${first.currency}` : (first.symbol ?? '')
    const more = mine.length === 1 ? '' : ` So do ${mine.length - 1} more.`
    const sentence = `${what} differs: ${first.ledger} by the history, ${first.broker} by the broker.${more} Positions shows why, and what can be done.`
    return [
      finding(
        `drift:${connection.id}`,
        'notice',
        `${nameOf(connection, brokerName)}: the history does not add up to what the broker states`,
        sentence,
      ),
    ]
  })
}
