import { create } from 'zustand'
import type { ErrorView } from '../../shared/contract/errors.ts'
import type { CONFIRMATIONS, PlacedView, QuoteView, ReviewView, Ticket } from '../../shared/contract/orders.ts'
import { Instant } from '../../shared/domain/time.ts'
import { errorViewOf, isCanceled } from '../bridge/index.ts'
import { changed, deskAccount, EMPTY_FORM, formOf, onlyAccount, symbolOf, type TicketForm, ticketOf } from '../lib/ticket.ts'
import { visibleText } from '../lib/visible-text.ts'
import { api } from './api.ts'
import { now } from './clock.ts'
import { armAccount, readOrder, refreshShownOrders, resolveOrder, useOrders } from './orders.ts'
import { createReplacingLoader, dataOf, idle, type Remote } from './remote.ts'
import { hide, show, useSurface } from './surface.ts'
import { clearToasts, toast } from './toast.ts'

export type Confirmation = (typeof CONFIRMATIONS)[number]

/** A request of a program the ticket was filled from. */
export interface FromProgram {
  readonly id: string
  readonly from: string
}

/** Where the ticket stands. Nothing goes from one step to `sending` but one press of its button. */
export type TicketStep =
  | { readonly kind: 'edit' }
  | { readonly kind: 'reviewing' }
  | ReviewStep
  | { readonly kind: 'sending'; readonly review: ReviewView }
  | { readonly kind: 'sent'; readonly review: ReviewView; readonly placed: PlacedView }
  /** The line broke while it was sent: what became of it stands among the orders. */
  | { readonly kind: 'lost'; readonly review: ReviewView; readonly error: ErrorView }

export interface ReviewStep {
  readonly kind: 'review'
  readonly ticket: Ticket
  readonly review: ReviewView
  readonly confirmed: readonly Confirmation[]
  readonly digits: string
  readonly arming: boolean
  /** True once the digits were right: the review said before that they were needed. */
  readonly armed: boolean
  /** Why it was not sent. Nothing went out. */
  readonly error: ErrorView | null
}

interface TicketState {
  readonly form: TicketForm
  readonly request: FromProgram | null
  readonly step: TicketStep
  /** Why there is no review. */
  readonly error: ErrorView | null
  readonly quote: Remote<QuoteView | null>
  /** What the quote is of, so that one of another symbol is never shown beside this one. */
  readonly quoted: string
}

/** The order ticket: one at a time. */
export const useTicket = create<TicketState>()(() => ({
  form: EMPTY_FORM,
  request: null,
  step: { kind: 'edit' },
  error: null,
  quote: idle,
  quoted: '',
}))

const get = useTicket.getState
const set = useTicket.setState
const desk = () => dataOf(useOrders.getState().desk)

export function rulesFor(accountId: string) {
  return deskAccount(desk(), accountId)?.connection.rules
}

/** Opens the ticket: as it was left, or with what is given. An order that is being sent is shown, whatever is given. */
export function openTicket(given?: Partial<TicketForm>): void {
  if (get().step.kind === 'sending') return show({ kind: 'ticket' })
  const isLeft = given === undefined && get().request === null && get().form.replaces === null && get().step.kind !== 'sent'
  const start = isLeft ? get().form : EMPTY_FORM
  const accountId = start.accountId === '' ? onlyAccount(desk()) : start.accountId
  const form = changed({ ...start, accountId }, given ?? {}, rulesFor(given?.accountId ?? accountId))
  set({ form, request: null, step: { kind: 'edit' }, error: null })
  showTicket()
}

/** What was said before must not lie over what sends. */
function showTicket(): void {
  clearToasts()
  show({ kind: 'ticket' })
}

/** Opens the ticket with an order, such as one to be replaced or one a program asks for, and goes on to its review. */
export function openWith(ticket: Ticket, request: FromProgram | null): void {
  if (get().step.kind === 'sending') return show({ kind: 'ticket' })
  set({ form: formOf(ticket), request, step: { kind: 'edit' }, error: null })
  showTicket()
  if (request !== null) void reviewTicket()
}

