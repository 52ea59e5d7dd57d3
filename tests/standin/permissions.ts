import { toWire } from './addresses.ts'
import type { CdpSession } from './cdp.ts'
import { requestPermission } from './session.ts'

/** What Electron calls the things a page may ask for, with Chromium's names of them. Those Chromium cannot be told are left out. */
const NAMES: readonly (readonly [electron: string, chromium: readonly string[]])[] = [
  ['geolocation', ['geolocation']],
  ['notifications', ['notifications']],
  ['media', ['camera', 'microphone']],
  ['midi', ['midi']],
  ['clipboard-read', ['clipboard-read']],
  ['clipboard-sanitized-write', ['clipboard-write']],
  ['idle-detection', ['idle-detection']],
  ['window-management', ['window-management']],
  ['local-fonts', ['local-fonts']],
]

/**
 * Chromium would ask a person; Electron asks the app. So the app is asked before a page loads, and Chromium is told its answers:
 * what the page is granted then is what the app's own handler grants.
 */
export async function settlePermissions(browser: CdpSession, contents: object, url: string): Promise<void> {
  const origin = new URL(toWire(url)).origin
  if (origin === 'null') return
  await Promise.all(
    NAMES.map(async ([electron, names]) => {
      const setting = (await requestPermission(contents, electron, url)) ? 'granted' : 'denied'
      await Promise.all(names.map(name => browser.send('Browser.setPermission', { permission: { name }, setting, origin })))
    }),
  )
}
