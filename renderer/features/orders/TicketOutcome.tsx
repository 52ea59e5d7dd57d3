import { useEffect, useRef, useState } from 'react'
import type { ErrorView } from '../../../shared/contract/errors.ts'
import type { PlacedView } from '../../../shared/contract/orders.ts'
import { useBrokerName } from '../../state/app.ts'
import { errorViewOf } from '../../state/failure.ts'
import { openOrder } from '../../state/orders.ts'
import { go } from '../../state/route.ts'
import { show } from '../../state/surface.ts'
import { closeTicket, lookAgain, openTicket, type TicketStep } from '../../state/ticket.ts'
import { Button } from '../../ui/Button.tsx'
import { Icon, type IconName } from '../../ui/icons.tsx'
import { ErrorNote } from '../../ui/notes.tsx'
import { EnvBand, Plain } from './parts.tsx'
import { ReadBack } from './ReadBack.tsx'
import { showFromTop, useSettled } from './settled.ts'

type Outcome = PlacedView['outcome']

const SHOWN: Readonly<Record<Outcome, { readonly icon: IconName; readonly tone: 'good' | 'bad' | 'warn'; readonly title: string }>> = {
  confirmed: { icon: 'check', tone: 'good', title: 'The broker has it' },
  rejected: { icon: 'close', tone: 'bad', title: 'Refused, nothing was placed' },
  'not-sent': { icon: 'stop', tone: 'bad', title: 'Not sent' },
  sending: { icon: 'clock', tone: 'warn', title: 'Being sent' },
  unknown: { icon: 'warn', tone: 'warn', title: 'UNKNOWN: it may be at the broker' },
}

/** What became of the order, in words. */
export function TicketOutcome({ step }: { readonly step: Over }) {
  const place = useRef<HTMLElement>(null)
  const { review } = step
  const name = useBrokerName(review.broker)
  // The button that was pressed is gone: the words that came in its place get the focus, not another button.
  useEffect(() => showFromTop(place.current), [step.kind])
  return (
    <section className="stack-l read-back" ref={place} tabIndex={-1} aria-label="What became of the order">
      <EnvBand environment={review.environment}>
        {`${name}, `}
        <Plain text={`${review.accountName} ${review.maskedNumber}`} />
      </EnvBand>
      {step.kind === 'sending' ? <Sending broker={name} /> : null}
      {step.kind === 'lost' ? <Lost error={step.error} /> : null}
      {step.kind === 'sent' ? <Sent placed={step.placed} broker={name} /> : null}
      <ReadBack review={review} isQuiet />
      <Foot step={step} />
    </section>
  )
}

type Over = Extract<TicketStep, { kind: 'sending' | 'sent' | 'lost' }>

/** Where the button that sends was, another one stands now: a double click must not press both. */
function Foot({ step }: { readonly step: Over }) {
  const settled = useSettled(step.kind)
  const press = (run: () => void) => ({ 'aria-disabled': !settled, onClick: () => (settled ? run() : undefined) })
  return (
    <div className="dialog-foot">
      {step.kind === 'sending' ? null : (
        <Button large {...press(() => openTicket({ accountId: step.review.accountId }))}>
          Another order
        </Button>
      )}
      <Button large {...press(() => showOrders(step))}>
        Show the orders
      </Button>
      <Button large variant="primary" {...press(closeTicket)}>
        Close
      </Button>
    </div>
  )
}

function showOrders(step: TicketStep) {
  closeTicket()
  go('orders')
  if (step.kind === 'sent') void openOrder(step.placed.intentId)
}

function Sending({ broker }: { readonly broker: string }) {
  return (
    <output className="note info">
      <Icon name="clock" />
      <p>
        <span className="strong">{`On its way to ${broker}.`}</span> It goes out once. Closing this does not call it back.
      </p>
    </output>
  )
}

function Lost({ error }: { readonly error: ErrorView }) {
  return (
    <div className="note warn" role="alert">
      <Icon name="warn" />
      <div className="grow">
        <p>
          <span className="lead">This window lost sight of the order while it was sent.</span> {error.message} Look at it among the orders
          before you send anything again; Keelson sends nothing twice.
        </p>
        <p className="code">{error.code}</p>
      </div>
    </div>
  )
}

function Sent({ placed, broker }: { readonly placed: PlacedView; readonly broker: string }) {
  const { icon, tone, title } = SHOWN[placed.outcome]
  // A refusal says all there is to say, with the broker's own words.
  if (placed.error && tone === 'bad') return <ErrorNote error={placed.error} speaker={broker} />
  const isOpen = placed.outcome === 'unknown' || placed.outcome === 'sending'
  return (
    <div className={`note ${tone === 'good' ? 'done-well' : tone}`} role={tone === 'good' ? 'status' : 'alert'}>
      <Icon name={icon} />
      <div className="grow stack">
        <p>
          <span className={tone === 'bad' ? 'strong' : 'lead'}>{title}.</span> <Plain text={placed.sentence} />
        </p>
        {placed.outcome === 'unknown' ? <UnknownWords broker={broker} /> : null}
        {isOpen ? <DoubtActs intentId={placed.intentId} onLook={lookAgain} /> : null}
      </div>
    </div>
  )
}

/** What a doubt means and what to do, wherever one is shown. */
export function UnknownWords({ broker }: { readonly broker: string }) {
  return (
    <p>
      {`The order went out, and no answer came that says what became of it. It may be working at ${broker}. Keelson looks for it by itself and never sends it again; until it is known, nothing new is sent from this account.`}
    </p>
  )
}

interface DoubtProps {
  readonly intentId: string
  readonly onLook: () => Promise<void>
}

/** The two ways out of a doubt: Keelson looks again, or the user says what is at the broker. */
export function DoubtActs({ intentId, onLook }: DoubtProps) {
  const [looking, setLooking] = useState(false)
  const [error, setError] = useState<ErrorView | null>(null)
  async function look() {
    setLooking(true)
    setError(null)
    await onLook().catch((failure: unknown) => setError(errorViewOf(failure)))
    setLooking(false)
  }
  return (
    <>
      <div className="acts">
        <Button busy={looking} onClick={() => void look()}>
          {looking ? 'Looking' : 'Look now'}
        </Button>
        <Button onClick={() => show({ kind: 'settle', intentId })}>I saw it at the broker</Button>
      </div>
      {error ? <ErrorNote error={error} /> : null}
    </>
  )
}