/** Puts the ticket away. What is being sent is not called back: it shows among the orders. */
export function closeTicket(): void {
  hide()
  turn?.abort()
  const { step } = get()
  if (step.kind === 'sending') return
  const isDone = step.kind === 'sent' || step.kind === 'lost'
  set({
    step: { kind: 'edit' },
    error: null,
    ...(isDone ? { form: { ...EMPTY_FORM, accountId: get().form.accountId }, request: null } : {}),
  })
}

export function typeIn(change: Partial<TicketForm>): void {
  const form = { ...get().form, ...change }
  set({ form: changed(get().form, change, rulesFor(form.accountId)) })
}

/** Back from the review to the form. */
export function backToForm(): void {
  if (get().step.kind === 'review' || get().step.kind === 'reviewing') {
    turn?.abort()
    set({ step: { kind: 'edit' }, error: null })
  }
}

const readQuote = createReplacingLoader<TicketState, QuoteView | null>(
  useTicket,
  { get: state => state.quote, put: quote => ({ quote }) },
  signal => {
    const { form } = get()
    if (form.accountId === '') return Promise.resolve(null)
    const input = { accountId: form.accountId, symbol: symbolOf(form) ?? '', assetClass: form.assetClass }
    return api().request('orders.quote', input, { signal })
  },
)

/** What the price of a form would be of; empty while it names nothing. */
function quoteOf(form: TicketForm): string {
  const symbol = symbolOf(form)
  return symbol === undefined || form.accountId === '' ? '' : `${form.accountId} ${form.assetClass} ${symbol}`
}

/** The price of exactly what the ticket names now: one of another symbol or account is none. */
export function shownQuote({ form, quote, quoted }: Pick<TicketState, 'form' | 'quote' | 'quoted'>): TicketState['quote'] {
  return quoteOf(form) === quoted ? quote : idle
}

/** Asks for the price of what the ticket names; nothing while it names nothing. */
export function refreshQuote(): Promise<void> {
  const { form, quoted } = get()
  const of = quoteOf(form)
  if (of !== quoted) set({ quoted: of, quote: idle })
  return of === '' ? Promise.resolve() : readQuote()
}

let turn: AbortController | undefined

/** Has the order measured and read back. */
export async function reviewTicket(): Promise<void> {
  const { form, step } = get()
  const ticket = ticketOf(form, rulesFor(form.accountId))
  if (!ticket || step.kind === 'reviewing' || step.kind === 'sending') return
  turn?.abort()
  const mine = new AbortController()
  turn = mine
  set({ step: { kind: 'reviewing' }, error: null })
  try {
    const review = await api().request('orders.review', ticket, { signal: mine.signal })
    if (turn !== mine || mine.signal.aborted) return
    set({ step: { kind: 'review', ticket, review, confirmed: [], digits: '', arming: false, armed: false, error: null } })
  } catch (error) {
    if (turn !== mine || mine.signal.aborted || isCanceled(error)) return
    set({ step: { kind: 'edit' }, error: errorViewOf(error) })
  }
}

function patchReview(change: Partial<ReviewStep>): void {
  const { step } = get()
  if (step.kind === 'review') set({ step: { ...step, ...change } })
}

export function confirmNeed(confirmation: Confirmation, on: boolean): void {
  const { step } = get()
  if (step.kind !== 'review') return
  patchReview({ confirmed: [...step.confirmed.filter(one => one !== confirmation), ...(on ? [confirmation] : [])] })
}

export function typeDigits(digits: string): void {
  patchReview({ digits: digits.trim().slice(0, 4), error: null })
}

/** Tells the core the last digits of a live account. Sends nothing; the order is read back again where it was stopped for them. */
export async function armForReview(): Promise<void> {
  const { step } = get()
  if (step.kind !== 'review' || step.arming || step.digits === '') return
  patchReview({ arming: true, error: null })
  try {
    await armAccount(step.review.accountId, step.digits)
    const isStopped = step.review.stops.some(({ code }) => code === STOPPED_FOR_DIGITS)
    patchReview({ arming: false, armed: true, digits: '' })
    if (isStopped && get().step.kind === 'review') await reviewTicket()
  } catch (error) {
    patchReview({ arming: false, error: errorViewOf(error) })
  }
}

