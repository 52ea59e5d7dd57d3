import { randomBytes } from 'node:crypto'
import { readFileSync } from 'node:fs'
import path from 'node:path'
import { fromWire, toWire } from './addresses.ts'
import type { CdpSession, Protocol } from './cdp.ts'
import type { Chromium } from './chromium.ts'
import { consoleLines, pageErrors, record } from './log.ts'
import { makeBridgeEnd } from './page/bridge.ts'
import { makeCodec } from './page/codec.ts'
import { isolatedWorld, mainWorld, type PreloadMessage, type ToPreload, type WorldConfig } from './page/worlds.ts'
import { answer, readRequest } from './requests.ts'

const secret = randomBytes(12).toString('hex')
const WORLD = `preload-${secret}`
/**
 * With this Chromium refuses windows that a page opens, right after telling of them, and gives the page null: what Electron does for an app
 * that allows none. Everything else a page may do is left as it is.
 */
const NO_POPUPS = {
  name: 'content-security-policy',
  value:
    'sandbox allow-scripts allow-same-origin allow-forms allow-modals allow-downloads allow-pointer-lock allow-presentation allow-orientation-lock allow-top-navigation allow-storage-access-by-user-activation',
}
const LOOKS = 10
const LOOK_MS = 5
const NAMES = { binding: `b${secret}`, inbox: `i${secret}`, toIsolated: `t${secret}`, toMain: `m${secret}` }

/** What a window hears from its page. Navigations answer whether they go on. */
export interface PageListener {
  fromPreload(message: PreloadMessage): void
  /** A navigation that the page itself began. */
  wantsToGo(url: string, frame: { readonly isMain: boolean; readonly url: string }): boolean
  redirected(url: string, frame: { readonly isMain: boolean }): boolean
  /** Asked before a document of the app's own choice is loaded. */
  settle(browser: CdpSession, url: string): Promise<void>
  downloads(url: string, name: string): void
  opened(details: { url: string; frameName: string; features: string; disposition: 'foreground-tab' }): void
  moved(url: string, isSameDocument: boolean): void
  lifecycle(name: 'dom-ready' | 'painted' | 'loaded'): void
  titled(title: string): void
  crashed(): void
  closed(): void
}

export interface ShownPage {
  readonly targetId: string
  readonly session: CdpSession
  load(url: string): Promise<void>
  reload(): Promise<void>
  url(): string
  toPreload(message: ToPreload): Promise<void>
  resize(size: { readonly width: number; readonly height: number }): Promise<void>
  evaluate(code: string): Promise<unknown>
  close(): Promise<void>
}

export interface PageOptions {
  readonly preload: string | undefined
  readonly additionalArguments: readonly string[]
  readonly size: { readonly width: number; readonly height: number }
}

