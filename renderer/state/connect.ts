import { create } from 'zustand'
import type { FlowView } from '../../shared/contract/connections.ts'
import type { ErrorView } from '../../shared/contract/errors.ts'
import type { OutputOf } from '../../shared/contract/routes.ts'
import type { ConnectionView } from '../../shared/contract/schemas.ts'
import type { BrokerId, Environment, Method } from '../../shared/domain/broker.ts'
import type { ConnectionId, FlowId } from '../../shared/domain/ids.ts'
import { errorViewOf, isCanceled } from '../bridge/index.ts'
import type { FormValues } from '../lib/form.ts'
import { api } from './api.ts'
import { refreshConnections, useConnections } from './connections.ts'
import { dataOf } from './remote.ts'

export interface Choice {
  readonly broker: BrokerId
  readonly environment: Environment
  readonly method: Method
  readonly reconnect: ConnectionId | null
  /** True when it is for the permission to trade, which is ticked then. */
  readonly trading?: boolean
}

/** How a form was tried: what passed counts for exactly the values that were sent. */
export type Trial =
  | { readonly kind: 'none' }
  | { readonly kind: 'testing' }
  | { readonly kind: 'passed'; readonly sent: FormValues; readonly answer: OutputOf<'connections.try'> }
  | { readonly kind: 'failed'; readonly error: ErrorView }

/** Where the connect dialog stands. */
export type ConnectStep =
  | { readonly kind: 'closed' }
  | { readonly kind: 'broker' }
  | { readonly kind: 'gone'; readonly broker: BrokerId }
  | { readonly kind: 'environment'; readonly broker: BrokerId }
  | { readonly kind: 'method'; readonly broker: BrokerId; readonly environment: Environment }
  | { readonly kind: 'app-keys'; readonly choice: Choice }
  | { readonly kind: 'consent'; readonly choice: Choice; readonly starting: boolean; readonly error: ErrorView | null }
  | FormStep
  | WaitingStep
  | { readonly kind: 'done'; readonly choice: Choice; readonly connectionId: ConnectionId; readonly joined: boolean }

export interface FormStep {
  readonly kind: 'form'
  readonly choice: Choice
  readonly values: FormValues
  /** What is wrong, by field; nothing is sent while there is anything. */
  readonly problems: Readonly<Record<string, string>>
  readonly trial: Trial
  readonly saving: boolean
  readonly error: ErrorView | null
}

interface WaitingStep {
  readonly kind: 'waiting'
  readonly choice: Choice
  readonly flow: FlowView
  readonly pasteError: ErrorView | null
  /** Connections there were before: one of them in the answer means the sign-in joined it. */
  readonly known: readonly ConnectionId[]
}

interface ConnectState {
  readonly step: ConnectStep
  /** What was typed into forms since the dialog opened, so that going back and forth loses nothing. */
  readonly drafts: Readonly<Record<string, FormValues>>
}

/** The connect dialog: choose, consent, sign in. */
export const useConnect = create<ConnectState>()(() => ({ step: { kind: 'closed' }, drafts: {} }))

const step = () => useConnect.getState().step
export const toStep = (next: ConnectStep): void => useConnect.setState({ step: next })

export function openConnect(): void {
  toStep({ kind: 'broker' })
}

/** Offers another way in at the same broker and environment; one that shows the same accounts joins the connection. */
export function openOtherWay({ broker, environment }: ConnectionView): void {
  toStep({ kind: 'method', broker, environment })
}

/** Renews one way in of an existing connection in place: everything but the consent is known. */
export function openReconnect(connection: ConnectionView, way: Method = connection.method): void {
  const { broker, environment, id } = connection
  toStep({ kind: 'consent', choice: { broker, environment, method: way, reconnect: id }, starting: false, error: null })
}

/** The same to be allowed to trade: what the sign-in asks for is for the user to agree to. */
export function openTradingReconnect({ broker, environment, id, method }: ConnectionView): void {
  toStep({ kind: 'consent', choice: { broker, environment, method, reconnect: id, trading: true }, starting: false, error: null })
}