const STOPPED_FOR_DIGITS = 'order/stopped-digits'

/** What stands between a review and the broker, apart from the order itself. */
export interface WayOut {
  /** Keelson answers: what is sent while it does not would go out by itself once it does. */
  readonly isLinked: boolean
  readonly isKilled: boolean
}

export type Held = 'stopped' | 'killed' | 'expired' | 'unlinked' | 'digits' | 'needs' | null

/** What still keeps a reviewed order from being sent; null when one press sends it. */
export function heldBy(step: ReviewStep, at: Instant, { isLinked, isKilled }: WayOut): Held {
  const { review, confirmed, armed } = step
  const needsDigits = review.needsLiveDigits && !armed
  if (review.stops.some(({ code }) => code !== STOPPED_FOR_DIGITS || !needsDigits)) return 'stopped'
  if (isKilled) return 'killed'
  if (Instant.msBetween(at, review.expiresAt) <= 0) return 'expired'
  if (!isLinked) return 'unlinked'
  if (needsDigits) return 'digits'
  return review.needs.every(({ confirmation }) => confirmed.includes(confirmation)) ? null : 'needs'
}

/** Sends what was reviewed. Whatever is pressed again meanwhile does nothing: the step has changed before anything is awaited. */
export async function sendReviewed(): Promise<void> {
  const { step, request } = get()
  const wayOut = { isLinked: api().status().kind === 'open', isKilled: desk()?.kill.on ?? false }
  if (step.kind !== 'review' || step.arming || heldBy(step, now(), wayOut) !== null) return
  const { review, confirmed } = step
  set({ step: { kind: 'sending', review } })
  const what = { reviewId: review.reviewId, hash: review.hash, confirmed: [...confirmed] }
  try {
    const placed = request ? await api().request('orders.approve', { id: request.id, ...what }) : await api().request('orders.place', what)
    set({ step: { kind: 'sent', review, placed } })
    // Whoever closed the ticket meanwhile is told all the same.
    if (useSurface.getState().open.kind !== 'ticket') toast(visibleText(placed.sentence), 'What became of your order')
  } catch (error) {
    const view = errorViewOf(error)
    // What the core refuses, or cannot read before it writes an order down, went nowhere; of anything else nobody here can know.
    set({ step: wasRefused(view.code) ? { ...step, error: view } : { kind: 'lost', review, error: view } })
  }
  void refreshShownOrders()
}

const BEFORE_SENDING = ['order/', 'net/', 'broker/', 'auth/', 'vault/', 'local/', 'flex/', 'app/locked', 'app/not-found']

function wasRefused(code: string): boolean {
  return code !== 'order/unknown' && BEFORE_SENDING.some(prefix => code.startsWith(prefix))
}

/** Looks at the broker for what became of the order just sent. Rejects with BridgeError. */
export async function lookAgain(): Promise<void> {
  const { step } = get()
  if (step.kind !== 'sent') return
  const placed = await resolveOrder(step.placed.intentId)
  if (get().step === step) set({ step: { ...step, placed } })
}

/** Tells the ticket what became known meanwhile of the order it still shows as in doubt. Looks at nothing but what Keelson has found itself. */
export async function followSent(): Promise<void> {
  const { step } = get()
  if (step.kind !== 'sent' || !isInDoubt(step.placed.outcome)) return
  try {
    const { order } = await readOrder(step.placed.intentId)
    if (!isInDoubt(order.status) && get().step === step) await lookAgain()
  } catch {
    // It stays in doubt; the next event reads it again.
  }
}

const isInDoubt = (state: string): boolean => state === 'unknown' || state === 'sending'

/** The same, from what the user saw. */
export function noteSettled(placed: PlacedView): void {
  const { step } = get()
  if (step.kind === 'sent' && step.placed.intentId === placed.intentId) set({ step: { ...step, placed } })
}
