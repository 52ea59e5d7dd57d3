import type { GuardedApp, GuardedContents, GuardedSession } from '../../../electron/shell/guard.ts'

type Listener = (...args: unknown[]) => void

/** A source of events that also says what was asked for, as Electron's objects are to the parts of the shell that guard them. */
export function emitter() {
  const listeners = new Map<string, Listener[]>()
  return {
    on: (event: string, listener: Listener) => listeners.set(event, [...(listeners.get(event) ?? []), listener]),
    emit: (event: string, ...args: unknown[]) => {
      for (const listener of listeners.get(event) ?? []) listener(...args)
    },
    heard: () => [...listeners.keys()].sort(),
  }
}

/** An event that remembers whether it was stopped. */
export function stoppable(extra: object = {}) {
  let stopped = false
  return { ...extra, preventDefault: () => void (stopped = true), stopped: () => stopped }
}

export function fakeApp() {
  const events = emitter()
  return { ...events, app: events as unknown as GuardedApp }
}

type OpenHandler = Parameters<GuardedContents['setWindowOpenHandler']>[0]

export function fakeContents() {
  const events = emitter()
  let opened: OpenHandler = () => ({ action: 'allow' })
  let webrtc = 'default'
  const fake = {
    ...events,
    setWindowOpenHandler: (handler: OpenHandler) => void (opened = handler),
    setWebRTCIPHandlingPolicy: (policy: string) => void (webrtc = policy),
  }
  return {
    ...events,
    contents: fake as unknown as GuardedContents,
    webrtc: () => webrtc,
    /** What Electron does when a page or a link wants a window of its own. */
    openWindow: (url: string, disposition: 'foreground-tab' | 'background-tab' | 'new-window' | 'default' = 'foreground-tab') =>
      opened({ url, disposition, frameName: '', features: '', referrer: { url: '', policy: 'no-referrer' } }).action,
  }
}

/** A session that keeps every handler under the name it was set by. */
export function fakeSession() {
  const events = emitter()
  const handlers = new Map<string, (...args: unknown[]) => unknown>()
  const proxies: unknown[] = []
  const setter = (name: string) => (handler: (...args: unknown[]) => unknown) => void handlers.set(name, handler)
  const names = [
    'setPermissionRequestHandler',
    'setPermissionCheckHandler',
    'setDevicePermissionHandler',
    'setDisplayMediaRequestHandler',
    'setUSBProtectedClassesHandler',
    'setBluetoothPairingHandler',
  ]
  const fake = {
    ...events,
    ...Object.fromEntries(names.map(name => [name, setter(name)])),
    setProxy: (config: unknown) => Promise.resolve(void proxies.push(config)),
    webRequest: { onBeforeRequest: setter('onBeforeRequest') },
  }
  return {
    ...events,
    session: fake as unknown as GuardedSession,
    proxies,
    handled: () => [...handlers.keys()].sort(),
    /** Calls a handler; what it answers, or gives its callback, which is appended to the arguments at `callback`. */
    ask: (name: string, args: unknown[], callback?: number): unknown => {
      let given: unknown
      const all = callback === undefined ? args : args.toSpliced(callback, 0, (value: unknown) => void (given = value))
      const answered = handlers.get(name)?.(...all)
      return callback === undefined ? answered : given
    },
  }
}
