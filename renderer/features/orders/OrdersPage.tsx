import { useEffect, useState } from 'react'
import { Instant } from '../../../shared/domain/time.ts'
import { formatMoment, plural } from '../../lib/format/index.ts'
import { useNow } from '../../state/clock.ts'
import { openConnect } from '../../state/connect.ts'
import { useConnections } from '../../state/connections.ts'
import { refreshOrdersPage, useOrders } from '../../state/orders.ts'
import { dataOf } from '../../state/remote.ts'
import { openTicket } from '../../state/ticket.ts'
import { Button } from '../../ui/Button.tsx'
import { EmptyState } from '../../ui/notes.tsx'
import { Segments } from '../../ui/Segments.tsx'
import { AuditLine } from './Audit.tsx'
import { DoneOrders } from './DoneOrders.tsx'
import { Doubts } from './Doubts.tsx'
import { LimitsPanel } from './LimitsPanel.tsx'
import { OpenOrders } from './OpenOrders.tsx'
import { OrderDetail } from './OrderDetail.tsx'
import { Part } from './parts.tsx'
import { Requests } from './Requests.tsx'
import { TradingPanel } from './TradingPanel.tsx'

const VIEWS = [
  { value: 'orders', label: 'Orders' },
  { value: 'rules', label: 'Trading and limits' },
] as const
type View = (typeof VIEWS)[number]['value']

/** What works at the brokers, what became of the rest, and what may be sent at all. */
export function OrdersPage() {
  const [view, setView] = useState<View>('orders')
  const any = useConnections(state => dataOf(state.list)?.some(({ method }) => method !== 'file'))
  useEffect(() => void refreshOrdersPage(), [])
  return (
    <div className="page">
      <div className="page-head">
        <Head />
        <div className="row wrap">
          <Segments label="Show" value={view} options={VIEWS} onChange={setView} />
          <Button variant="primary" icon="plus" onClick={() => openTicket()} aria-keyshortcuts="t">
            New order
          </Button>
        </div>
      </div>
      {any === false ? <None /> : <Shown view={view} />}
      <OrderDetail />
    </div>
  )
}

function Shown({ view }: { readonly view: View }) {
  return (
    <>
      <Doubts />
      <Requests />
      {view === 'orders' ? (
        <>
          <Part title="Open orders" hint="What works at your brokers, from here or elsewhere.">
            <OpenOrders />
          </Part>
          <Part title="Order history" hint="Filled, canceled, refused or run out.">
            <DoneOrders />
          </Part>
        </>
      ) : (
        <>
          <TradingPanel />
          <LimitsPanel />
        </>
      )}
      <AuditLine />
    </>
  )
}

function Head() {
  const now = useNow(30)
  const open = useOrders(state => dataOf(state.open)?.rows)
  const on = useOrders(state => dataOf(state.desk)?.connections.filter(({ isOn }) => isOn).length)
  const trading = on === undefined ? '' : on === 0 ? ' Trading is off everywhere.' : ` Trading is on for ${plural(on, 'connection')}.`
  // What was read longest ago counts.
  const read = open
    ?.flatMap(({ fetchedAt }) => fetchedAt ?? [])
    .reduce<Instant | null>((a, b) => (a === null ? b : Instant.earliest(a, b)), null)
  const stamp = read ? `, as read ${formatMoment(read, now)}` : ''
  return (
    <div>
      <h1>Orders</h1>
      <p className="sub">
        {open === undefined ? 'Nothing is sent without your review.' : `${plural(open.length, 'open order')}${stamp}.${trading}`}
      </p>
    </div>
  )
}

function None() {
  return (
    <section className="panel">
      <EmptyState
        icon="orders"
        title="Your orders will be here"
        action={
          <Button variant="primary" icon="plus" onClick={openConnect}>
            Connect a broker
          </Button>
        }
      >
        What works at your brokers and what became of it. Trading is off for each connection until you switch it on.
      </EmptyState>
    </section>
  )
}
