import type { DeskView } from '../../../shared/contract/orders.ts'
import { plural } from '../../lib/format/index.ts'
import { visibleText } from '../../lib/visible-text.ts'
import { useBrokerName } from '../../state/app.ts'
import { openConnect } from '../../state/connect.ts'
import { syncConnection } from '../../state/connections.ts'
import { errorViewOf } from '../../state/failure.ts'
import { refreshDesk, setTrading, useOrders } from '../../state/orders.ts'
import { show } from '../../state/surface.ts'
import { toast, toastError } from '../../state/toast.ts'
import { BrokerMark, EnvBadge } from '../../ui/badges.tsx'
import { Button } from '../../ui/Button.tsx'
import { Icon } from '../../ui/icons.tsx'
import { EmptyState, ErrorNote, Skeletons } from '../../ui/notes.tsx'
import { Part } from './parts.tsx'

type Desk = DeskView['connections'][number]

/** Which connections may trade: none until it is switched on. */
export function TradingPanel() {
  const desk = useOrders(state => state.desk)
  return (
    <Part title="Trading" hint="Off for every connection until you switch it on. Off means that it only reads.">
      {desk.status === 'idle' || desk.status === 'loading' ? (
        <div className="panel-pad">
          <Skeletons heights={[36, 36]} label="Loading what may trade" />
        </div>
      ) : null}
      {desk.status === 'failed' ? (
        <div className="panel-pad">
          <ErrorNote error={desk.error} onRetry={() => void refreshDesk()} />
        </div>
      ) : null}
      {desk.status === 'ready' && desk.data.connections.length === 0 ? (
        <EmptyState
          icon="brokers"
          title="No broker to trade at"
          action={
            <Button variant="primary" icon="plus" onClick={openConnect}>
              Connect a broker
            </Button>
          }
        >
          Connect one first. Its sign-in asks whether orders may be placed, and each connection has a switch of its own here.
        </EmptyState>
      ) : null}
      {desk.status === 'ready' ? (
        <ul className="order-list">
          {desk.data.connections.map(connection => (
            <Row key={connection.connectionId} desk={connection} />
          ))}
        </ul>
      ) : null}
    </Part>
  )
}

function Row({ desk }: { readonly desk: Desk }) {
  const broker = useBrokerName(desk.broker)
  const name = desk.name === '' ? broker : visibleText(desk.name)
  const title = `${name}, ${desk.environment}`
  return (
    <li className={`trading ${desk.environment}`}>
      <BrokerMark broker={desk.broker} />
      <div className="grow">
        <p>
          <span className="strong">{name}</span> <EnvBadge environment={desk.environment} /> <State desk={desk} />
        </p>
        <Says desk={desk} broker={broker} />
      </div>
      {desk.isOn ? (
        <>
          <Button
            variant="ghost"
            onClick={() => show({ kind: 'trading', connectionId: desk.connectionId })}
            aria-label={`Programs at ${title}`}
          >
            Programs
          </Button>
          <Button onClick={() => void switchOff(desk, title)} aria-label={`Switch off trading for ${title}`}>
            Switch off
          </Button>
        </>
      ) : desk.rules === null ? null : (
        <Button onClick={() => show({ kind: 'trading', connectionId: desk.connectionId })} aria-label={`Switch on trading for ${title}`}>
          Switch on
        </Button>
      )}
    </li>
  )
}

function State({ desk }: { readonly desk: Desk }) {
  const tone = !desk.isOn ? 'neutral' : desk.because || !desk.isReconciled || desk.unknown > 0 ? 'warn' : 'good'
  return (
    <span className={`badge ${tone}`}>
      <span className="dot" aria-hidden="true" />
      {desk.isOn ? (tone === 'good' ? 'Trading on' : 'Trading on, waiting') : 'Only reads'}
    </span>
  )
}

function Says({ desk, broker }: { readonly desk: Desk; readonly broker: string }) {
  const { rules, isOn, because, isReconciled, unknown, automation } = desk
  if (rules === null) return <p className="stamp">{`${broker} takes no orders from apps here.`}</p>
  if (because && (isOn || because.code !== 'order/stopped-trading-off'))
    return (
      <p className="stamp">
        <Icon name="warn" /> {`${because.message} ${because.action}`}
      </p>
    )
  if (!isOn) return <p className="stamp">Orders are shown, none is sent.</p>
  if (unknown > 0)
    return (
      <p className="stamp">{`${plural(unknown, 'order')} in doubt: nothing new is sent there until that is settled. Canceling works.`}</p>
    )
  if (!isReconciled)
    return (
      <p className="stamp">
        Its orders and positions have not been read whole since it connected, so nothing new is sent yet.{' '}
        <button type="button" className="link" onClick={() => void sync(desk)}>
          Read them now
        </button>
      </p>
    )
  return (
    <p className="stamp">
      {automation === 'direct'
        ? 'Your orders go out after their review; programs of yours may send without it, inside the limits.'
        : 'Every order goes out only after its review here, also what programs ask for.'}
    </p>
  )
}

async function sync({ connectionId }: Desk) {
  await syncConnection(connectionId).catch((error: unknown) => toastError(errorViewOf(error)))
  await refreshDesk()
}

async function switchOff({ connectionId }: Desk, title: string) {
  try {
    await setTrading({ connectionId, on: false })
    toast('What works at the broker stays there; cancel it if you want it gone.', `${title} only reads now`)
  } catch (error) {
    toastError(errorViewOf(error))
  }
}
