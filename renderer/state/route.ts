import { create } from 'zustand'
import { type Page, readScreen } from '../../shared/contract/screens.ts'

export { type Page, PAGES } from '../../shared/contract/screens.ts'

interface RouteState {
  readonly page: Page
}

/** The page an address's fragment names; the overview for anything else. */
export function pageOf(hash: string): Page {
  return readScreen(hash)?.page ?? 'overview'
}

/** Which page is shown; the address's fragment is its only source. */
export const useRoute = create<RouteState>()(() => ({ page: 'overview' }))

export function go(page: Page): void {
  window.location.hash = `#/${page}`
}

/** Follows the address. The answer stops it. */
export function followAddress(): () => void {
  const follow = () => {
    const page = pageOf(window.location.hash)
    document.title = `${page.charAt(0).toUpperCase()}${page.slice(1)} – Keelson`
    useRoute.setState({ page })
  }
  follow()
  window.addEventListener('hashchange', follow)
  return () => window.removeEventListener('hashchange', follow)
}
