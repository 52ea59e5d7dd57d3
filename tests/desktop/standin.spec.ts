import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { expect, test as base } from 'playwright/test'
import { type Desktop, type DesktopOptions, isRealElectron, launchDesktop } from './launch.ts'

/** Small apps of its own that ask the stand-in what it must not give. */
interface Fixtures {
  run(main: string, options?: Partial<DesktopOptions> & { readonly preload?: string; readonly page?: string }): Promise<Desktop>
}

const test = base.extend<Fixtures>({
  // oxlint-disable-next-line no-empty-pattern
  run: async ({}, provide) => {
    const folders: string[] = []
    const running: Desktop[] = []
    await provide(async (main, { preload = '', page = '<!doctype html><title>Small</title><h1>Small</h1>', ...options } = {}) => {
      const app = mkdtempSync(path.join(tmpdir(), 'keelson-small-'))
      folders.push(app)
      const files = {
        'package.json': '{ "name": "small", "version": "1.0.0", "main": "main.mjs" }',
        'main.mjs': main,
        'preload.cjs': preload,
        'index.html': page,
      }
      for (const [name, text] of Object.entries(files)) writeFileSync(path.join(app, name), text)
      const desktop = await launchDesktop({ dataDir: path.join(app, 'data'), app, ...options })
      running.push(desktop)
      return desktop
    })
    for (const desktop of running) await desktop.close()
    for (const folder of folders) rmSync(folder, { recursive: true, force: true })
  },
})

test.skip(isRealElectron, 'it is about the stand-in itself')

/** A main script that does something once it is ready, and ends with the words of what was refused. */
const onceReady = (names: string, work: string): string =>
  `import { ${names}, app } from 'electron'\napp.whenReady().then(async () => { ${work} }).catch(cause => { console.error(String(cause)); app.exit(3) })`

const WINDOW = (preferences: string): string =>
  `const window = new BrowserWindow({ webPreferences: { preload: import.meta.dirname + '/preload.cjs', ${preferences} } }); globalThis.kept = window; await window.loadFile('index.html')`

test.describe('what it lacks', () => {
  for (const [what, names, work] of [
    ['app.getGPUInfo', 'screen', "void screen; await app.getGPUInfo('basic')"],
    ["app.on('accessibility-support-changed')", 'screen', "void screen; app.on('accessibility-support-changed', () => {})"],
    ["session.fromPartition('other')", 'session', "session.fromPartition('other')"],
    [
      'electron.desktopCapturer',
      'screen',
      "void screen; const { createRequire } = await import('node:module'); createRequire(import.meta.url)('electron').desktopCapturer",
    ],
    ['the menu role speech', 'Menu', "Menu.buildFromTemplate([{ role: 'speech' }])"],
    ['safeStorage.encryptString', 'safeStorage', "safeStorage.encryptString('old way')"],
    ['a filter of session.webRequest', 'session', "session.defaultSession.webRequest.onBeforeRequest({ urls: ['*://*/*'] }, () => {})"],
  ] as const)
    test(`${what} throws instead of giving nothing`, async ({ run }) => {
      const desktop = await run(onceReady(names, work))
      expect(await desktop.exited).toBe(3)
      expect(desktop.output()).toContain(`[standin] ${what} is not supported`)
    })

  test('an export fails when the app is linked', async ({ run }) => {
    const desktop = await run("import { inAppPurchase } from 'electron'\ninAppPurchase.canMakePayments()")
    expect(await desktop.exited).toBe(1)
    expect(desktop.output()).toContain("does not provide an export named 'inAppPurchase'")
  })

  for (const preference of ['nodeIntegration: true', 'contextIsolation: false', 'sandbox: false', 'webSecurity: false', 'webviewTag: true'])
    test(`a window with ${preference} is refused`, async ({ run }) => {
      const desktop = await run(onceReady('BrowserWindow', WINDOW(preference)))
      expect(await desktop.exited).toBe(3)
      expect(desktop.output()).toContain(`[standin] webPreferences.${preference} is not supported`)
    })
})