type UnderWay = Extract<ConnectStep, { kind: 'consent' | 'form' | 'waiting' }>

/** True from the user's agreement until the sign-in has an end. */
export function isUnderWay(now: ConnectStep): now is UnderWay {
  if (now.kind === 'consent') return now.starting
  if (now.kind === 'form') return now.saving || now.trial.kind === 'testing'
  return now.kind === 'waiting' && isOpen(now.flow)
}

let turn: AbortController | undefined

/** Begins something the dialog waits for; what it waited for before is given up. */
export function takeTurn(): AbortController {
  turn?.abort()
  turn = new AbortController()
  return turn
}

/** True while nothing newer took over and the dialog is still open. */
export function hasTurn(mine: AbortController): boolean {
  return turn === mine && !mine.signal.aborted
}

/** Gives up what the dialog waits for. */
export function giveUp(): void {
  turn?.abort()
}

/** Puts the dialog away; a sign-in under way is canceled, so that its listener closes. */
export function closeConnect(): void {
  const now = step()
  giveUp()
  useConnect.setState({ step: { kind: 'closed' }, drafts: {} })
  if (now.kind !== 'waiting' || !isOpen(now.flow)) return
  api()
    .request('connections.cancel', { flowId: now.flow.flowId })
    .catch(() => undefined)
}

export function isOpen(flow: FlowView): boolean {
  return flow.state.kind === 'waiting' || flow.state.kind === 'finishing'
}

/** Starts the browser sign-in after the user agreed. */
export async function startSignIn(choice: Choice, scopes: readonly string[]): Promise<void> {
  const mine = takeTurn()
  toStep({ kind: 'consent', choice, starting: true, error: null })
  try {
    const { broker, environment, reconnect } = choice
    const known = (dataOf(useConnections.getState().list) ?? []).map(({ id }) => id)
    const input = { broker, environment, scopes: [...scopes], consent: true as const, ...(reconnect ? { reconnect } : {}) }
    const flow = await api().request('connections.signIn', input, { signal: mine.signal })
    if (hasTurn(mine)) toStep(stepForFlow({ choice, known }, flow))
  } catch (error) {
    if (!hasTurn(mine) || isCanceled(error)) return
    const view = errorViewOf(error)
    toStep(
      view.code === 'auth/app-missing' || view.code === 'auth/keys-missing'
        ? { kind: 'app-keys', choice }
        : { kind: 'consent', choice, starting: false, error: view },
    )
  }
}

/** Where a sign-in's state leads the dialog. */
export function stepForFlow({ choice, known }: Pick<WaitingStep, 'choice' | 'known'>, flow: FlowView): ConnectStep {
  if (flow.state.kind !== 'connected') return { kind: 'waiting', choice, flow, pasteError: null, known }
  const { connectionId } = flow.state
  return { kind: 'done', choice, connectionId, joined: choice.reconnect === null && known.includes(connectionId) }
}

function takeFlow(flow: FlowView): void {
  const now = step()
  if (now.kind !== 'waiting' || now.flow.flowId !== flow.flowId) return
  toStep(stepForFlow(now, flow))
  if (flow.state.kind === 'connected') void refreshConnections()
}

/** Reads the sign-in again when it is the one on screen. */
export async function refreshFlow(flowId?: FlowId): Promise<void> {
  const now = step()
  if (now.kind !== 'waiting' || (flowId !== undefined && now.flow.flowId !== flowId)) return
  try {
    takeFlow(await api().request('connections.flow', { flowId: now.flow.flowId }))
  } catch {
    // The next event or the countdown reads it again.
  }
}

/** Finishes the sign-in on screen with a pasted address or code. */
export async function pasteAnswer(text: string): Promise<void> {
  const now = step()
  if (now.kind !== 'waiting') return
  toStep({ ...now, pasteError: null })
  try {
    takeFlow(await api().request('connections.paste', { flowId: now.flow.flowId, text }))
  } catch (error) {
    const latest = step()
    if (latest.kind === 'waiting') toStep({ ...latest, pasteError: errorViewOf(error) })
  }
}