/** Opens a page in Chromium: its requests answered by the app, the preload script in a world of its own. */
export async function openPage(browser: Chromium, options: PageOptions, listener: PageListener): Promise<ShownPage> {
  const { targetId, session, start } = await browser.newPage()
  const state: State = {
    url: 'about:blank',
    preloadContext: 0,
    mainFrame: targetId,
    expected: new Set(),
    wanted: new Map(),
    frames: new Map(),
  }
  watch(browser, session, targetId, state, listener)
  await Promise.all([
    session.send('Page.enable'),
    session.send('Page.setLifecycleEventsEnabled', { enabled: true }),
    session.send('Fetch.enable', { patterns: [{ urlPattern: '*' }] }),
    session.send('Runtime.enable'),
    session.send('Inspector.enable'),
    ...injections(browser.version, options).map(script => session.send('Page.addScriptToEvaluateOnNewDocument', script)),
    ...(options.preload === undefined ? [] : [session.send('Runtime.addBinding', { name: NAMES.binding, executionContextName: WORLD })]),
    session.send('Emulation.setDeviceMetricsOverride', { ...options.size, deviceScaleFactor: 0, mobile: false }),
    start(),
  ])
  return {
    targetId,
    session,
    url: () => state.url,
    async load(url) {
      await listener.settle(browser.cdp, url)
      state.expected.add(new URL(toWire(url)).href)
      const { errorText } = await session.send('Page.navigate', { url: toWire(url) })
      if (errorText !== undefined && errorText !== 'net::ERR_ABORTED') throw new Error(`${errorText.replace('net::', '')} loading '${url}'`)
    },
    async reload() {
      state.expected.add(state.url)
      await session.send('Page.reload')
    },
    async toPreload(message) {
      if (state.preloadContext === 0) return
      const expression = `globalThis[${JSON.stringify(NAMES.inbox)}](${JSON.stringify(JSON.stringify(message))})`
      // A page that is going away takes nothing more.
      await session.send('Runtime.evaluate', { expression, contextId: state.preloadContext }).catch(() => undefined)
    },
    resize: async size => void (await session.send('Emulation.setDeviceMetricsOverride', { ...size, deviceScaleFactor: 0, mobile: false })),
    async evaluate(expression) {
      const { result, exceptionDetails } = await session.send('Runtime.evaluate', {
        expression,
        awaitPromise: true,
        returnByValue: true,
        userGesture: true,
      })
      if (exceptionDetails) throw new Error(exceptionDetails.exception?.description ?? exceptionDetails.text)
      return result.value as unknown
    },
    close: () => browser.closePage(targetId),
  }
}

interface State {
  url: string
  preloadContext: number
  readonly mainFrame: string
  /** Where the app itself sends the page. */
  readonly expected: Set<string>
  /** Where each frame of the page wants to go. */
  readonly wanted: Map<string, string>
  readonly frames: Map<string, string>
}

function watch(browser: Chromium, session: CdpSession, targetId: string, state: State, listener: PageListener): void {
  session.on('Runtime.executionContextCreated', ({ context }) => {
    if (context.name === WORLD && context.auxData?.['frameId'] === state.mainFrame) state.preloadContext = context.id
  })
  session.on('Runtime.executionContextsCleared', () => void (state.preloadContext = 0))
  session.on('Runtime.bindingCalled', ({ name, payload }) =>
    name === NAMES.binding ? listener.fromPreload(JSON.parse(payload) as PreloadMessage) : undefined,
  )
  session.on(
    'Runtime.consoleAPICalled',
    ({ type, args }) => void consoleLines.push(`${type}: ${args.map(arg => String(arg.value ?? arg.description)).join(' ')}`),
  )
  session.on(
    'Runtime.exceptionThrown',
    ({ exceptionDetails }) => void pageErrors.push(exceptionDetails.exception?.description ?? exceptionDetails.text),
  )
  session.on('Page.frameRequestedNavigation', ({ frameId, url, disposition }) => {
    if (disposition === 'currentTab') state.wanted.set(frameId, url)
    // A click with a key held: Chromium opens a page beside this one, which is closed as a stray one.
    else if (disposition !== 'download') listener.opened({ url: fromWire(url), frameName: '', features: '', disposition: 'foreground-tab' })
  })
  session.on('Page.frameNavigated', ({ frame }) => {
    state.frames.set(frame.id, frame.url)
    if (frame.parentId !== undefined) return
    state.url = frame.url
    listener.moved(fromWire(frame.url), false)
  })
  session.on('Page.navigatedWithinDocument', ({ frameId, url }) => {
    if (frameId !== state.mainFrame) return
    state.url = url
    listener.moved(fromWire(url), true)
  })
  session.on('Page.windowOpen', ({ url, windowName, windowFeatures }) =>
    listener.opened({ url: fromWire(url), frameName: windowName, features: windowFeatures.join(','), disposition: 'foreground-tab' }),
  )
  session.on('Page.downloadWillBegin', ({ url, suggestedFilename }) => listener.downloads(fromWire(url), suggestedFilename))
  session.on('Page.lifecycleEvent', ({ name, frameId }) => {
    const event = ({ DOMContentLoaded: 'dom-ready', firstPaint: 'painted', load: 'loaded' } as const)[name]
    if (frameId === state.mainFrame && state.url !== 'about:blank' && event) listener.lifecycle(event)
  })
  session.on('Inspector.targetCrashed', () => listener.crashed())
  browser.cdp.on('Target.targetInfoChanged', ({ targetInfo }) =>
    targetInfo.targetId === targetId ? listener.titled(targetInfo.title) : undefined,
  )
  browser.cdp.on('Target.targetDestroyed', gone => (gone.targetId === targetId ? listener.closed() : undefined))
  session.on('Fetch.requestPaused', paused => void serve(session, state, listener, paused).catch(() => undefined))
}