test.describe('what Electron refuses, it refuses', () => {
  test('waiting for ready at the top level of the main script waits forever', async ({ run }) => {
    const desktop = await run(
      "import { app } from 'electron'\nsetTimeout(() => { console.error('still waiting'); process.exit(4) }, 300)\nawait app.whenReady()\nprocess.exit(0)",
    )
    expect(await desktop.exited).toBe(4)
  })

  test('a window before the app is ready', async ({ run }) => {
    const desktop = await run("import { BrowserWindow } from 'electron'\nnew BrowserWindow()")
    expect(await desktop.exited).toBe(1)
    expect(desktop.output()).toContain('Cannot create BrowserWindow before app is ready')
  })

  test('a privileged scheme after it is ready', async ({ run }) => {
    const desktop = await run(
      onceReady('protocol', "protocol.registerSchemesAsPrivileged([{ scheme: 'own', privileges: { standard: true } }])"),
    )
    expect(await desktop.exited).toBe(3)
    expect(desktop.output()).toContain('should be called before app is ready')
  })

  test('a Node module in a sandboxed preload script', async ({ run }) => {
    const desktop = await run(onceReady('BrowserWindow', WINDOW('')), { preload: "require('node:fs')" })
    await desktop.window()
    await expect.poll(() => desktop.computer(({ preloads }) => preloads)).toEqual(['module not found: node:fs'])
  })

  test('what nobody caught ends the app, so that no test passes over it', async ({ run }) => {
    const desktop = await run(onceReady('screen', "void screen; setTimeout(() => { throw new Error('uncaught on purpose') })"))
    expect(await desktop.exited).toBe(1)
    expect(desktop.output()).toContain('uncaught on purpose')
  })
})

