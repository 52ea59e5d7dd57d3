import type { BrokerView } from '../../../shared/contract/app.ts'
import { plural } from '../../lib/format/index.ts'
import { closeConnect, toStep } from '../../state/connect.ts'
import { afterBroker } from '../../state/connect-steps.ts'
import { exploreSandbox, useConnections } from '../../state/connections.ts'
import { dataOf } from '../../state/remote.ts'
import { BrokerMark } from '../../ui/badges.tsx'
import { Button } from '../../ui/Button.tsx'
import { ErrorNote } from '../../ui/notes.tsx'
import { ChoiceRow } from './Choices.tsx'

/** Which broker. */
export function BrokerStep({ brokers }: { readonly brokers: readonly BrokerView[] }) {
  const connections = useConnections(state => dataOf(state.list)) ?? []
  const exploring = useConnections(state => state.exploring)
  const error = useConnections(state => state.exploreError)
  const explore = async () => {
    if (await exploreSandbox()) closeConnect()
  }
  return (
    <div className="stack">
      {brokers.map(broker => {
        const count = connections.filter(connection => connection.broker === broker.id).length
        return (
          <ChoiceRow
            key={broker.id}
            lead={<BrokerMark broker={broker.id} />}
            title={broker.name}
            onPick={() => toStep(afterBroker(broker))}
          >
            {broker.note}
            {count > 0 ? ` ${plural(count, 'connection')} so far.` : ''}
          </ChoiceRow>
        )
      })}
      {error ? <ErrorNote error={error} onRetry={() => void explore()} /> : null}
      <div className="dialog-foot">
        <span className="left stamp">No account at hand?</span>
        <Button icon="flask" busy={exploring} onClick={() => void explore()}>
          {exploring ? 'Connecting the sandbox brokers' : 'Explore with sandbox brokers'}
        </Button>
      </div>
    </div>
  )
}
