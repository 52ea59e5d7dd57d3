import { readFileSync } from 'node:fs'
import path from 'node:path'
import { describe, expect, test } from 'vitest'
import { listFiles, repoRoot } from '../support/source-tree.ts'

const sources = [...listFiles('electron'), ...listFiles('renderer'), ...listFiles('shared')].map(file => {
  const text = readFileSync(path.join(repoRoot, file), 'utf8')
  return { file, code: text.replaceAll(/\/\*[\s\S]*?\*\/|^\s*\/\/.*$/gm, '') }
})
/** The files whose code, without its comments, has a pattern. */
const speakers = (pattern: RegExp): string[] => sources.filter(({ code }) => pattern.test(code)).map(({ file }) => file)
const shell = (...names: readonly string[]): string[] => names.map(name => `electron/shell/${name}.ts`)

describe('what the app uses of Electron', () => {
  test.each([
    [
      'the channels are listened on by the transport alone, which refuses strangers',
      /\bipc(?:Main)?\.(?:handle|handleOnce|on|once|addListener)\(/,
      shell('transport'),
    ],
    ['the channels of the main process are handed to the transport and nobody else', /\bipcMain\b(?!')/, shell('windows')],
    ['the preload alone speaks to the main process', /\bipcRenderer\b/, shell('preload')],
    ['the preload alone gives the page something', /\bcontextBridge\b/, shell('preload')],
    ['one file opens windows', /\bnew (?:BrowserWindow|BaseWindow|WebContentsView|BrowserView)\b/, shell('window')],
    ['one place leads to the system\u2019s browser, through the links that know the hosts', /\bshell\.openExternal\b/, shell('main')],
    ['one file decides about new windows', /\bsetWindowOpenHandler\b/, shell('guard')],
    ['one file decides about permissions', /\bsetPermission(?:Request|Check)Handler\b/, shell('guard')],
    ['one scheme is registered, by the entry', /\bregisterSchemesAsPrivileged\b/, shell('main')],
    ['one handler answers it', /\bprotocol\.(?:handle|register\w*Protocol|intercept\w*)\(/, shell('boot')],
    ['the sandbox is switched on by the entry', /\bapp\.enableSandbox\(\)/, shell('main')],
  ])('%s', (_sentence, pattern, files) => {
    expect(speakers(pattern)).toEqual(files)
  })

  test.each([
    ['the synchronous key store', /\b(?:encryptString|decryptString|isEncryptionAvailable|setUsePlainTextEncryption)\(/],
    ['code run in a page from outside', /\b(?:executeJavaScript\w*|executeInMainWorld|insertCSS|exposeInIsolatedWorld)\(/],
    ['pages from files or other places', /\bloadFile\(|\bloadURL\(\s*['"`](?:https?|file|data):|file:\/\//],
    ['guests', /<webview|\ballowpopups\b|webviewTag:\s*true/],
    [
      'weakened windows',
      /\b(?:nodeIntegration\w*|allowRunningInsecureContent|experimentalFeatures|navigateOnDragDrop|enableWebSQL|plugins):\s*true|\b(?:sandbox|contextIsolation|webSecurity):\s*false|\benableBlinkFeatures:/,
    ],
    ['a privileged scheme with holes', /\b(?:bypassCSP|allowServiceWorkers|corsEnabled|codeCache):\s*true/],
    ['certificates that do not hold', /'certificate-error'|\bsetCertificateVerifyProc\b|ignore-certificate-errors'(?!,)/],
    ['reports of crashes that leave the machine', /\bcrashReporter\b/],
    ['switches of its own', /\b(?:appendSwitch|appendArgument)\(/],
    ['the module that reached from page to main', /@electron\/remote|\benableRemoteModule\b/],
    ['extensions', /\bloadExtension\(/],
    ['sessions of their own', /\bfromPartition\(|\bfromPath\(/],
    ['markup from text', /\b(?:dangerouslySetInnerHTML|innerHTML|outerHTML|insertAdjacentHTML|document\.write)\b|\bsrcDoc\b/],
    ['code from text', /\beval\(|\bnew Function\(|\bFunction\(['"`]/],
  ])('%s: not at all', (_what, pattern) => {
    expect(speakers(pattern)).toEqual([])
  })

  test('the sandbox is on and the scheme known before the app is ready, and nothing waits in between', () => {
    const main = sources.find(({ file }) => file === 'electron/shell/main.ts')?.code ?? ''
    const at = (text: string): number => main.indexOf(text)
    expect(at('app.enableSandbox()')).toBeGreaterThan(-1)
    expect(at('app.enableSandbox()')).toBeLessThan(at('.whenReady()'))
    expect(at('registerSchemesAsPrivileged')).toBeLessThan(at('.whenReady()'))
    expect(main).toContain('privileges: { standard: true, secure: true, supportFetchAPI: true }')
    expect(main).not.toMatch(/^await /m)
  })

  test('whatever is shown is guarded before the app is ready, and an installed copy minds its command line first of all', () => {
    const main = sources.find(({ file }) => file === 'electron/shell/main.ts')?.code ?? ''
    expect(main.indexOf('guardApp(app')).toBeGreaterThan(-1)
    expect(main.indexOf('guardApp(app')).toBeLessThan(main.indexOf('.whenReady()'))
    expect(main.lastIndexOf('refuseWithoutWalls()')).toBeLessThan(main.indexOf('const place = prepare()'))
  })

  test('the window is opened with every wall up, word for word', () => {
    const code = sources.find(({ file }) => file === 'electron/shell/window.ts')?.code ?? ''
    const preferences = /webPreferences: \{([^}]*)\}/
      .exec(code)?.[1]
      ?.split(',')
      .map(one => one.trim())
      .filter(one => one !== '')
    expect(preferences).toEqual([
      'preload',
      'sandbox: true',
      'contextIsolation: true',
      'nodeIntegration: false',
      'nodeIntegrationInWorker: false',
      'nodeIntegrationInSubFrames: false',
      'webSecurity: true',
      'allowRunningInsecureContent: false',
      'experimentalFeatures: false',
      'webviewTag: false',
      'devTools: !app.isPackaged',
      'navigateOnDragDrop: false',
      'spellcheck: false',
    ])
  })

  test('the page is one document of its own, with scripts from files alone', () => {
    const page = readFileSync(path.join(repoRoot, 'renderer/index.html'), 'utf8')
    expect([...page.matchAll(/<script\b[^>]*>([^<]*)<\/script>/g)].map(([tag, code]) => [/\bsrc="\.\//.test(tag), code])).toEqual([
      [true, ''],
    ])
    expect(page).not.toMatch(/\son\w+=|javascript:|https?:\/\/|<(?:base|iframe|object|embed|webview|form)\b/)
  })
})
