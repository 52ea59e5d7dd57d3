import { create } from 'zustand'
import type { DesktopChange, DesktopStatus, UpdateView } from '../../shared/contract/desktop.ts'
import { api } from './api.ts'
import { useApp } from './app.ts'
import { now } from './clock.ts'
import { createLoader, dataOf, idle, type Remote, succeeded } from './remote.ts'

interface DesktopState {
  readonly status: Remote<DesktopStatus>
}

/** The desktop around this window: what it can do, how the user wants it, and how an update stands. */
export const useDesktop = create<DesktopState>()(() => ({ status: idle }))

export const refreshDesktop = createLoader<DesktopState, DesktopStatus>(
  useDesktop,
  { get: state => state.status, put: status => ({ status }) },
  () => api().request('desktop.status', {}),
)

/** The desktop when there is one around this window; null in a browser, and before it is known. */
export function desktopHere(): DesktopStatus | null {
  return onlyHere(useDesktop.getState().status)
}

/** The same in a component. */
export function useDesktopHere(): DesktopStatus | null {
  return useDesktop(state => onlyHere(state.status))
}

function onlyHere(status: Remote<DesktopStatus>): DesktopStatus | null {
  const known = dataOf(status)
  return known?.here ? known : null
}

/** True where Keelson runs as an app of the desktop, also before the desktop is known or when it could not be read. */
export function useIsDesktopApp(): boolean {
  const here = useDesktop(state => dataOf(state.status)?.here)
  const host = useApp(state => dataOf(state.status)?.host)
  return here ?? host === 'desktop'
}

/** True while the app runs with nothing in its background. */
export function useIsSafeMode(): boolean {
  return Boolean(useDesktopHere()?.safeMode)
}

/** Changes settings of the desktop. Rejects with BridgeError, as do all below. */
export async function setDesktop(change: DesktopChange): Promise<void> {
  const status = await api().request('desktop.set', change)
  useDesktop.setState({ status: succeeded(status, now()) })
}

/** Looks for a newer version; answers how it stands then. */
export async function checkForUpdates(): Promise<UpdateView> {
  const update = await api().request('updates.check', {})
  await refreshDesktop()
  return update
}

/** Ends Keelson and starts the version that is ready. */
export async function installUpdate(): Promise<void> {
  await api().request('updates.install', {})
}

/** Ends Keelson and starts it again as usual. */
export async function restartKeelson(): Promise<void> {
  await api().request('desktop.restart', {})
}

export async function showDataFolder(): Promise<void> {
  await api().request('desktop.showDataFolder', {})
}
