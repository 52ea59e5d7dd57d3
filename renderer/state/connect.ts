import { create } from 'zustand'
import type { FlowView } from '../../shared/contract/connections.ts'
import type { ErrorView } from '../../shared/contract/errors.ts'
import type { ConnectionView } from '../../shared/contract/schemas.ts'
import type { BrokerId, Environment, Method } from '../../shared/domain/broker.ts'
import type { ConnectionId, FlowId } from '../../shared/domain/ids.ts'
import { errorViewOf, isCanceled } from '../bridge/index.ts'
import { api } from './api.ts'
import { refreshConnections } from './connections.ts'

export interface Choice {
  readonly broker: BrokerId
  readonly environment: Environment
  readonly method: Method
  readonly reconnect: ConnectionId | null
}

/** Where the connect dialog stands. */
export type ConnectStep =
  | { readonly kind: 'closed' }
  | { readonly kind: 'broker' }
  | { readonly kind: 'environment'; readonly broker: BrokerId }
  | { readonly kind: 'method'; readonly broker: BrokerId; readonly environment: Environment }
  | { readonly kind: 'app-keys'; readonly choice: Choice }
  | { readonly kind: 'consent'; readonly choice: Choice; readonly starting: boolean; readonly error: ErrorView | null }
  | { readonly kind: 'keys'; readonly choice: Choice; readonly saving: boolean; readonly error: ErrorView | null }
  | { readonly kind: 'waiting'; readonly choice: Choice; readonly flow: FlowView; readonly pasteError: ErrorView | null }
  | { readonly kind: 'done'; readonly choice: Choice; readonly connectionId: ConnectionId }

interface ConnectState {
  readonly step: ConnectStep
}

/** The connect dialog: choose, consent, sign in. */
export const useConnect = create<ConnectState>()(() => ({ step: { kind: 'closed' } }))

const step = () => useConnect.getState().step
export const toStep = (next: ConnectStep): void => useConnect.setState({ step: next })

export function openConnect(): void {
  toStep({ kind: 'broker' })
}

/** Renews an existing connection in place: everything but the consent is known. */
export function openReconnect(connection: ConnectionView): void {
  const { broker, environment, method, id } = connection
  toStep({ kind: 'consent', choice: { broker, environment, method, reconnect: id }, starting: false, error: null })
}

type UnderWay = Extract<ConnectStep, { kind: 'consent' | 'keys' | 'waiting' }>

/** True from the user's agreement until the sign-in has an end. */
export function isUnderWay(now: ConnectStep): now is UnderWay {
  if (now.kind === 'consent') return now.starting
  if (now.kind === 'keys') return now.saving
  return now.kind === 'waiting' && isOpen(now.flow)
}

let starting: AbortController | undefined

/** Puts the dialog away; a sign-in under way is canceled, so that its listener closes. */
export function closeConnect(): void {
  const now = step()
  starting?.abort()
  toStep({ kind: 'closed' })
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
  starting?.abort()
  const mine = new AbortController()
  starting = mine
  toStep({ kind: 'consent', choice, starting: true, error: null })
  try {
    const { broker, environment, reconnect } = choice
    const input = { broker, environment, scopes: [...scopes], consent: true as const, ...(reconnect ? { reconnect } : {}) }
    const flow = await api().request('connections.signIn', input, { signal: mine.signal })
    if (starting === mine) toStep(stepForFlow(choice, flow))
  } catch (error) {
    if (starting !== mine || isCanceled(error)) return
    const view = errorViewOf(error)
    toStep(view.code === 'auth/app-missing' ? { kind: 'app-keys', choice } : { kind: 'consent', choice, starting: false, error: view })
  }
}

/** Tries a key pair and connects with it. */
export async function connectWithKeys(choice: Choice, keyId: string, secret: string): Promise<void> {
  starting?.abort()
  const mine = new AbortController()
  starting = mine
  toStep({ kind: 'keys', choice, saving: true, error: null })
  try {
    const { broker, environment, reconnect } = choice
    const input = { broker, environment, keyId, secret, consent: true as const, ...(reconnect ? { reconnect } : {}) }
    const { connectionId } = await api().request('connections.withKeys', input, { signal: mine.signal })
    if (starting !== mine) return
    toStep({ kind: 'done', choice, connectionId })
    await refreshConnections()
  } catch (error) {
    if (starting === mine && !isCanceled(error)) toStep({ kind: 'keys', choice, saving: false, error: errorViewOf(error) })
  }
}

/** Where a sign-in's state leads the dialog. */
export function stepForFlow(choice: Choice, flow: FlowView): ConnectStep {
  if (flow.state.kind === 'connected') return { kind: 'done', choice, connectionId: flow.state.connectionId }
  return { kind: 'waiting', choice, flow, pasteError: null }
}

function takeFlow(flow: FlowView): void {
  const now = step()
  if (now.kind !== 'waiting' || now.flow.flowId !== flow.flowId) return
  toStep(stepForFlow(now.choice, flow))
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
