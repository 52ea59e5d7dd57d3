import type { BrokerView } from '../../../shared/contract/app.ts'
import { environmentWord, plural } from '../../lib/format/index.ts'
import { isUnderWay, toStep, useConnect } from '../../state/connect.ts'
import { afterBroker } from '../../state/connect-steps.ts'
import { useConnections } from '../../state/connections.ts'
import { dataOf } from '../../state/remote.ts'
import { BrokerMark } from '../../ui/badges.tsx'
import { Button } from '../../ui/Button.tsx'
import { ConnectButton } from '../../ui/ConnectButton.tsx'
import { AppKeys } from './AppKeys.tsx'

/** One broker: how many connections, and whose app keys sign in. */
export function BrokerSettings({ broker }: { readonly broker: BrokerView }) {
  const connections = useConnections(state => dataOf(state.list))?.filter(connection => connection.broker === broker.id) ?? []
  const connecting = useConnect(({ step }) => isUnderWay(step) && step.choice.broker === broker.id)
  const state = connecting ? 'connecting' : connections.some(({ state: { kind } }) => kind === 'connected') ? 'connected' : 'disconnected'
  const withKeys = broker.environments.filter(({ id, methods }) => id !== 'sandbox' && methods.includes('oauth')).map(({ id }) => id)
  const keyed = broker.separateAppKeys ? withKeys : withKeys.slice(0, 1)
  const connect = () => toStep(afterBroker(broker))
  return (
    <li>
      <div className="row between wrap">
        <div className="row">
          <BrokerMark broker={broker.id} />
          <div>
            <p className="strong">{broker.name}</p>
            <p className="stamp">{standing(broker, connections.length)}</p>
          </div>
        </div>
        <div className="row">
          {broker.edition.included ? (
            <ConnectButton state={state} brokerName={broker.name} onConnect={connect} primary={broker.closed === null} />
          ) : null}
          {state === 'connected' ? (
            <Button icon="plus" onClick={connect} aria-label={`Add another connection to ${broker.name}`}>
              Add
            </Button>
          ) : null}
        </div>
      </div>
      {keyed.map(environment => (
        <AppKeys key={environment} broker={broker} environment={environment} />
      ))}
    </li>
  )
}

function standing(broker: BrokerView, connections: number): string {
  if (!broker.edition.included) return broker.edition.sentence
  if (connections > 0) return plural(connections, 'connection')
  const offered = broker.environments.map(({ id }) => environmentWord(id).toLowerCase()).join(', ')
  return broker.closed ? `Closed; only the ${offered} is left` : `Offers ${offered}`
}
