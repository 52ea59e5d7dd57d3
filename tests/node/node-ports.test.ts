import { mkdirSync, readdirSync, readFileSync, statSync, symlinkSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { describe, expect, test, vi } from 'vitest'
import type { LogRecord } from '../../electron/core/ports.ts'
import { createClock } from '../../electron/node/clock.ts'
import { resolveDataDir } from '../../electron/node/data-dir.ts'
import { layoutAround } from '../../electron/node/layout.ts'
import { createLogFile, createLogStderr, joinSinks } from '../../electron/node/log-sink.ts'
import { type BrowserCommand, browserCommand, createBrowser, openableUrl } from '../../electron/node/open-browser.ts'
import { writePrivateFile } from '../../electron/node/private-file.ts'
import { createRandom } from '../../electron/node/random.ts'
import { listStaticFiles } from '../../electron/node/static-files.ts'
import { readVersion } from '../../electron/node/version.ts'
import { Instant } from '../../shared/domain/time.ts'
import { tempFolder } from '../support/fake-ports.ts'

const posix = process.platform !== 'win32'
/** Windows keeps no such bits. */
const mode = (file: string): number => (posix ? statSync(file).mode & 0o777 : 0)
const PRIVATE_FILE = posix ? 0o600 : 0
const PRIVATE_FOLDER = posix ? 0o700 : 0

describe('the clock', () => {
  test('runs a timer once, and not after it was stopped', async () => {
    const clock = createClock()
    const ran: string[] = []
    const stop = clock.after(5, () => ran.push('stopped'))
    stop()
    await new Promise<void>(resolve => {
      const keepAlive = setTimeout(() => undefined, 10_000)
      clock.after(10, () => {
        clearTimeout(keepAlive)
        resolve()
      })
    })
    expect(ran).toEqual([])
    expect(Instant.is(clock.now())).toBe(true)
  })

  test('takes a wait longer than a timer can count for what it is', () => {
    vi.useFakeTimers()
    try {
      let ran = 0
      const day = 24 * 3_600_000
      createClock().after(40 * day, () => (ran += 1))
      vi.advanceTimersByTime(39 * day)
      expect(ran).toBe(0)
      vi.advanceTimersByTime(day)
      expect(ran).toBe(1)
    } finally {
      vi.useRealTimers()
    }
  })
})

describe('randomness', () => {
  test('stays within its bounds and does not repeat', () => {
    const random = createRandom()
    const fractions = Array.from({ length: 1000 }, () => random.fraction())
    expect(fractions.every(fraction => fraction >= 0 && fraction < 1)).toBe(true)
    expect(new Set(fractions).size).toBeGreaterThan(990)
    expect(random.bytes(32)).toHaveLength(32)
    expect(random.uuid()).not.toBe(random.uuid())
  })
})

describe('the log', () => {
  const record = (event: string): LogRecord => ({
    at: Instant.parse('2026-11-20T20:59:58Z'),
    level: 'info',
    event,
    fields: { route: 'app.status', ms: 3 },
  })

  test('is JSON lines in private files, set aside by size', () => {
    using folder = tempFolder()
    const logs = path.join(folder.path, 'logs')
    const write = createLogFile({ folder: logs, maxBytes: 300, keep: 2 })
    for (let at = 0; at < 20; at += 1) write(record(`event.${at}`))
    expect(readdirSync(logs).sort()).toEqual(['keelson.1.log', 'keelson.2.log', 'keelson.log'])
    const newest = readFileSync(path.join(logs, 'keelson.log'), 'utf8').trim().split('\n').at(-1) ?? ''
    expect(JSON.parse(newest)).toEqual(record('event.19'))
    for (const name of readdirSync(logs)) {
      expect(statSync(path.join(logs, name)).size).toBeLessThanOrEqual(300)
      expect(mode(path.join(logs, name))).toBe(PRIVATE_FILE)
    }
    expect(mode(logs)).toBe(PRIVATE_FOLDER)
  })

  test('goes on where the last run ended', () => {
    using folder = tempFolder()
    createLogFile({ folder: folder.path })(record('first'))
    createLogFile({ folder: folder.path })(record('second'))
    expect(readFileSync(path.join(folder.path, 'keelson.log'), 'utf8').trim().split('\n')).toHaveLength(2)
  })

  test('that cannot be written stops nothing', () => {
    using folder = tempFolder()
    writeFileSync(path.join(folder.path, 'logs'), 'a file in the way')
    expect(() => createLogFile({ folder: path.join(folder.path, 'logs') })(record('lost'))).not.toThrow()
  })

  test('goes to several places, readable on a terminal', () => {
    const lines: string[] = []
    const records: LogRecord[] = []
    joinSinks(
      createLogStderr(text => lines.push(text)),
      one => records.push(one),
    )(record('request.done'))
    expect(lines).toEqual(['2026-11-20T20:59:58.000Z info request.done route="app.status" ms=3\n'])
    expect(records).toHaveLength(1)
  })
})

describe('the data folder', () => {
  const home = path.resolve('/home/tess')
  test.each([
    ['linux', {}, path.join(home, '.local/share/keelson')],
    ['linux', { XDG_DATA_HOME: path.resolve('/data') }, path.resolve('/data/keelson')],
    ['linux', { XDG_DATA_HOME: 'relative' }, path.join(home, '.local/share/keelson')],
    ['darwin', {}, path.join(home, 'Library/Application Support/Keelson')],
    ['win32', { LOCALAPPDATA: path.resolve('/local') }, path.resolve('/local/Keelson')],
    ['linux', { KEELSON_DATA_DIR: path.resolve('/mine') }, path.resolve('/mine')],
  ] as const)('on %s with %j is %s', (platform, env, expected) => {
    expect(resolveDataDir({ env, platform, home })).toBe(expected)
  })

  test('follows the option before the environment, and is absolute', () => {
    expect(resolveDataDir({ flag: 'here', env: { KEELSON_DATA_DIR: '/there' } })).toBe(path.resolve('here'))
  })
})

describe('opening a browser', () => {
  test.each([
    'javascript:alert(1)',
    'file:///etc/passwd',
    'http://example.com/',
    'https://user@example.com/',
    'https://schwab.com@evil.example/',
    'smb://server/share',
    'ms-settings:',
    '',
    'https://',
    `https://example.com/${'x'.repeat(9000)}`,
    'http://127.0.0.1.evil.example/',
    '-flag',
  ])('refuses %s', async url => {
    const started: BrowserCommand[] = []
    await createBrowser({ start: command => Promise.resolve(void started.push(command)) }).open(url)
    expect({ url: openableUrl(url), started }).toEqual({ url: null, started: [] })
  })

  test.each([
    'https://api.schwabapi.com/v1/oauth/authorize?x=1&y=2',
    'http://127.0.0.1:7830/?link=abc',
    'http://localhost:1/',
    'http://[::1]:1/',
  ])('opens %s', url => {
    expect(openableUrl(url)).toBe(url)
  })

  test('hands the address over as one argument, on every system', () => {
    const url = 'https://example.com/?a=1&b=$(x)'
    expect(browserCommand(url, 'linux')).toEqual({ command: 'xdg-open', args: [url] })
    expect(browserCommand(url, 'darwin')).toEqual({ command: 'open', args: [url] })
    expect(browserCommand(url, 'win32')).toEqual({ command: 'rundll32', args: ['url.dll,FileProtocolHandler', url] })
  })

  test('is no failure where there is none', async () => {
    const start = () => Promise.reject(new Error('spawn xdg-open ENOENT'))
    await expect(createBrowser({ start }).open('https://example.com/')).resolves.toBeUndefined()
  })
})

describe('files', () => {
  test('are replaced whole and private', () => {
    using folder = tempFolder()
    const file = path.join(folder.path, 'inner/host.json')
    writePrivateFile(file, 'one')
    writePrivateFile(file, 'two')
    expect(readFileSync(file, 'utf8')).toBe('two')
    expect(readdirSync(path.dirname(file))).toEqual(['host.json'])
    expect([mode(file), mode(path.dirname(file))]).toEqual([PRIVATE_FILE, PRIVATE_FOLDER])
  })

  test('of the pages are a fixed list, without links and strangers', () => {
    using folder = tempFolder()
    mkdirSync(path.join(folder.path, 'assets'))
    writeFileSync(path.join(folder.path, 'index.html'), '')
    writeFileSync(path.join(folder.path, 'assets/a.js'), '')
    writeFileSync(path.join(folder.path, 'assets/a.exe'), '')
    if (posix) symlinkSync('/etc/hosts', path.join(folder.path, 'assets/hosts.json'))
    const files = listStaticFiles(folder.path)
    writeFileSync(path.join(folder.path, 'late.js'), '')
    expect(files('/')?.type).toBe('text/html; charset=utf-8')
    expect(files('/assets/a.js')?.type).toBe('text/javascript; charset=utf-8')
    for (const name of ['/assets/a.exe', '/assets/hosts.json', '/late.js', '/assets', 'index.html', '/../index.html', '/__proto__'])
      expect(files(name)).toBeUndefined()
    expect(listStaticFiles(path.join(folder.path, 'nowhere'))('/')).toBeUndefined()
  })
})

describe('the layout', () => {
  test('is the same around sources and around the build', () => {
    const root = path.resolve('/keelson')
    const source = layoutAround(path.join(root, 'electron/headless/keelson.ts'))
    const built = layoutAround(path.join(root, 'out/headless/keelson.js'))
    expect([source.root, built.root, source.rendererDir, built.rendererDir]).toEqual([
      root,
      root,
      path.join(root, 'out/renderer'),
      path.join(root, 'out/renderer'),
    ])
    expect(source.writerScript.pathname).toMatch(/electron\/core\/sync\/writer-worker\.ts$/)
    expect(built.writerScript.pathname).toMatch(/out\/headless\/writer-worker\.js$/)
  })

  test('knows the version, or says 0.0.0', () => {
    using folder = tempFolder()
    expect(readVersion(folder.path)).toBe('0.0.0')
    writeFileSync(path.join(folder.path, 'package.json'), '{"version":"1.4.2"}')
    expect(readVersion(folder.path)).toBe('1.4.2')
  })
})
