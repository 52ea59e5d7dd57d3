import { type FormEvent, type KeyboardEvent, useEffect, useRef, useState } from 'react'
import { deskAccount, type TicketField, ticketProblems } from '../../lib/ticket.ts'
import { useBrokerName } from '../../state/app.ts'
import { useConnections } from '../../state/connections.ts'
import { useOrders } from '../../state/orders.ts'
import { dataOf } from '../../state/remote.ts'
import { show } from '../../state/surface.ts'
import { closeTicket, reviewTicket, useTicket } from '../../state/ticket.ts'
import { Button } from '../../ui/Button.tsx'
import { Icon } from '../../ui/icons.tsx'
import { ErrorNote } from '../../ui/notes.tsx'
import { EnvBand, moneyWords, Plain } from './parts.tsx'
import { useFreshQuote } from './QuoteLine.tsx'
import { TicketFields } from './TicketFields.tsx'

const SLOW = 'Interactive Brokers is asked for its open orders first, which can take ten seconds.'

/** The form of the ticket; Enter anywhere in it goes on to the review. */
export function TicketEdit() {
  const { form, step, error, request } = useTicket()
  const desk = useOrders(state => dataOf(state.desk))
  const [shown, setShown] = useState(request !== null)
  const place = useRef<HTMLFormElement>(null)
  useFreshQuote()
  // What is typed next takes the place of what was left there.
  useEffect(() => place.current?.querySelector<HTMLInputElement>('#ticket-symbol')?.select(), [])
  const found = deskAccount(desk, form.accountId)
  const problems = ticketProblems(form, found?.connection.rules)
  const reviewing = step.kind === 'reviewing'
  const asksIbkr = desk?.connections.some(({ broker }) => broker === 'ibkr') === true
  function goOn() {
    setShown(true)
    const [first] = Object.keys(problems)
    if (first === undefined) return void reviewTicket()
    const target = place.current?.querySelector<HTMLElement>(`#ticket-${first}`)
    const inside = target?.matches('input, select') ? target : target?.querySelector<HTMLElement>('button')
    inside?.focus()
  }
  const submit = (event: FormEvent) => {
    event.preventDefault()
    if (!reviewing) goOn()
  }
  return (
    // oxlint-disable-next-line jsx-a11y/no-noninteractive-element-interactions -- Enter in its choices submits it, as in its lines of text
    <form className="stack-l" onSubmit={submit} onKeyDown={enterGoesOn} noValidate ref={place}>
      {found ? (
        <EnvBand environment={found.connection.environment}>
          <Money connection={found.connection} account={found.account} />
        </EnvBand>
      ) : null}
      {request ? (
        <p className="sub">
          Asked for by <Plain text={request.from} />. Change what you like: what you review is what is sent.
        </p>
      ) : null}
      {form.replaces === null ? null : <p className="sub">The broker cancels the order there is and takes this one in its place.</p>}
      <TicketFields form={form} problems={shown ? problems : ({} satisfies Partial<Record<TicketField, string>>)} />
      <NotReady />
      {error ? <ErrorNote error={error} /> : null}
      <div className="dialog-foot">
        {reviewing && asksIbkr ? <span className="left stamp">{SLOW}</span> : <span className="left stamp wide-only">Enter goes on to the review. Nothing is sent before it.</span>}
        <Button large onClick={closeTicket}>
          Close
        </Button>
        <Button large variant="primary" type="submit" busy={reviewing}>
          {reviewing ? 'Reviewing' : 'Review order'}
        </Button>
      </div>
    </form>
  )
}

/** Whose money it is. The list of accounts is too narrow for their numbers in a small window. */
function Money({ connection, account }: NonNullable<ReturnType<typeof deskAccount>>) {
  const name = useBrokerName(connection.broker)
  return (
    <>
      {`${moneyWords(connection.environment)} at ${name}, `}
      <Plain text={`${account.name} ${account.maskedNumber}`} />
    </>
  )
}

/** Enter in a choice goes on as it does in a line of text; Space and the arrows choose. */
function enterGoesOn(event: KeyboardEvent<HTMLFormElement>) {
  const { target } = event
  if (event.key !== 'Enter' || !(target instanceof HTMLElement)) return
  // A key held down goes on once.
  if (event.repeat) return event.preventDefault()
  if (!target.matches('select, [role="radio"], input[type="checkbox"]')) return
  event.preventDefault()
  event.currentTarget.requestSubmit()
}

/** Why the chosen account cannot trade now, with the way out, before the order is typed to its end. */
function NotReady() {
  const accountId = useTicket(state => state.form.accountId)
  const desk = useOrders(state => dataOf(state.desk))
  const known = useConnections(state => dataOf(state.list))
  const connection = deskAccount(desk, accountId)?.connection
  if (!connection) return null
  const { isOn, because, connectionId } = connection
  if (isOn && because === null) return null
  const there = known?.some(({ id }) => id === connectionId) ?? false
  return (
    <div className="note warn">
      <Icon name="warn" />
      <div className="grow">
        <p>
          <span className="lead">{because?.message ?? 'Trading is off for this connection: it only reads.'}</span>{' '}
          {because?.action ?? 'Switch it on to send this order.'}
        </p>
        {there && !isOn ? (
          <div className="acts">
            <Button onClick={() => show({ kind: 'trading', connectionId, forTicket: true })}>Switch trading on</Button>
          </div>
        ) : null}
      </div>
    </div>
  )
}
