import { type KeyboardEvent, useEffect, useRef } from 'react'
import type { ReviewView } from '../../../shared/contract/orders.ts'
import { Instant } from '../../../shared/domain/time.ts'
import { environmentWord, formatWait } from '../../lib/format/index.ts'
import { estimateWords } from '../../lib/order-words.ts'
import { deskAccount } from '../../lib/ticket.ts'
import { useBrokerName } from '../../state/app.ts'
import { useNow } from '../../state/clock.ts'
import { useLink } from '../../state/link.ts'
import { useKill, useOrders } from '../../state/orders.ts'
import { dataOf } from '../../state/remote.ts'
import {
  armForReview,
  backToForm,
  confirmNeed,
  type Held,
  heldBy,
  type ReviewStep,
  reviewTicket,
  sendReviewed,
  typeDigits,
  useTicket,
} from '../../state/ticket.ts'
import { Button } from '../../ui/Button.tsx'
import { TextField } from '../../ui/fields.tsx'
import { Icon } from '../../ui/icons.tsx'
import { ErrorNote } from '../../ui/notes.tsx'
import { EnvBand, moneyWords, Plain } from './parts.tsx'
import { Quote } from './QuoteLine.tsx'
import { ReadBack } from './ReadBack.tsx'
import { showFromTop, useSettled } from './settled.ts'

/** Clocks differ by a little: nobody is promised more than there is. */
const LONGEST_MS = 30_000

/** What exactly would be sent, what it would come to and what keeps it from being sent. */
export function TicketReview({ step }: { readonly step: ReviewStep }) {
  const { review } = step
  const name = useBrokerName(review.broker)
  const request = useTicket(state => state.request)
  const now = useNow(1)
  const isLinked = useLink(({ status }) => status.kind === 'open')
  const held = heldBy(step, now, { isLinked, isKilled: useKill()?.on ?? false })
  const place = useRef<HTMLElement>(null)
  useEffect(() => showFromTop(place.current), [review.reviewId])
  return (
    <section className="stack-l read-back" ref={place} tabIndex={-1} aria-label="Review of the order">
      <EnvBand environment={review.environment}>
        {`${moneyWords(review.environment)} at ${name}, `}
        <Plain text={`${review.accountName} ${review.maskedNumber}`} />
      </EnvBand>
      {request ? (
        <p className="sub">
          Asked for by <Plain text={request.from} />.
        </p>
      ) : null}
      <Stops review={review} />
      <ReadBack review={review} />
      <Estimates review={review} broker={name} />
      <Warnings review={review} broker={name} />
      {held === 'stopped' || held === 'killed' ? null : <Needs step={step} />}
      <Meanwhile held={held} />
      {step.error ? <ErrorNote error={step.error} speaker={name} /> : null}
      <Foot step={step} held={held} now={now} />
    </section>
  )
}

interface OfReview {
  readonly review: ReviewView
  readonly broker: string
}

function Estimates({ review, broker }: OfReview) {
  const desk = useOrders(state => dataOf(state.desk))
  const currency = deskAccount(desk, review.accountId)?.account.currency ?? review.quote?.currency ?? 'USD'
  const rows = [
    { label: 'Value', estimate: review.value },
    { label: 'At worst', estimate: review.worstValue },
    { label: 'Fees', estimate: review.fees },
    { label: 'Buying power', estimate: review.buyingPower },
  ]
  return (
    <section className="estimates" aria-label="Estimates">
      <dl>
        {rows.map(({ label, estimate }) => {
          const { figure, by } = estimateWords(estimate, estimate === review.value ? valueCurrency(review, currency) : currency, broker)
          return (
            <div key={label}>
              <dt>{label}</dt>
              <dd>
                <span className={by === '' ? 'sub' : 'strong num'}>{figure}</span>
                <span className="stamp">
                  {by}
                  {by !== '' && estimate.note !== '' ? '. ' : ''}
                  {estimate.note === '' ? null : <Plain text={estimate.note} />}
                </span>
              </dd>
            </div>
          )
        })}
      </dl>
      {review.quote ? <Quote quote={review.quote} /> : <p className="stamp">No price was read for it.</p>}
    </section>
  )
}

/** What Keelson reckons from a price is in the currency of that price. */
function valueCurrency({ value, quote, lines }: ReviewView, own: string): string {
  const isAmount = lines.some(({ label }) => label === 'Amount')
  return value.source === 'ours' && !isAmount ? (quote?.currency ?? own) : own
}

