import { assertNever } from '../../lib/assert-never.ts'
import { deskAccount } from '../../lib/ticket.ts'
import { useOrders } from '../../state/orders.ts'
import { dataOf } from '../../state/remote.ts'
import { useSurface } from '../../state/surface.ts'
import { closeTicket, type TicketStep, useTicket } from '../../state/ticket.ts'
import { Dialog } from '../../ui/Dialog.tsx'
import { TicketEdit } from './TicketEdit.tsx'
import { TicketOutcome } from './TicketOutcome.tsx'
import { TicketReview } from './TicketReview.tsx'

/** The order ticket: fill in, review, send once. Its frame has the colour of the money it moves. */
export function TicketDialog() {
  const open = useSurface(state => state.open.kind === 'ticket')
  const step = useTicket(state => state.step)
  const environment = useEnvironment(step)
  const replaces = useTicket(state => state.form.replaces !== null)
  if (!open) return null
  return (
    <Dialog open title={titleOf(step, replaces)} onClose={closeTicket} size={600} className={`money ${environment ?? 'unset'}`} holds>
      <Step step={step} />
    </Dialog>
  )
}

function useEnvironment(step: TicketStep) {
  const accountId = useTicket(state => state.form.accountId)
  const desk = useOrders(state => dataOf(state.desk))
  return 'review' in step ? step.review.environment : deskAccount(desk, accountId)?.connection.environment
}

function titleOf(step: TicketStep, replaces: boolean): string {
  switch (step.kind) {
    case 'edit':
    case 'reviewing':
      return replaces ? 'Replace an order' : 'New order'
    case 'review':
      return 'Review the order'
    case 'sending':
      return 'Sending the order'
    case 'sent':
    case 'lost':
      return 'What became of it'
    default:
      return assertNever(step)
  }
}

function Step({ step }: { readonly step: TicketStep }) {
  switch (step.kind) {
    case 'edit':
    case 'reviewing':
      return <TicketEdit />
    case 'review':
      return <TicketReview step={step} />
    case 'sending':
    case 'sent':
    case 'lost':
      return <TicketOutcome step={step} />
    default:
      return assertNever(step)
  }
}
