import { openableUrl } from '../node/open-browser.ts'
import { createHandPace } from './hand-pace.ts'

export interface LinksDeps {
  /** Hands an address to the system browser. */
  readonly open: (url: string) => Promise<void>
  /** The https hosts whose pages may be shown. */
  readonly hosts: () => Promise<ReadonlySet<string>>
  /** Single addresses a link of the window may lead to besides; none by default. */
  readonly pages?: ReadonlySet<string>
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

/** Opens addresses of known hosts only. Any other is dropped, and so is a failure: whoever asked shows the address too. */
export function createLinks({ open, hosts, pages = new Set(), now }: LinksDeps): Links {
  const shown = new Set<string>()
  const [own, followed] = [createHandPace(now), createHandPace(now)]

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

  async function start(url: string): Promise<void> {
    // A machine without a browser is no failure.
    await open(url).catch(() => undefined)
  }

  return {
    async fromCore(text) {
      const address = await allowed(text)
      if (!address) return
      remember(address.href)
      if (own.isTooFast()) return
      await start(address.href)
    },
    async fromWindow(text) {
      const address = pages.has(text) ? new URL(text) : await allowed(text)
      if (!address || (address.protocol === 'http:' && !shown.has(address.href)) || followed.isTooFast()) return
      await start(address.href)
    },
  }
}