test.describe('the window', () => {
  const PRELOAD = `const { contextBridge, ipcRenderer } = require('electron')
    contextBridge.exposeInMainWorld('own', {
      echo: value => ipcRenderer.invoke('echo', value),
      fail: () => ipcRenderer.invoke('fail'),
      listen: take => { ipcRenderer.on('told', (_event, value) => take(value)) },
    })`
  const MAIN = onceReady(
    'BrowserWindow, ipcMain',
    `ipcMain.handle('echo', (_event, value) => value); ipcMain.handle('fail', () => { throw new TypeError('on purpose') }); ${WINDOW('')}`,
  )
  type Own = { own: { echo(value: unknown): Promise<unknown>; fail(): Promise<unknown>; listen(take: (value: unknown) => void): void } }

  test('keeps the preload script in a world of its own and freezes what crosses', async ({ run }) => {
    const page = await (await run(MAIN, { preload: `${PRELOAD}; globalThis.secret = 1` })).window()
    expect(
      await page.evaluate(() => {
        const names = ['secret', 'require', 'process', 'module', 'Buffer']
        const { own } = globalThis as unknown as Own
        const random = Object.getOwnPropertyNames(globalThis).filter(name => /^[bitm][0-9a-f]{24}$/.test(name))
        return { seen: names.filter(name => name in globalThis), isFrozen: Object.isFrozen(own), keys: Object.keys(own), random }
      }),
    ).toEqual({ seen: [], isFrozen: true, keys: ['echo', 'fail', 'listen'], random: [] })
  })

  test('carries what structured clone carries, and refuses what it refuses in the words of Electron', async ({ run }) => {
    const page = await (await run(MAIN, { preload: PRELOAD })).window()
    expect(
      await page.evaluate(async () => {
        const { own } = globalThis as unknown as Own
        const sent = {
          at: new Date(5),
          map: new Map([['a', new Set([1n])]]),
          bytes: new Uint8Array([1, 2]),
          nan: NaN,
          none: undefined,
          nested: [{ ['__proto__']: 1 }],
        }
        const back = (await own.echo(sent)) as typeof sent
        const words = (work: () => Promise<unknown>): Promise<string> =>
          Promise.resolve()
            .then(work)
            .then(
              () => 'fine',
              (cause: Error) => cause.message,
            )
        return {
          at: back.at.getTime(),
          set: [...(back.map.get('a') ?? [])].map(String),
          bytes: back.bytes.join(),
          nan: Number.isNaN(back.nan),
          none: 'none' in back,
          words: [await words(() => own.fail()), await words(() => own.echo(() => 1))],
        }
      }),
    ).toEqual({
      at: 5,
      set: ['1'],
      bytes: '1,2',
      nan: true,
      none: true,
      words: ["Error invoking remote method 'fail': TypeError: on purpose", expect.stringContaining('could not be cloned')],
    })
  })

  test('hears what the main process tells it, in order', async ({ run }) => {
    const desktop = await run(MAIN, { preload: PRELOAD })
    const page = await desktop.window()
    await page.evaluate(() => {
      const told: unknown[] = []
      Object.assign(globalThis, { told })
      ;(globalThis as unknown as Own).own.listen(value => void told.push(value))
    })
    await desktop.evaluate(({ BrowserWindow }) => {
      for (let count = 0; count < 200; count += 1) BrowserWindow.getAllWindows().at(0)?.webContents.send('told', count)
    })
    await expect
      .poll(() => page.evaluate(() => (globalThis as unknown as { told: unknown[] }).told))
      .toEqual(Array.from({ length: 200 }, (_, count) => count))
  })

  test('asks the app before a page leads it anywhere, and reaches no network', async ({ run }) => {
    const desktop = await run(
      onceReady(
        'BrowserWindow',
        `${WINDOW('')}; globalThis.asked = []; window.webContents.on('will-navigate', (event, url) => { asked.push(url); if (url.includes('refused')) event.preventDefault() })`,
      ),
    )
    const page = await desktop.window()
    const asked = () => desktop.evaluate(() => (globalThis as unknown as { asked: string[] }).asked)
    await page.evaluate(() => void (location.href = 'https://refused.example/'))
    await expect.poll(asked).toEqual(['https://refused.example/'])
    await expect(page.getByRole('heading', { name: 'Small' })).toBeVisible()
    expect(await desktop.computer(({ blockedRequests }) => blockedRequests)).toEqual([])
    await page.evaluate(() => void (location.href = 'https://let.example/'))
    await expect.poll(() => desktop.computer(({ blockedRequests }) => blockedRequests)).toEqual(['https://let.example/'])
  })

  test('asks the app before a page opens another window, and gives the page none', async ({ run }) => {
    const desktop = await run(
      onceReady(
        'BrowserWindow',
        `${WINDOW('')}; globalThis.asked = []; window.webContents.setWindowOpenHandler(({ url }) => { asked.push(url); return { action: 'deny' } })`,
      ),
      {
        page: '<!doctype html><title>Small</title><a href="https://link.example/">A link</a><a href="https://blank.example/" target="_blank">Another</a>',
      },
    )
    const page = await desktop.window()
    expect(await page.evaluate(() => window.open('https://opened.example/', '_blank', 'width=100'))).toBe(null)
    await page.getByText('Another').click()
    await page.getByText('A link').click({ modifiers: ['ControlOrMeta'] })
    await expect
      .poll(() => desktop.evaluate(() => (globalThis as unknown as { asked: string[] }).asked))
      .toEqual(['https://opened.example/', 'https://blank.example/', 'https://link.example/'])
    expect(await desktop.windows()).toBe(1)
    await expect.poll(() => page.context().pages().length).toBe(1)
  })

  test('grants a page what the handlers of the app grant, and nothing else', async ({ run }) => {
    const main = `
      import { protocol } from 'electron'
      protocol.registerSchemesAsPrivileged([{ scheme: 'own', privileges: { standard: true, secure: true } }])
      ${onceReady(
        'BrowserWindow, session',
        `protocol.handle('own', () => new Response('<!doctype html><title>Small</title>', { headers: { 'content-type': 'text/html' } }));
         session.defaultSession.setPermissionRequestHandler((_contents, name, answer) => answer(name === 'geolocation'));
         const window = new BrowserWindow(); globalThis.kept = window; await window.loadURL('own://small/')`,
      )}`
    const desktop = await run(main)
    const page = await desktop.window()
    expect(await desktop.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows().at(0)?.webContents.getURL())).toBe('own://small/')
    const states = (names: readonly string[]) =>
      page.evaluate(
        all => Promise.all(all.map(async name => (await navigator.permissions.query({ name: name as PermissionName })).state)),
        names,
      )
    expect(await states(['geolocation', 'notifications', 'camera', 'microphone', 'clipboard-read'])).toEqual([
      'granted',
      'denied',
      'denied',
      'denied',
      'denied',
    ])
    expect(await desktop.computer(({ checkPermission }) => checkPermission(null, 'media', 'own://small/'))).toBe(true)
  })
})

