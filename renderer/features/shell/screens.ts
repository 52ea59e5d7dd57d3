import type { Screen } from '../../../shared/contract/screens.ts'
import type { ConnectionView } from '../../../shared/contract/schemas.ts'
import { assertNever } from '../../lib/assert-never.ts'
import { closeConnect, isUnderWay, openReconnect, useConnect } from '../../state/connect.ts'
import { hide, point, show } from '../../state/surface.ts'
import { openTicket } from '../../state/ticket.ts'
import { toast } from '../../state/toast.ts'

/** Opens on the page what a screen names. Nothing happens at a broker: what opens waits for the user. */
export function openScreen({ act, connectionId }: Screen, connections: readonly ConnectionView[]): void {
  const connection = connections.find(({ id }) => id === connectionId)
  switch (act) {
    case 'reconnect':
      return connection
        ? reconnect(connection)
        : toast('It was disconnected, so there is nothing to sign in to.', 'This connection is gone')
    case 'notices':
    case 'about':
    case 'update':
    case 'diagnostics':
    case 'shortcuts':
      return isFree() ? show({ kind: act }) : undefined
    case 'rearm':
      return isFree() ? show({ kind: 'rearm' }) : undefined
    case 'ticket':
      return isFree() ? openTicket() : undefined
    case 'export':
      hide()
      return isFree() ? point('export') : undefined
    case undefined:
      hide()
      return connection ? pointAt(connection.id) : undefined
    default:
      return assertNever(act)
  }
}

/** Whether something may be opened: over the dialog of a sign-in it would hide what is typed there, and one Escape would close both. */
function isFree(): boolean {
  if (useConnect.getState().step.kind === 'closed') return true
  toast('Finish or close it first.', 'A sign-in is open')
  return false
}

/** A sign-in under way is not given up for another: the user ends it first. */
function reconnect(connection: ConnectionView): void {
  const { step } = useConnect.getState()
  const shown = 'choice' in step ? step.choice.reconnect : null
  hide()
  if (shown === connection.id) return
  if (isUnderWay(step)) return toast('Finish or close it first.', 'Another sign-in is under way')
  closeConnect()
  openReconnect(connection)
}

/** Brings a connection of the page into view and gives it the focus. */
function pointAt(id: string): void {
  const place = [...document.querySelectorAll<HTMLElement>('[data-connection]')].find(({ dataset }) => dataset['connection'] === id)
  place?.scrollIntoView({ block: 'center' })
  place?.focus({ preventScroll: true })
}
