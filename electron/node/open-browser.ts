import { spawn } from 'node:child_process'
import type { Browser } from '../core/ports.ts'

export interface BrowserCommand {
  readonly command: string
  readonly args: readonly string[]
}

const LOOPBACK = new Set(['127.0.0.1', '[::1]', 'localhost'])
const LONGEST_URL = 2048
/** What an address is written with. Browsers and shells read anything else in ways of their own: a backslash as a slash, a tab as nothing. */
const WRITTEN = /^https?:\/\/[a-z\d[][!#-;=?-[\]_a-z~%]*$/i

/** The address if it may be opened: https anywhere, http on the loopback, no user name inside. Null otherwise. */
export function openableUrl(text: string): string | null {
  if (text.length > LONGEST_URL || !WRITTEN.test(text) || !URL.canParse(text)) return null
  const url = new URL(text)
  const allowed = url.protocol === 'https:' || (url.protocol === 'http:' && LOOPBACK.has(url.hostname))
  return allowed && url.username === '' && url.password === '' ? url.href : null
}

/** The program that opens an address on a platform. The address is one argument and never passes a shell. */
export function browserCommand(url: string, platform: NodeJS.Platform): BrowserCommand {
  if (platform === 'darwin') return { command: 'open', args: [url] }
  if (platform === 'win32') return { command: 'rundll32', args: ['url.dll,FileProtocolHandler', url] }
  return { command: 'xdg-open', args: [url] }
}

export type Start = (command: BrowserCommand) => Promise<void>

/**
 * Opens addresses in the system browser. An address that may not be opened is dropped, and a machine without a browser is
 * no failure: whoever asked also shows the address.
 */
export function createBrowser(options: { readonly platform?: NodeJS.Platform; readonly start?: Start } = {}): Browser {
  const { platform = process.platform, start = startDetached } = options
  return {
    async open(text) {
      const url = openableUrl(text)
      if (url === null) return
      try {
        await start(browserCommand(url, platform))
      } catch {
        // No browser here.
      }
    },
  }
}

function startDetached({ command, args }: BrowserCommand): Promise<void> {
  return new Promise((resolve, reject) => {
    const child = spawn(command, [...args], { stdio: 'ignore', detached: true, shell: false, windowsHide: true })
    child.once('error', reject)
    child.once('spawn', () => {
      child.unref()
      resolve()
    })
  })
}
