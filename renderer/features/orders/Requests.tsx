import { useState } from 'react'
import type { OrderRequestView } from '../../../shared/contract/orders.ts'
import { Instant } from '../../../shared/domain/time.ts'
import { formatMoment, formatWait } from '../../lib/format/index.ts'
import { ticketSentence } from '../../lib/order-words.ts'
import { deskAccount } from '../../lib/ticket.ts'
import { visibleText } from '../../lib/visible-text.ts'
import { brokerName, useApp } from '../../state/app.ts'
import { useNow } from '../../state/clock.ts'
import { errorViewOf } from '../../state/failure.ts'
import { declineRequest, useOrders } from '../../state/orders.ts'
import { dataOf } from '../../state/remote.ts'
import { openWith } from '../../state/ticket.ts'
import { toast, toastError } from '../../state/toast.ts'
import { EnvBadge } from '../../ui/badges.tsx'
import { Button } from '../../ui/Button.tsx'
import { Part, Plain } from './parts.tsx'

/** What programs ask for: nothing of it is sent before its review. */
export function Requests() {
  const requests = useOrders(state => dataOf(state.requests))
  const now = useNow(1)
  const waiting = (requests ?? [])
    .filter(({ state, expiresAt }) => state === 'waiting' && Instant.isBefore(now, expiresAt))
    .toSorted((a, b) => Instant.msBetween(b.expiresAt, a.expiresAt))
  if (waiting.length === 0) return null
  return (
    <Part title="Asked for by programs" hint="Each waits for your review; nothing is sent without it.">
      <ul className="order-list">
        {waiting.map(request => (
          <Request key={request.id} request={request} now={now} />
        ))}
      </ul>
    </Part>
  )
}

function Request({ request, now }: { readonly request: OrderRequestView; readonly now: Instant }) {
  const desk = useOrders(state => dataOf(state.desk))
  const brokers = useApp(state => state.brokers)
  const [busy, setBusy] = useState(false)
  const { id, ticket, from, createdAt, expiresAt } = request
  const place = deskAccount(desk, ticket.accountId)
  const words = ticketSentence(ticket, place?.account.currency ?? 'USD')
  async function decline() {
    setBusy(true)
    try {
      await declineRequest(id)
      toast(`${visibleText(from)} is told that you declined.`, 'Nothing was sent')
    } catch (error) {
      toastError(errorViewOf(error))
    }
    setBusy(false)
  }
  return (
    <li>
      <div className="grow">
        <p className="strong">{words}</p>
        <p className="stamp">
          <Plain text={from} />
          {`, ${formatMoment(createdAt, now)}. Runs out in ${formatWait(Math.max(0, Instant.msBetween(now, expiresAt)))}. `}
          {place
            ? `${brokerName(brokers, place.connection.broker)}, ${visibleText(place.account.name)} ${place.account.maskedNumber}`
            : 'Its account is gone.'}
        </p>
      </div>
      {place ? <EnvBadge environment={place.connection.environment} /> : null}
      <Button variant="ghost" busy={busy} onClick={() => void decline()} aria-label={`Decline: ${words}`}>
        Decline
      </Button>
      <Button variant="primary" disabled={!place} onClick={() => openWith(ticket, { id, from })} aria-label={`Review: ${words}`}>
        Review
      </Button>
    </li>
  )
}
