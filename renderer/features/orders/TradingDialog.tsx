import { useState } from 'react'
import type { ErrorView } from '../../../shared/contract/errors.ts'
import type { DeskView } from '../../../shared/contract/orders.ts'
import type { ConnectionId } from '../../../shared/domain/ids.ts'
import { visibleText } from '../../lib/visible-text.ts'
import { useBrokerName } from '../../state/app.ts'
import { openTradingReconnect } from '../../state/connect.ts'
import { useConnections } from '../../state/connections.ts'
import { errorViewOf } from '../../state/failure.ts'
import { deskOf, setTrading, useOrders } from '../../state/orders.ts'
import { dataOf } from '../../state/remote.ts'
import { hide, show, useSurface } from '../../state/surface.ts'
import { toast } from '../../state/toast.ts'
import { Button } from '../../ui/Button.tsx'
import { Dialog } from '../../ui/Dialog.tsx'
import { ErrorNote } from '../../ui/notes.tsx'
import { EnvBand } from './parts.tsx'

type Desk = DeskView['connections'][number]

/** Switches trading on for one connection, after saying what that means. */
export function TradingDialog() {
  const open = useSurface(state => (state.open.kind === 'trading' ? state.open : null))
  const desk = useOrders(state => (open ? deskOf(dataOf(state.desk), open.connectionId) : undefined))
  const back = () => (open?.forTicket ? show({ kind: 'ticket' }) : hide())
  if (!open || !desk) return null
  return (
    <Dialog
      open
      title={desk.isOn ? 'What programs may do' : 'Switch trading on?'}
      onClose={back}
      size={500}
      className={`money ${desk.environment}`}
    >
      <Ask desk={desk} onDone={back} />
    </Dialog>
  )
}

function Ask({ desk, onDone }: { readonly desk: Desk; readonly onDone: () => void }) {
  const broker = useBrokerName(desk.broker)
  const [automation, setAutomation] = useState(desk.automation)
  const [busy, setBusy] = useState(false)
  const [error, setError] = useState<ErrorView | null>(null)
  const name = desk.name === '' ? broker : visibleText(desk.name)
  async function save() {
    setBusy(true)
    setError(null)
    try {
      await setTrading({ connectionId: desk.connectionId, on: true, automation })
      onDone()
      toast('Each order is read back to you before it is sent, once.', `Trading is on for ${name}, ${desk.environment}`)
    } catch (failure) {
      setError(errorViewOf(failure))
      setBusy(false)
    }
  }
  return (
    <>
      <div className="stack-l">
        <EnvBand environment={desk.environment} />
        {desk.isOn ? null : <Meaning name={name} isLive={desk.environment === 'live'} />}
        <Automation value={automation} onChange={setAutomation} />
        {error ? (
          <ErrorNote error={error} speaker={broker}>
            {error.code === 'order/scope-missing' ? <Reconnect connectionId={desk.connectionId} /> : null}
          </ErrorNote>
        ) : null}
      </div>
      <div className="dialog-foot">
        <Button onClick={onDone} data-autofocus>
          {desk.isOn ? 'Keep it as it is' : 'Keep it off'}
        </Button>
        <Button variant="primary" busy={busy} onClick={() => void save()}>
          {desk.isOn ? 'Save' : 'Switch trading on'}
        </Button>
      </div>
    </>
  )
}

function Meaning({ name, isLive }: { readonly name: string; readonly isLive: boolean }) {
  return (
    <ul className="meaning">
      <li>{`Orders can be sent to ${name} from this app. None goes out by itself.`}</li>
      <li>Each is measured against your limits and read back to you; one press sends it, once.</li>
      <li>Nothing is sent before the orders and positions there were read, or while one of yours is in doubt.</li>
      {isLive ? <li>It moves real money. The last digits of each account are asked for once in every run of Keelson.</li> : null}
      <li>You can switch it off at any time, and the kill switch stops all connections with one press.</li>
    </ul>
  )
}

function Automation({ value, onChange }: { readonly value: Desk['automation']; readonly onChange: (value: Desk['automation']) => void }) {
  return (
    <fieldset className="danger-zone">
      <legend>Orders of programs, such as the command line</legend>
      <label className="radio">
        <input type="radio" name="automation" checked={value === 'approve'} onChange={() => onChange('approve')} />
        <span>
          Ask me
          <span className="sub">They wait here until you review and send them, or decline.</span>
        </span>
      </label>
      <label className="radio">
        <input type="radio" name="automation" checked={value === 'direct'} onChange={() => onChange('direct')} />
        <span>
          Send inside my limits
          <span className="sub">
            Any program that may use Keelson on this machine can trade here, without your review. The limits and the kill switch hold.
          </span>
        </span>
      </label>
    </fieldset>
  )
}

/** The way out of a sign-in that does not allow orders. */
function Reconnect({ connectionId }: { readonly connectionId: ConnectionId }) {
  const connection = useConnections(state => dataOf(state.list)?.find(({ id }) => id === connectionId))
  if (!connection) return null
  const reconnect = () => {
    hide()
    openTradingReconnect(connection)
  }
  return <Button onClick={reconnect}>Reconnect with the permission</Button>
}