async function serve(
  session: CdpSession,
  state: State,
  listener: PageListener,
  paused: Protocol.Fetch.requestPausedPayload,
): Promise<void> {
  const { requestId, frameId, resourceType } = paused
  const request = readRequest(paused)
  if (resourceType === 'Document' && !(await mayGo(state, listener, `${paused.request.url}${paused.request.urlFragment ?? ''}`, frameId)))
    return void (await session.send('Fetch.failRequest', { requestId, errorReason: 'Aborted' }))
  const answered = await answer(request)
  if (answered.kind === 'refused') return void (await session.send('Fetch.failRequest', { requestId, errorReason: answered.reason }))
  const location = answered.headers.find(({ name }) => name.toLowerCase() === 'location')
  const isMain = frameId === state.mainFrame
  if (resourceType === 'Document' && location && !listener.redirected(fromWire(location.value), { isMain }))
    return void (await session.send('Fetch.failRequest', { requestId, errorReason: 'Aborted' }))
  const { status, body } = answered
  const headers = resourceType === 'Document' ? [...answered.headers, NO_POPUPS] : answered.headers
  await session.send('Fetch.fulfillRequest', {
    requestId,
    responseCode: status,
    responseHeaders: [...headers],
    body: body.toString('base64'),
  })
}

/** Whether a frame may load a document. Only what the page began is asked for, as in Electron. */
async function mayGo(state: State, listener: PageListener, wire: string, frameId: string): Promise<boolean> {
  if (state.expected.delete(wire)) return true
  // The page tells of its wish on another way than the request comes, in practice before it.
  for (let looks = 0; looks < LOOKS && !state.wanted.has(frameId); looks += 1) await new Promise(resolve => setTimeout(resolve, LOOK_MS))
  const isWish = state.wanted.get(frameId) === wire
  state.wanted.delete(frameId)
  const isMain = frameId === state.mainFrame
  return !isWish || listener.wantsToGo(fromWire(wire), { isMain, url: fromWire(state.frames.get(frameId) ?? '') })
}

function injections(
  chrome: string,
  { preload, additionalArguments }: PageOptions,
): Protocol.Page.addScriptToEvaluateOnNewDocumentParameters[] {
  const main = { source: `(${String(mainWorld)})(${JSON.stringify(NAMES)}, ${String(makeCodec)}, ${String(makeBridgeEnd)})` }
  if (preload === undefined) return [main]
  if (!path.isAbsolute(preload)) throw new Error(`preload script must have absolute path: ${preload}`)
  if (preload.endsWith('.mjs'))
    throw new Error('Cannot use import statement outside a module (a sandboxed preload script is never an ES module)')
  const versions = { node: process.versions.node, chrome, electron: process.versions['electron'] ?? '' }
  const config: WorldConfig = {
    ...NAMES,
    process: { platform: process.platform, arch: process.arch, versions, argv: additionalArguments, env: {} },
  }
  const script = readFileSync(preload, 'utf8').replace(/^\/\/# sourceMappingURL=.*$/m, '')
  const run = `function (require, module, exports, process, global) {${script}\n}`
  record('preload', preload)
  return [
    main,
    {
      worldName: WORLD,
      source: `(${String(isolatedWorld)})(${JSON.stringify(config)}, ${String(makeCodec)}, ${String(makeBridgeEnd)}, ${run})`,
    },
  ]
}