test('two starts on one folder are one app, and the second says what it was asked', async ({ run }) => {
  const desktop = await run(
    onceReady(
      'BrowserWindow',
      `globalThis.knocks = []; app.on('second-instance', (_event, argv, cwd) => { knocks.push(argv.at(-1)) }); if (!app.requestSingleInstanceLock()) app.exit(7); void BrowserWindow`,
    ),
  )
  expect(await desktop.startAgain(['keelson://health'])).toBe(7)
  await expect.poll(() => desktop.evaluate(() => (globalThis as unknown as { knocks: string[] }).knocks)).toEqual(['keelson://health'])
})

test('quitting asks before-quit, each window and will-quit, and any of them may refuse', async ({ run }) => {
  const desktop = await run(
    onceReady(
      'BrowserWindow',
      `globalThis.said = []; const say = what => event => { said.push(what); if (globalThis.refuses === what) event.preventDefault() };
       app.on('before-quit', say('before-quit')); app.on('will-quit', say('will-quit')); app.on('window-all-closed', () => said.push('window-all-closed'));
       ${WINDOW('')}; window.on('close', say('close'))`,
    ),
  )
  await desktop.window()
  const quitting = (refuses: string) =>
    desktop.evaluate(({ app }, what) => {
      Object.assign(globalThis, { refuses: what })
      app.quit()
      return (globalThis as unknown as { said: string[] }).said.splice(0)
    }, refuses)
  expect(await quitting('before-quit')).toEqual(['before-quit'])
  expect(await quitting('close')).toEqual(['before-quit', 'close'])
  expect(await desktop.windows()).toBe(1)
  expect(await quitting('will-quit')).toEqual(['before-quit', 'close', 'will-quit'])
  await desktop.evaluate(() => void Object.assign(globalThis, { refuses: '' }))
  expect(await desktop.quit()).toBe(0)
})

test('the key store answers as its computer stands', async ({ run }) => {
  const desktop = await run(onceReady('safeStorage', 'globalThis.storage = safeStorage'), {
    computer: { storage: { backend: 'kwallet6' } },
  })
  const sealed = await desktop.evaluate(async ({ safeStorage }) => (await safeStorage.encryptStringAsync('a secret')).toString('base64'))
  const prefix = () => desktop.evaluate(async ({ safeStorage }) => (await safeStorage.encryptStringAsync('x')).subarray(0, 3).toString())
  const open = () =>
    desktop.evaluate(
      ({ safeStorage }, text) =>
        safeStorage.decryptStringAsync(Buffer.from(text, 'base64')).then(
          ({ result }) => result,
          (cause: Error) => cause.message,
        ),
      sealed,
    )
  const become = (change: object) => desktop.computer(({ store }, to) => void Object.assign(store, to), change)
  expect([await prefix(), await open()]).toEqual(['v11', 'a secret'])
  for (const [state, words] of [
    ['locked', 'locked'],
    ['denied', 'dismissed'],
    ['busy', 'temporarily unavailable'],
    ['missing', 'not available'],
  ] as const) {
    await become({ state })
    expect(await open()).toContain(words)
  }
  await become({ state: 'open', backend: 'basic_text' })
  expect([await prefix(), await open()]).toEqual(['v10', expect.stringContaining('Error while decrypting')])
})
