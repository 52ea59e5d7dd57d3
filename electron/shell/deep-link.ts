import { PAGES, type Screen } from '../../shared/contract/screens.ts'

export const LINK_SCHEME = 'keelson'

/** A page, and at most the connection to look at there. Whatever else an address can hold, no link of ours has it. */
const LINK = /^keelson:\/\/([a-z]{1,20})\/?(?:\?connection=(con_[A-Za-z0-9-]{1,60}))?$/

/** The screen a link such as `keelson://health` shows; null for anything that is not exactly such a link. It never does more than show. */
export function readDeepLink(text: string): Screen | null {
  const [, name, connectionId] = LINK.exec(text) ?? []
  const page = PAGES.find(known => known === name)
  if (!page) return null
  return connectionId === undefined ? { page } : { page, connectionId }
}

/** The screen that a command line asks for with the one link in it. Two links are no request anybody made by a click. */
export function linkAmong(args: readonly string[]): Screen | null {
  const links = args.filter(arg => /^keelson:/i.test(arg))
  return links.length === 1 ? readDeepLink(links[0] ?? '') : null
}

/** The link that leads to a page, for the lists of tasks some systems show. */
export function linkTo(page: Screen['page']): string {
  return `${LINK_SCHEME}://${page}`
}
