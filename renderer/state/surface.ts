import { create } from 'zustand'
import type { ConnectionView } from '../../shared/contract/schemas.ts'
import type { AccountId, ConnectionId } from '../../shared/domain/ids.ts'

export type Surface =
  | { readonly kind: 'none' }
  | { readonly kind: 'palette' }
  | { readonly kind: 'shortcuts' }
  | { readonly kind: 'start-over' }
  | { readonly kind: 'notices' }
  | { readonly kind: 'diagnostics' }
  | { readonly kind: 'about' }
  | { readonly kind: 'update' }
  | { readonly kind: 'app-lock' }
  | { readonly kind: 'app-lock-off' }
  | { readonly kind: 'passphrase' }
  | { readonly kind: 'ticket' }
  | { readonly kind: 'rearm' }
  | { readonly kind: 'audit' }
  | { readonly kind: 'settle'; readonly intentId: string }
  | { readonly kind: 'trading'; readonly connectionId: ConnectionId; readonly forTicket?: boolean }
  | { readonly kind: 'limits'; readonly accountId: AccountId | null }
  | { readonly kind: 'differences'; readonly accountId: AccountId | null; readonly symbol: string | null }
  | { readonly kind: 'opening-lot'; readonly gapId: string | null }
  | { readonly kind: 'lot-methods' }
  | { readonly kind: 'schedule'; readonly connectionId: ConnectionId }
  | { readonly kind: 'disconnect'; readonly connectionId: ConnectionId }
  | { readonly kind: 'rename'; readonly connectionId: ConnectionId }
  | { readonly kind: 'manage'; readonly connectionId: ConnectionId }
  | { readonly kind: 'sync-report'; readonly connectionId: ConnectionId }

interface SurfaceState {
  readonly open: Surface
  /** Sign-in alerts put away, by connection and the state they were about. */
  readonly dismissed: ReadonlySet<string>
  /** A control of the page that is to have the focus as soon as it can take it. */
  readonly pointed: 'export' | null
}

/** What lies over the page, and what the user has put away in this session. */
export const useSurface = create<SurfaceState>()(() => ({ open: { kind: 'none' }, dismissed: new Set(), pointed: null }))

export function show(surface: Surface): void {
  useSurface.setState({ open: surface })
}

export function hide(): void {
  useSurface.setState({ open: { kind: 'none' } })
}

/** Leads the user to a control of the page; null once it was found. */
export function point(pointed: SurfaceState['pointed']): void {
  useSurface.setState({ pointed })
}

/** Names one alert: a new reason or a new moment is a new alert. */
export function alertKey({ id, state }: ConnectionView): string {
  return state.kind === 'needs-sign-in' ? `${id} ${state.because} ${state.since}` : `${id} expired`
}

export function dismissAlert(key: string): void {
  useSurface.setState(state => ({ dismissed: new Set([...state.dismissed, key]) }))
}
