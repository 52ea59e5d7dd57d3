import { openableUrl } from '../node/open-browser.ts'

export interface LinksDeps {
  /** Hands an address to the system browser. */
  readonly open: (url: string) => Promise<void>
  /** The https hosts whose pages may be shown. */
  readonly hosts: () => Promise<ReadonlySet<string>>
  /** Milliseconds that only grow; those of this process by default. */
  readonly now?: () => number
}

/** The only ways out of the app into the system browser. */
export interface Links {
  /** For the core: a page of a broker's, or of a simulator on this machine. */
  fromCore(text: string): Promise<void>
  /** For links of the window: a page of a broker's, or one the core opened itself, shown again. */
  fromWindow(text: string): Promise<void>
}

/** Brokers' simulators are reached by number: a name such as `localhost` can lead elsewhere. */
const LOOPBACK = /^(?:127\.\d{1,3}\.\d{1,3}\.\d{1,3}|\[::1\])$/
const REMEMBERED = 50
/** More links than anybody follows by hand: a page that opens them by itself is stopped. */
const MOST_LINKS = 5
const LINKS_MS = 10_000

/** Opens addresses of known hosts only. Any other is dropped, and so is a failure: whoever asked shows the address too. */
export function createLinks({ open, hosts, now = () => performance.now() }: LinksDeps): Links {
  const shown = new Set<string>()
  let followed: readonly number[] = []

  async function allowed(text: string): Promise<URL | null> {
    const url = openableUrl(text)
    if (url === null) return null
    const address = new URL(url)
    if (address.protocol === 'https:') return (await hosts().catch(() => null))?.has(address.host) === true ? address : null
    return LOOPBACK.test(address.hostname) ? address : null
  }

  function remember(url: string): void {
    shown.add(url)
    for (const oldest of shown) if (shown.size > REMEMBERED) shown.delete(oldest)
  }

  function isTooMany(): boolean {
    followed = [...followed.filter(at => now() - at < LINKS_MS), now()].slice(-MOST_LINKS - 1)
    return followed.length > MOST_LINKS
  }

  async function start(url: string): Promise<void> {
    // A machine without a browser is no failure.
    await open(url).catch(() => undefined)
  }

  return {
    async fromCore(text) {
      const address = await allowed(text)
      if (!address) return
      remember(address.href)
      await start(address.href)
    },
    async fromWindow(text) {
      const address = await allowed(text)
      if (!address || (address.protocol === 'http:' && !shown.has(address.href)) || isTooMany()) return
      await start(address.href)
    },
  }
}
