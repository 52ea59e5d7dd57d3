import { linkSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { listStaticFiles } from '../../electron/node/static-files.ts'
import { createPageHandler } from '../../electron/shell/protocol.ts'
import { tempFolder } from '../support/fake-ports.ts'

const OUTSIDE = 'CANARY-outside-the-pages'

/** Pages beside everything that must not be one: files above them, symbolic links to those, a map, a script of another kind. */
function pages(root: string) {
  const folder = path.join(root, 'out/renderer')
  mkdirSync(path.join(folder, 'assets'), { recursive: true })
  writeFileSync(path.join(root, 'secret.json'), OUTSIDE)
  writeFileSync(path.join(root, 'out/index.html'), OUTSIDE)
  writeFileSync(path.join(folder, 'index.html'), 'front page')
  writeFileSync(path.join(folder, 'assets/index-1.js'), 'script')
  writeFileSync(path.join(folder, 'assets/index-1.js.map'), OUTSIDE)
  writeFileSync(path.join(folder, 'assets/.env'), OUTSIDE)
  symlinkSync(path.join(root, 'secret.json'), path.join(folder, 'link.json'))
  symlinkSync(root, path.join(folder, 'folder.html'))
  linkSync(path.join(folder, 'index.html'), path.join(folder, 'assets/copy.html'))
  return createPageHandler(listStaticFiles(folder))
}

const separator = fc.constantFrom(
  '/',
  '//',
  '\\',
  '%2f',
  '%2F',
  '%5c',
  '%5C',
  '%252f',
  '%255c',
  '%c0%af',
  '%e0%80%af',
  '%c1%9c',
  '\u2215',
  '%u2215',
  ';/',
  '/./',
)
const step = fc.constantFrom(
  '..',
  '.',
  '...',
  '%2e%2e',
  '%2E.',
  '.%2e',
  '%252e%252e',
  '%c0%ae%c0%ae',
  '%e0%80%ae',
  '..%00',
  '..;',
  '.. ',
  '~',
  '',
)
const name = fc.constantFrom(
  'secret.json',
  'SECRET.JSON',
  'secret.json%00.html',
  'secret.json%20',
  'secret.json.',
  'secret.json::$DATA',
  'link.json',
  'folder.html/secret.json',
  'index-1.js.map',
  'assets/.env',
  'Index.html',
  'INDEX.HTML',
  'index.html/',
  'index.html%00',
  'etc/passwd',
  'C:',
  'c%3a/Windows/win.ini',
  'proc/self/environ',
  'CON',
  '__proto__',
  'constructor',
  '',
)
const beginning = fc.constantFrom(
  'app://keelson',
  'app://keelson/',
  'app://keelson//',
  'app://keelson/assets',
  'APP://KEELSON/',
  'app:',
  'app:/',
  'app:///',
  'app://keelson/C:',
  'app://keelson/file:',
  'app://keelson/\\\\server/share',
  'app://keelson//server/share',
  'app://keelson@evil',
  'app://evil',
  'app://keelson%2f',
  'app://keelson:1',
  'file://',
  'file:///',
  'https://keelson',
  '',
)
const address = fc
  .tuple(
    beginning,
    fc.array(fc.tuple(separator, step), { maxLength: 6 }),
    separator,
    name,
    fc.constantFrom('', '?', '?x=/../', '#', '#/../', ' ', '%'),
  )
  .map(([start, steps, last, file, end]) => `${start}${steps.flat().join('')}${last}${file}${end}`)

/** What a page may be answered with: nothing but these three files by their own names. */
const INSIDE: Readonly<Record<string, string>> = { 'front page': '', script: '' }

test('no way of writing an address leads to a file outside the pages: 1,000 of them, 0 escapes', async () => {
  using folder = tempFolder()
  const answer = pages(folder.path)
  let asked = 0
  const property = fc.asyncProperty(address, async url => {
    asked += 1
    const response = await answer({ url, method: 'GET' })
    const body = await response.text()
    expect(body).not.toContain(OUTSIDE)
    expect(response.status === 404 ? body === 'Not found' : body in INSIDE).toBe(true)
    expect(body).not.toContain(folder.path)
  })
  await fc.assert(property, { numRuns: 1_000, seed: 20_261_120 })
  expect(asked).toBeGreaterThanOrEqual(1_000)
})

test('the pages themselves are found, and what lies beside them is not', async () => {
  using folder = tempFolder()
  const answer = pages(folder.path)
  const status = async (url: string): Promise<number> => (await answer({ url: `app://keelson${url}`, method: 'GET' })).status
  const asked = [
    '/',
    '/index.html',
    '/index.html?x=1#/history',
    '/assets/index-1.js',
    '/assets/copy.html',
    '/link.json',
    '/folder.html/secret.json',
    '/assets/index-1.js.map',
    '/assets/.env',
    '/assets',
    '/assets/',
  ]
  expect(await Promise.all(asked.map(status))).toEqual([200, 200, 200, 200, 200, 404, 404, 404, 404, 404, 404])
})

test('a file that is gone by the time it is asked for says nothing about where it was', async () => {
  using folder = tempFolder()
  const answer = createPageHandler(() => ({ file: path.join(folder.path, 'gone.html'), type: 'text/html' }))
  const response = await answer({ url: 'app://keelson/gone.html', method: 'GET' })
  expect({ status: response.status, body: await response.text() }).toEqual({ status: 404, body: 'Not found' })
})
