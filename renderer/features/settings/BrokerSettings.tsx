import { useState } from 'react'
import type { BrokerView } from '../../../shared/contract/app.ts'
import { errorViewOf } from '../../bridge/index.ts'
import { environmentWord, plural } from '../../lib/format/index.ts'
import { clearAppKeys } from '../../state/app.ts'
import { toStep, useConnect } from '../../state/connect.ts'
import { afterBroker } from '../../state/connect-steps.ts'
import { useConnections } from '../../state/connections.ts'
import { dataOf } from '../../state/remote.ts'
import { BrokerMark } from '../../ui/badges.tsx'
import { Button } from '../../ui/Button.tsx'
import { ConnectButton } from '../../ui/ConnectButton.tsx'
import { Confirm } from '../../ui/Confirm.tsx'
import { toast, toastError } from '../../ui/toast.tsx'
import { AppKeysDialog } from './AppKeysDialog.tsx'

const SOURCES = { settings: 'entered here', environment: 'from the environment', none: '' } as const

/** One broker: how many connections, and whose app keys sign in. */
export function BrokerSettings({ broker }: { readonly broker: BrokerView }) {
  const [editing, setEditing] = useState(false)
  const [removing, setRemoving] = useState(false)
  const connections = useConnections(state => dataOf(state.list))?.filter(connection => connection.broker === broker.id) ?? []
  const connecting = useConnect(({ step }) => step.kind === 'waiting' && step.choice.broker === broker.id)
  const state = connecting ? 'connecting' : connections.some(({ state: { kind } }) => kind === 'connected') ? 'connected' : 'disconnected'
  const { clientId, source } = broker.app
  async function remove() {
    try {
      await clearAppKeys(broker.id)
      toast('Connections keep working until their next sign-in.', `${broker.name} app keys removed`)
    } catch (error) {
      toastError(errorViewOf(error))
    }
    setRemoving(false)
  }
  return (
    <li>
      <div className="row between wrap">
        <div className="row">
          <BrokerMark broker={broker.id} />
          <div>
            <p className="strong">{broker.name}</p>
            <p className="stamp">
              {connections.length === 0
                ? `Offers ${broker.environments.map(({ id }) => environmentWord(id).toLowerCase()).join(', ')}`
                : plural(connections.length, 'connection')}
            </p>
          </div>
        </div>
        <div className="row">
          <ConnectButton state={state} brokerName={broker.name} onConnect={() => toStep(afterBroker(broker))} />
          {state === 'connected' ? (
            <Button icon="plus" onClick={() => toStep(afterBroker(broker))} aria-label={`Add another connection to ${broker.name}`}>
              Add
            </Button>
          ) : null}
        </div>
      </div>
      <div className="row between wrap keys-line">
        <span className="sub">
          {clientId ? (
            <>
              App keys: <span className="mono">{maskedId(clientId)}</span>, {SOURCES[source]}
            </>
          ) : (
            'No app keys of your own yet; the sandbox needs none.'
          )}
        </span>
        <div className="row">
          <Button onClick={() => setEditing(true)} aria-label={`${clientId ? 'Change' : 'Enter app keys'} of ${broker.name}`}>
            {clientId ? 'Change' : 'Enter app keys'}
          </Button>
          {source === 'settings' ? (
            <Button variant="ghost" onClick={() => setRemoving(true)} aria-label={`Remove app keys of ${broker.name}`}>
              Remove
            </Button>
          ) : null}
        </div>
      </div>
      {editing ? <AppKeysDialog broker={broker} onClose={() => setEditing(false)} /> : null}
      <Confirm
        open={removing}
        title={`Remove the ${broker.name} app keys?`}
        word="Remove"
        onConfirm={() => void remove()}
        onClose={() => setRemoving(false)}
      >
        <p>Without them Keelson cannot renew or start a browser sign-in at {broker.name}. Tokens and history stay.</p>
      </Confirm>
    </li>
  )
}

function maskedId(clientId: string): string {
  return clientId.length <= 8 ? clientId : `${clientId.slice(0, 4)}…${clientId.slice(-4)}`
}
