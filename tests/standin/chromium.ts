import { type ChildProcess, spawn } from 'node:child_process'
import { mkdirSync, readFileSync, rmSync } from 'node:fs'
import path from 'node:path'
import { type Cdp, type CdpSession, createCdp } from './cdp.ts'
import { record } from './log.ts'
import { options } from './options.ts'

const FLAGS = [
  '--no-startup-window',
  '--no-first-run',
  '--no-default-browser-check',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--disable-gpu',
  '--disable-dev-shm-usage',
  '--password-store=basic',
  '--use-mock-keychain',
  '--mute-audio',
  '--disable-site-isolation-trials',
  // The first two are pages behind the address bar of each window, a second of the processor for what nobody sees.
  '--disable-features=WebUIOmniboxPopup,WebUIOmniboxAimPopup,SpareRendererForSitePerProcess,Translate,OptimizationHints,MediaRouter',
  '--disable-backgrounding-occluded-windows',
  '--disable-renderer-backgrounding',
  '--disable-background-timer-throttling',
  '--no-service-autorun',
  '--disable-extensions',
  '--remote-debugging-pipe',
  '--remote-debugging-port=0',
  // Nothing of a page reaches a network: what the app does not answer itself is refused, and names are not resolved either.
  '--host-resolver-rules=MAP * ~NOTFOUND',
]

export interface Chromium {
  readonly cdp: Cdp
  /** Opens a blank page, attached and paused: nothing of it runs before `start`. */
  newPage(): Promise<{ readonly targetId: string; readonly session: CdpSession; start(): Promise<void> }>
  closePage(targetId: string): Promise<void>
  /** The address a test attaches to. */
  readonly endpoint: string
  readonly version: string
  close(): Promise<void>
}

let running: Promise<Chromium> | undefined

/** The browser that shows the windows. It starts with the first window. */
export function chromium(profile: string, onEnd: () => void): Promise<Chromium> {
  running ??= start(profile, onEnd)
  return running
}

/** Closes the browser if there is one, so that it writes what it keeps. */
export async function closeChromium(): Promise<void> {
  await (await running?.catch(() => undefined))?.close()
}

function spawnIn(profile: string): ChildProcess {
  mkdirSync(profile, { recursive: true })
  // One that was killed leaves its lock behind; the app's own lock is what keeps two apart.
  for (const name of ['SingletonLock', 'SingletonCookie', 'SingletonSocket', 'DevToolsActivePort'])
    rmSync(path.join(profile, name), { force: true })
  const args = [
    ...FLAGS,
    `--user-data-dir=${profile}`,
    ...(options.isHeadless === false ? [] : ['--headless']),
    ...(process.getuid?.() === 0 ? ['--no-sandbox'] : []),
  ]
  return spawn(options.chromium, args, { stdio: ['ignore', 'ignore', 'ignore', 'pipe', 'pipe'] })
}

async function start(profile: string, onEnd: () => void): Promise<Chromium> {
  const child = spawnIn(profile)
  const [input, output] = [child.stdio[3], child.stdio[4]]
  if (!input || !output || !('write' in input) || !('read' in output)) throw new Error('[standin] no pipe to the browser')
  const cdp = createCdp(input, output)
  const ended = new Promise<void>(resolve => child.once('close', () => resolve()))
  let isClosing = false
  void ended.then(() => (isClosing ? undefined : onEnd()))
  const { product } = await cdp.send('Browser.getVersion')
  await cdp.send('Browser.setDownloadBehavior', { behavior: 'deny' })
  const pages = await watchTargets(cdp)
  return {
    cdp,
    ...pages,
    get endpoint() {
      return `http://127.0.0.1:${readFileSync(path.join(profile, 'DevToolsActivePort'), 'utf8').split('\n')[0]}`
    },
    version: product.split('/')[1] ?? '',
    async close() {
      isClosing = true
      cdp.send('Browser.close').catch(() => undefined)
      const timer = setTimeout(() => child.kill('SIGKILL'), 3000)
      await ended
      clearTimeout(timer)
    },
  }
}

/** Attaches to each page as it comes to be, before anything in it runs, and closes those the app did not open. */
async function watchTargets(cdp: Cdp): Promise<Pick<Chromium, 'newPage' | 'closePage'>> {
  const attached = new Map<string, (sessionId: string) => void>()
  const arrived = new Map<string, string>()
  let opening = 0
  cdp.on('Target.attachedToTarget', ({ sessionId, targetInfo: { targetId, type, openerId, url } }) => {
    const session = cdp.session(sessionId)
    const isOurs = type === 'page' && openerId === undefined && (opening > 0 || attached.has(targetId))
    if (isOurs) {
      const take = attached.get(targetId)
      if (take) take(sessionId)
      else arrived.set(targetId, sessionId)
    } else if (type === 'page') {
      record('stray page closed', url)
      cdp.send('Target.closeTarget', { targetId }).catch(() => undefined)
    } else session.send('Runtime.runIfWaitingForDebugger').catch(() => undefined)
  })
  await cdp.send('Target.setDiscoverTargets', { discover: true })
  await cdp.send('Target.setAutoAttach', { autoAttach: true, waitForDebuggerOnStart: true, flatten: true })
  return {
    async newPage() {
      opening += 1
      const { targetId } = await cdp.send('Target.createTarget', { url: 'about:blank' })
      const sessionId = arrived.get(targetId) ?? (await new Promise<string>(resolve => attached.set(targetId, resolve)))
      opening -= 1
      arrived.delete(targetId)
      attached.delete(targetId)
      const session = cdp.session(sessionId)
      return { targetId, session, start: async () => void (await session.send('Runtime.runIfWaitingForDebugger')) }
    },
    closePage: async targetId => void (await cdp.send('Target.closeTarget', { targetId })),
  }
}
