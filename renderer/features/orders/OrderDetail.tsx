import { useEffect } from 'react'
import { formatExact, formatInstrument, formatMoment, formatQuantity, instrumentLine, plural } from '../../lib/format/index.ts'
import { assertNever } from '../../lib/assert-never.ts'
import { orderTypeWord, priceIn, timeInForceWord } from '../../lib/order-words.ts'
import { visibleText } from '../../lib/visible-text.ts'
import { useNow } from '../../state/clock.ts'
import { accountIndex, useConnections } from '../../state/connections.ts'
import { setFilter } from '../../state/history.ts'
import { closeOrder, openOrder, type OrderDetail as Detail, resolveOrder, useOrders } from '../../state/orders.ts'
import { go } from '../../state/route.ts'
import { EnvBadge } from '../../ui/badges.tsx'
import { Button } from '../../ui/Button.tsx'
import { Drawer } from '../../ui/Dialog.tsx'
import { ErrorNote, Skeletons } from '../../ui/notes.tsx'
import { orderWords } from './order-line.ts'
import { OrderStatus, Plain } from './parts.tsx'
import { DoubtActs } from './TicketOutcome.tsx'

/** One order with everything that happened to it. */
export function OrderDetail() {
  const open = useOrders(state => state.openId !== null)
  const detail = useOrders(state => state.detail)
  useEffect(() => closeOrder, [])
  const title = detail.status === 'ready' ? visibleText(instrumentLine(detail.data.order.symbol ?? 'Order')) : 'Order'
  return (
    <Drawer open={open} title={title} onClose={closeOrder} size={440}>
      <Body />
    </Drawer>
  )
}

function Body() {
  const detail = useOrders(state => state.detail)
  const openId = useOrders(state => state.openId)
  switch (detail.status) {
    case 'idle':
    case 'loading':
      return <Skeletons heights={[18, 18, 18, 18, 90]} label="Loading the order" />
    case 'failed':
      return <ErrorNote error={detail.error} onRetry={openId ? () => void openOrder(openId) : undefined} />
    case 'ready':
      return <Full detail={detail.data} />
    default:
      return assertNever(detail)
  }
}

function Full({ detail }: { readonly detail: Detail }) {
  const { order, events, fills } = detail
  const connections = useConnections(state => state.list)
  const place = accountIndex(connections).get(order.accountId)
  const { intentId } = order
  return (
    <div className="stack-l">
      <div className="row between">
        <span className="sub">
          {place ? visibleText(`${place.account.name} ${place.account.maskedNumber}`) : 'An account that is gone'}
        </span>
        <EnvBadge environment={order.environment} />
      </div>
      <p className="row between">
        <span className="strong">{visibleText(`${orderWords(order)}`)}</span>
        <OrderStatus status={order.status} statusText={order.statusText} />
      </p>
      {order.status === 'unknown' && intentId !== null ? (
        <DoubtActs intentId={intentId} onLook={async () => void (await resolveOrder(intentId))} />
      ) : null}
      <Facts order={order} />
      <Events events={events} />
      {fills.length > 0 && order.symbol !== null ? (
        <div>
          <Button icon="history" onClick={() => seeFills(order.symbol, order.accountId)}>
            {`Show ${plural(fills.length, 'fill')} in the history`}
          </Button>
        </div>
      ) : null}
    </div>
  )
}

function Facts({ order }: Pick<Detail, 'order'>) {
  const { currency } = order
  const { symbol, terms } = formatInstrument(order.symbol ?? '')
  return (
    <dl className="facts">
      <dt>Instrument</dt>
      <dd>{visibleText(`${symbol} ${terms}`)}</dd>
      <dt>Type</dt>
      <dd>{orderTypeWord(order.type)}</dd>
      {order.limitPrice === null ? null : <Fact word="Limit" value={priceIn(order.limitPrice, currency)} />}
      {order.stopPrice === null ? null : <Fact word="Stop" value={priceIn(order.stopPrice, currency)} />}
      <dt>Time in force</dt>
      <dd>{timeInForceWord(order.timeInForce)}</dd>
      <dt>Filled</dt>
      <dd>
        {order.quantity === null
          ? `${formatQuantity(order.filledQuantity)}${order.notional === null ? '' : `, of ${priceIn(order.notional, currency)}`}`
          : `${formatQuantity(order.filledQuantity)} of ${formatQuantity(order.quantity)}`}
      </dd>
      {order.averageFillPrice === null ? null : <Fact word="Average price" value={priceIn(order.averageFillPrice, currency)} />}
      <dt>Sent</dt>
      <dd>{formatExact(order.submittedAt)}</dd>
      <dt>Fetched</dt>
      <dd>{order.fetchedAt === null ? 'not seen at the broker yet' : formatExact(order.fetchedAt)}</dd>
      <dt>Broker’s order id</dt>
      <dd className="mono">{order.externalId === null ? 'none yet' : visibleText(order.externalId)}</dd>
      <dt>From</dt>
      <dd>{order.isOurs ? 'Keelson' : 'outside Keelson'}</dd>
    </dl>
  )
}

/** Each step on its way, oldest first as the core tells it. */
function Events({ events }: Pick<Detail, 'events'>) {
  const now = useNow(30)
  return (
    <div className="stack">
      <h3>What happened</h3>
      {events.length === 0 ? <p className="stamp">The broker tells only how it stands.</p> : null}
      <ol className="timeline">
        {events.map(({ at, kind, sentence, brokerSays }) => (
          <li key={`${at} ${kind} ${sentence}`}>
            <span className="stamp" title={formatExact(at)}>
              {formatMoment(at, now)}
            </span>
            <span>
              <Plain text={sentence} />
              {brokerSays ? (
                <span className="sub">
                  {' '}
                  The broker says: <Plain text={brokerSays} />
                </span>
              ) : null}
            </span>
          </li>
        ))}
      </ol>
    </div>
  )
}

function Fact({ word, value }: { readonly word: string; readonly value: string }) {
  return (
    <>
      <dt>{word}</dt>
      <dd>{value}</dd>
    </>
  )
}

function seeFills(symbol: string | null, accountId: Detail['order']['accountId']) {
  if (symbol !== null) void setFilter({ symbol, accountId })
  closeOrder()
  go('history')
}