function Stops({ review }: Pick<OfReview, 'review'>) {
  if (review.stops.length === 0) return null
  return (
    <ul className="stack" aria-label="What stops it">
      {review.stops.map(({ code, message, action }) => (
        <li key={code} className="note bad">
          <Icon name="stop" />
          <div className="grow">
            <p>
              <span className="strong">
                <Plain text={message} />
              </span>{' '}
              <Plain text={action} />
            </p>
            <p className="code">{code}</p>
          </div>
        </li>
      ))}
    </ul>
  )
}

function Warnings({ review, broker }: OfReview) {
  if (review.brokerWarnings.length === 0) return null
  return (
    <div className="note warn">
      <Icon name="warn" />
      <div className="grow">
        <p className="lead">{`${broker} says`}</p>
        <ul>
          {review.brokerWarnings.map(text => (
            <li key={text}>
              <Plain text={text} />
            </li>
          ))}
        </ul>
      </div>
    </div>
  )
}

/** Each second yes on its own, and the last digits of an account with real money, once a run. */
function Needs({ step }: { readonly step: ReviewStep }) {
  const { review, confirmed, digits, arming, armed } = step
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key !== 'Enter') return
    event.preventDefault()
    if (!event.repeat) void armForReview()
  }
  return (
    <>
      {review.needs.map(({ confirmation, sentence }) => (
        <label key={confirmation} className="note warn need">
          <input
            type="checkbox"
            checked={confirmed.includes(confirmation)}
            onChange={event => confirmNeed(confirmation, event.currentTarget.checked)}
          />
          <Plain text={sentence} />
        </label>
      ))}
      {review.needsLiveDigits && !armed ? (
        // oxlint-disable-next-line jsx-a11y/no-static-element-interactions -- Enter in the field confirms the digits and never sends
        <div className="digits" onKeyDown={onKeyDown}>
          <TextField
            id="ticket-digits"
            label="Last digits of this account"
            hint="It trades real money, so they are asked for once in each run of Keelson."
            value={digits}
            onChange={typeDigits}
          />
          <Button busy={arming} disabled={digits.length < 2} onClick={() => void armForReview()}>
            Confirm digits
          </Button>
        </div>
      ) : null}
      {armed ? (
        <p className="good row">
          <Icon name="check" />
          The digits are right. They are not asked for again in this run.
        </p>
      ) : null}
    </>
  )
}

/** What happened since it was reviewed. */
function Meanwhile({ held }: { readonly held: Held }) {
  if (held !== 'killed' && held !== 'unlinked') return null
  return (
    <p className="note bad" role="alert">
      <Icon name={held === 'killed' ? 'stop' : 'unplug'} />
      <span>
        {held === 'killed'
          ? 'All trading was stopped meanwhile. This order was not sent.'
          : 'Keelson does not answer. This order was not sent, and is not sent by itself once Keelson is back.'}
      </span>
    </p>
  )
}

const HELD: Readonly<Record<Exclude<Held, 'expired' | null>, string>> = {
  stopped: 'It is not sent as it is.',
  killed: 'It is not sent while trading is stopped.',
  unlinked: 'It waits for Keelson.',
  digits: 'It waits for the last digits.',
  needs: 'It waits for your second yes.',
}

interface FootProps {
  readonly step: ReviewStep
  readonly held: Held
  readonly now: Instant
}

function Foot({ step, held, now }: FootProps) {
  const settled = useSettled(step.review.reviewId)
  const { environment, expiresAt } = step.review
  const left = Math.min(LONGEST_MS, Math.max(0, Instant.msBetween(now, expiresAt)))
  const isOver = held === 'stopped' || held === 'killed'
  const again = held === 'expired' || isOver || step.error !== null
  const words = `Send ${environmentWord(environment).toLowerCase()} order`
  return (
    <div className="dialog-foot">
      <span className="left stamp" role="timer">
        {held === 'expired'
          ? 'This review has run out. Nothing was sent.'
          : `${held === null ? 'Holds' : HELD[held]} ${held === null ? 'for ' : ''}${isOver ? '' : formatWait(left)}`}
      </span>
      <Button large onClick={backToForm}>
        Change it
      </Button>
      {again ? (
        <Button large variant="primary" onClick={() => void reviewTicket()}>
          Review again
        </Button>
      ) : (
        <Button
          large
          variant="primary"
          className={`send ${environment}`}
          disabled={held !== null}
          aria-disabled={!settled}
          onKeyDown={onlyOnce}
          onClick={() => (settled ? void sendReviewed() : undefined)}
        >
          {words}
        </Button>
      )}
    </div>
  )
}

/** A key held down presses its button again and again. */
function onlyOnce(event: KeyboardEvent) {
  if (event.repeat) event.preventDefault()
}
