import type * as Electron from 'electron'
import { record } from './log.ts'
import { protocol } from './protocol.ts'
import { Guarded, strict, unsupported } from './strict.ts'

type Handler<M extends keyof Electron.Session> = Electron.Session[M] extends (handler: infer H, ...rest: never[]) => void
  ? Exclude<H, null>
  : never
type BeforeRequest = (
  details: { readonly url: string; readonly method: string; readonly resourceType: string },
  answer: (response: { cancel?: boolean; redirectURL?: string }) => void,
) => void
export type HeaderLists = Record<string, string[]>
type HeadersReceived = (
  details: { readonly url: string; readonly statusCode: number; readonly responseHeaders: HeaderLists },
  answer: (response: { cancel?: boolean; responseHeaders?: Record<string, string | string[]> }) => void,
) => void

/** What the app told its session; pages and tests ask it here. */
class Session extends Guarded {
  requestHandler: Handler<'setPermissionRequestHandler'> | null = null
  checkHandler: Handler<'setPermissionCheckHandler'> | null = null
  deviceHandler: Handler<'setDevicePermissionHandler'> | null = null
  displayHandler: Handler<'setDisplayMediaRequestHandler'> | null = null
  usbHandler: Handler<'setUSBProtectedClassesHandler'> | null = null
  pairingHandler: Handler<'setBluetoothPairingHandler'> | null = null
  beforeRequest: BeforeRequest | null = null
  headersReceived: HeadersReceived | null = null
  readonly protocol = protocol
  readonly webRequest = strict('session.webRequest', {
    onBeforeRequest: (...args: readonly unknown[]): void => void (this.beforeRequest = listenerOf<BeforeRequest>(args)),
    onHeadersReceived: (...args: readonly unknown[]): void => void (this.headersReceived = listenerOf<HeadersReceived>(args)),
  })
  constructor() {
    super('session', ['will-download'])
  }
  setPermissionRequestHandler(handler: typeof this.requestHandler): void {
    this.requestHandler = handler
  }
  setPermissionCheckHandler(handler: typeof this.checkHandler): void {
    this.checkHandler = handler
  }
  setDevicePermissionHandler(handler: typeof this.deviceHandler): void {
    this.deviceHandler = handler
  }
  setDisplayMediaRequestHandler(handler: typeof this.displayHandler): void {
    this.displayHandler = handler
  }
  setUSBProtectedClassesHandler(handler: typeof this.usbHandler): void {
    this.usbHandler = handler
  }
  setBluetoothPairingHandler(handler: typeof this.pairingHandler): void {
    this.pairingHandler = handler
  }
  setProxy(proxy: Electron.ProxyConfig): Promise<void> {
    record('session.setProxy', proxy)
    return Promise.resolve()
  }
  setSpellCheckerEnabled(on: boolean): void {
    record('session.setSpellCheckerEnabled', on)
  }
  clearStorageData(): Promise<void> {
    record('session.clearStorageData')
    return Promise.resolve()
  }
  clearCache(): Promise<void> {
    record('session.clearCache')
    return Promise.resolve()
  }
}

/** A listener with or without a filter before it; a filter would have to be applied, so it is refused. */
function listenerOf<T>(args: readonly unknown[]): T | null {
  if (args.length > 1) return unsupported('a filter of session.webRequest')
  return (args[0] ?? null) as T | null
}

export const defaultSession = new Session()
export const session = strict('session', {
  defaultSession,
  fromPartition: (partition: string) => unsupported(`session.fromPartition('${partition}')`),
})

/** What Electron would answer a page that asks for a permission: its handler's word, or a grant where there is no handler. */
export function requestPermission(contents: unknown, permission: string, url: string): Promise<boolean> {
  const { requestHandler } = defaultSession
  if (!requestHandler) return Promise.resolve(true)
  const details = { isMainFrame: true, requestingUrl: url }
  return new Promise(resolve => requestHandler(contents as Electron.WebContents, permission as never, resolve, details as never))
}

/** The same for a check that asks nobody. */
export function checkPermission(contents: unknown, permission: string, origin: string): boolean {
  const details = { isMainFrame: true, requestingUrl: origin, embeddingOrigin: origin, securityOrigin: origin, mediaType: 'unknown' }
  return defaultSession.checkHandler?.(contents as Electron.WebContents, permission as never, origin, details as never) ?? true
}
