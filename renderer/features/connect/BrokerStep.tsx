import type { BrokerView } from '../../../shared/contract/app.ts'
import { plural } from '../../lib/format/index.ts'
import { closeConnect, toStep } from '../../state/connect.ts'
import { afterBroker, environmentsOf } from '../../state/connect-steps.ts'
import { exploreSandbox, useConnections } from '../../state/connections.ts'
import { dataOf } from '../../state/remote.ts'
import { BrokerMark } from '../../ui/badges.tsx'
import { Button } from '../../ui/Button.tsx'
import { ErrorNote } from '../../ui/notes.tsx'
import { ChoiceRow } from './Choices.tsx'

/** Which broker. */
export function BrokerStep({ brokers }: { readonly brokers: readonly BrokerView[] }) {
  const error = useConnections(state => state.exploreError)
  const exploring = useConnections(state => state.exploring)
  const explore = async () => {
    if (await exploreSandbox()) closeConnect()
  }
  return (
    <div className="stack">
      {brokers.map(broker => (
        <BrokerChoice key={broker.id} broker={broker} />
      ))}
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

function BrokerChoice({ broker }: { readonly broker: BrokerView }) {
  const count = useConnections(state => dataOf(state.list)?.filter(connection => connection.broker === broker.id).length ?? 0)
  const offered = broker.edition.included && (broker.closed !== null || environmentsOf(broker).length > 0)
  return (
    <ChoiceRow
      lead={<BrokerMark broker={broker.id} />}
      title={broker.name}
      tag={broker.closed ? 'closed' : broker.edition.included ? undefined : 'not in this edition'}
      disabled={!offered}
      onPick={() => toStep(afterBroker(broker))}
    >
      {broker.edition.included ? (broker.closed?.sentence ?? broker.note) : broker.edition.sentence}
      {count > 0 ? ` ${plural(count, 'connection')} so far.` : ''}
    </ChoiceRow>
  )
}
