/** The pages of the window, as the address's fragment names them. */
export const PAGES = ['overview', 'positions', 'performance', 'history', 'orders', 'journal', 'watchlist', 'brokers', 'import', 'health', 'settings'] as const
export type Page = (typeof PAGES)[number]

/** What a screen may open with. Each only shows something; nothing happens until the user does it there. */
export const SCREEN_ACTS = ['reconnect', 'notices', 'about', 'update', 'export', 'diagnostics', 'shortcuts', 'ticket', 'rearm'] as const
export type ScreenAct = (typeof SCREEN_ACTS)[number]

/** A place in the window that a notification, the tray, a menu or a link leads to. */
export interface Screen {
  readonly page: Page
  readonly connectionId?: string
  readonly act?: ScreenAct
}

const CONNECTION_ID = /^con_[A-Za-z0-9-]{1,60}$/

/** The fragment that shows a screen, such as `#/brokers?connection=con_1&act=reconnect`. */
export function screenHash({ page, connectionId, act }: Screen): string {
  const query = [...(connectionId === undefined ? [] : [`connection=${connectionId}`]), ...(act === undefined ? [] : [`act=${act}`])].join('&')
  return `#/${page}${query === '' ? '' : `?${query}`}`
}

/** The screen a fragment names; null for anything else. Parts that are not understood are left out. */
export function readScreen(hash: string): Screen | null {
  const [name, query] = hash.replace(/^#\/?/, '').split('?')
  const page = PAGES.find(known => known === name)
  if (!page) return null
  const params = new URLSearchParams(query ?? '')
  const connectionId = params.get('connection')
  const act = SCREEN_ACTS.find(known => known === params.get('act'))
  return { page, ...(connectionId !== null && CONNECTION_ID.test(connectionId) ? { connectionId } : {}), ...(act ? { act } : {}) }
}
