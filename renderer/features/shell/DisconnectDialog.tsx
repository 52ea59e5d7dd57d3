import { useState } from 'react'
import type { ConnectionView } from '../../../shared/contract/schemas.ts'
import { errorViewOf } from '../../state/failure.ts'
import { useBrokerName } from '../../state/app.ts'
import { connectionTitle, disconnect, useConnections } from '../../state/connections.ts'
import { dataOf } from '../../state/remote.ts'
import { hide, useSurface } from '../../state/surface.ts'
import { Confirm } from '../../ui/Confirm.tsx'
import { toast, toastError } from '../../state/toast.ts'

const REVOKED = {
  yes: 'The access was ended at the broker as well.',
  pending: 'The broker could not be asked to end the access yet; Keelson asks again for a week.',
  no: 'The broker could not be asked to end the access; end it on the broker\u2019s site if you want to be sure.',
  'not-offered': 'This broker offers no way for an app to end its access; you can end it on the broker\u2019s site.',
} as const

/** Asks before a connection is ended. */
export function DisconnectDialog() {
  const surface = useSurface(state => state.open)
  const connections = useConnections(state => dataOf(state.list))
  const id = surface.kind === 'disconnect' ? surface.connectionId : undefined
  const connection = connections?.find(candidate => candidate.id === id)
  return connection ? <Ask connection={connection} /> : null
}

function Ask({ connection }: { readonly connection: ConnectionView }) {
  const name = useBrokerName(connection.broker)
  const busy = useConnections(state => state.busy[connection.id] === 'disconnecting')
  const [forget, setForget] = useState(false)
  async function confirm() {
    try {
      const { revoked } = await disconnect(connection.id, forget)
      const history = forget ? 'Its history is deleted.' : 'History stays.'
      toast(`Its tokens are wiped. ${REVOKED[revoked]} ${history}`, `${name} is disconnected`)
    } catch (error) {
      toastError(errorViewOf(error))
    }
    hide()
  }
  return (
    <Confirm
      open
      title={`Disconnect ${connectionTitle(connection, name)}?`}
      word={forget ? 'Disconnect and delete history' : 'Disconnect'}
      keepWord="Stay connected"
      busy={busy}
      onConfirm={() => void confirm()}
      onClose={hide}
    >
      <p>Keelson wipes the tokens of this connection at once and stops syncing it.</p>
      <HistoryChoice connection={connection} forget={forget} onChoose={setForget} />
    </Confirm>
  )
}

interface ChoiceProps {
  readonly connection: ConnectionView
  readonly forget: boolean
  readonly onChoose: (forget: boolean) => void
}

function HistoryChoice({ connection, forget, onChoose }: ChoiceProps) {
  const accounts = connection.accounts.length === 1 ? 'its account' : `its ${connection.accounts.length} accounts`
  return (
    <fieldset className="danger-zone">
      <legend className="hidden-text">What becomes of its history</legend>
      <label className="radio">
        <input type="radio" name="history" checked={!forget} onChange={() => onChoose(false)} />
        <span>
          Keep the history
          <span className="sub">Everything of {accounts} stays on this machine. Connecting again continues where it stopped.</span>
        </span>
      </label>
      <label className="radio">
        <input type="radio" name="history" checked={forget} onChange={() => onChoose(true)} />
        <span>
          Delete the history too
          <span className="sub">
            Trades, positions and everything else of {accounts} are deleted here. Your journal and what you said about trades and lots stay,
            and find their rows again when you connect the same account again. This cannot be taken back.
          </span>
        </span>
      </label>
    </fieldset>
  )
}
