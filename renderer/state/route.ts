import { create } from 'zustand'
import { type Page, readScreen, type Screen, screenHash } from '../../shared/contract/screens.ts'

export { type Page, PAGES } from '../../shared/contract/screens.ts'

interface RouteState {
  readonly page: Page
  /** What the page is to open with, as soon as it may; null once it has. */
  readonly wanted: Screen | null
}

/** The page an address's fragment names; the overview for anything else. */
export function pageOf(hash: string): Page {
  return readScreen(hash)?.page ?? 'overview'
}

/** Which page is shown; the address's fragment is its only source. */
export const useRoute = create<RouteState>()(() => ({ page: 'overview', wanted: null }))

export function go(page: Page): void {
  window.location.hash = `#/${page}`
}

/** Brings the window to the screen a fragment names; anything else changes nothing. */
export function goToScreen(hash: string): void {
  const screen = readScreen(hash)
  if (screen) window.location.hash = screenHash(screen)
}

/** What the page is to open with is taken over: the address names the page alone from now on, so that the same can be asked for again. */
export function takeWanted(): void {
  const { page } = useRoute.getState()
  useRoute.setState({ wanted: null })
  window.history.replaceState(window.history.state, '', screenHash({ page }))
}

/** Follows the address. The answer stops it. */
export function followAddress(): () => void {
  const follow = () => {
    const screen = readScreen(window.location.hash)
    const page = screen?.page ?? 'overview'
    document.title = `${page.charAt(0).toUpperCase()}${page.slice(1)} – Keelson`
    useRoute.setState({ page, wanted: screen?.act || screen?.connectionId ? screen : null })
  }
  follow()
  window.addEventListener('hashchange', follow)
  return () => window.removeEventListener('hashchange', follow)
}
