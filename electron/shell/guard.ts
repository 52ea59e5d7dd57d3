import type { App, Session, WebContents } from 'electron'
import { isOwnAddress } from './origin.ts'

/** The one thing a page may do beyond itself: put text on the clipboard when the user asks for it (the "Copy" buttons). */
const GRANTED: ReadonlySet<string> = new Set(['clipboard-sanitized-write'])
const USB_CLASSES = ['audio', 'audio-video', 'hid', 'mass-storage', 'smart-card', 'video', 'wireless']
/** Nothing listens there, and nobody but the system may. */
const DEAD_END = 'socks5://127.0.0.1:1'

/** The parts of Electron that are used, as small as they are. */
export type GuardedApp = Pick<App, 'on'>
export type GuardedContents = Pick<WebContents, 'on' | 'setWindowOpenHandler' | 'setWebRTCIPHandlingPolicy'>
export type GuardedSession = Pick<
  Session,
  | 'on'
  | 'setPermissionRequestHandler'
  | 'setPermissionCheckHandler'
  | 'setDevicePermissionHandler'
  | 'setDisplayMediaRequestHandler'
  | 'setUSBProtectedClassesHandler'
  | 'setBluetoothPairingHandler'
  | 'setProxy'
> & { readonly webRequest: Pick<Session['webRequest'], 'onBeforeRequest'> }

/**
 * Locks down whatever Electron may ever show or open a session for, as soon as it exists. `openLink` gets the addresses of links
 * the user followed.
 */
export function guardApp(app: GuardedApp, openLink: (url: string) => void): void {
  app.on('web-contents-created', (_event, contents) => lockDown(contents, openLink))
  app.on('session-created', session => refusePermissions(session))
  // By itself Electron would answer with the first certificate it finds.
  app.on('select-client-certificate', (event, _contents, _url, _certificates, answer) => {
    event.preventDefault()
    answer()
  })
}

/** Keeps a window on its own page: no navigation, no new window, no guest, no device. */
export function lockDown(contents: GuardedContents, openLink: (url: string) => void): void {
  const refuse = (event: { preventDefault(): void }): void => event.preventDefault()
  contents.on('will-navigate', refuse)
  contents.on('will-frame-navigate', refuse)
  contents.on('will-redirect', refuse)
  contents.on('will-attach-webview', refuse)
  contents.on('select-bluetooth-device', (event, _devices, answer) => {
    event.preventDefault()
    answer('')
  })
  contents.setWindowOpenHandler(({ url }) => {
    openLink(url)
    return { action: 'deny' }
  })
  // The policy of a page does not reach WebRTC: without a proxy that works, and there is none, it has no way out.
  contents.setWebRTCIPHandlingPolicy('disable_non_proxied_udp')
}

/** Refuses what Electron would grant by default: every permission, every device, every download. */
export function refusePermissions(session: Omit<GuardedSession, 'webRequest' | 'setProxy'>): void {
  const mayHave = (permission: string, origin: string): boolean => GRANTED.has(permission) && isOwnAddress(origin)
  session.setPermissionRequestHandler((_contents, permission, answer, { requestingUrl }) => answer(mayHave(permission, requestingUrl)))
  session.setPermissionCheckHandler((_contents, permission, origin) => mayHave(permission, origin))
  session.setDevicePermissionHandler(() => false)
  session.setDisplayMediaRequestHandler((_request, answer) => answer(null))
  session.setUSBProtectedClassesHandler(() => USB_CLASSES)
  session.setBluetoothPairingHandler((_details, answer) => answer({ confirmed: false }))
  // Files are saved through the system's own dialogs, by the main process.
  session.on('will-download', event => event.preventDefault())
}

/** Gives the session of the windows nothing to reach but the app's own pages and data inside them. Brokers are called by the core. */
export async function guardSession(session: GuardedSession, { devTools }: { readonly devTools: boolean }): Promise<void> {
  refusePermissions(session)
  const isAllowed = (url: string): boolean => isOwnAddress(url) || url.startsWith('data:') || (devTools && url.startsWith('devtools:'))
  session.webRequest.onBeforeRequest(({ url }, answer) => answer({ cancel: !isAllowed(url) }))
  await session.setProxy({ mode: 'fixed_servers', proxyRules: DEAD_END, proxyBypassRules: '<-loopback>' })
}
