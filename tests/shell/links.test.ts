import { readFileSync } from 'node:fs'
import path from 'node:path'
import { describe, expect, test } from 'vitest'
import { brokerHosts, pagesOf } from '../../electron/core/brokers/pages.ts'
import { brokers } from '../../electron/core/brokers/registry.ts'
import { createLinks } from '../../electron/shell/links.ts'
import { listFiles, repoRoot } from '../support/source-tree.ts'
import { HOSTILE_TARGETS } from './support/hostile-targets.ts'

const hosts = [...brokerHosts()]

/** Each look at the clock is a minute after the last, unless a test stops it. */
function opener(fails = false, step = 60_000) {
  let ms = 0
  const opened: string[] = []
  const open = (url: string): Promise<void> => {
    opened.push(url)
    return fails ? Promise.reject(new Error('no browser')) : Promise.resolve()
  }
  return { opened, links: createLinks({ open, hosts: () => Promise.resolve(brokerHosts()), now: () => (ms += step) }) }
}

/** Addresses that look like a broker's, sound like one or hide behind one, for each host that may be opened. */
function disguises(host: string): string[] {
  const [first = '', ...rest] = host.split('.')
  const lookAlike = host.replace('a', '\u0430').replace('e', '\u0435').replace('o', '\u043e')
  return [
    `https://${host}@evil.example/`,
    `https://user@${host}/`,
    `https://user:pass@${host}/`,
    `https://evil.example/@${host}/..`.replace('/@', '@'),
    `https://${host}.evil.example/`,
    `https://evil${host}/`,
    `https://evil-${host}/`,
    `https://login.${host}/`,
    `https://${host}./`,
    `https://${first}/`,
    `https://${rest.join('.')}.evil.example/`,
    `https://${lookAlike}/`,
    `https://${host.replaceAll('.', '\u3002')}/`,
    `https://${host.replace('.', '\u2024')}/`,
    `https://evil.example\\@${host}/`,
    `https://${host}\\@evil.example/`,
    `https:\\\\${host}\\`,
    `https://${host}\\..\\x`,
    `https://${host}/\u0000`,
    `https://${host}/a\nb`,
    `ht\ttps://${host}/`,
    ` https://${host}/`,
    `https://${host}/\u202egnp.exe`,
    `https://${host}/\u200b`,
    `https://${host}/ --proxy-server=evil.example`,
    `https://${host}/"&calc.exe`,
    `https://${host}/<x>`,
    `https://${host}/|calc`,
    `https://${host}/\`id\``,
    `http://${host}/`,
    `ftp://${host}/`,
    `file://${host}/x`,
    `smb://${host}/x`,
    `ws://${host}/`,
    `wss://${host}/`,
    `javascript://${host}/%0aalert(1)`,
    `vbscript://${host}/`,
    `data:text/html,https://${host}/`,
    `blob:https://${host}/1`,
    `view-source:https://${host}/`,
    `ms-settings:https://${host}/`,
    `ms-word:ofe|u|https://${host}/x.docx`,
    `search-ms:query=x&crumb=location:https://${host}/`,
    `keelson://${host}/`,
    `app://${host}/`,
    `https:${host}/`,
    `https:/${host}/`,
    `https:///${host}/`,
    `//${host}/`,
    host,
    `https://${host}:8443/`,
    `https://${host}:80/`,
    `https://${host}:99999/`,
    `https://${host}/${'x'.repeat(2048)}`,
    `https://evil.example/?https://${host}/`,
    `https://evil.example/#${host}`,
    `https://evil.example/${host}`,
  ]
}

const hostile = [
  ...hosts.flatMap(disguises),
  ...HOSTILE_TARGETS,
  '',
  'https://',
  'https://:443/',
  'https://[::1/',
  'https://127.0.0.1/',
  'https://localhost/',
  'https://[::1]/',
  'https://0/',
  'http://localhost:5000/',
  'http://0.0.0.0/',
  'http://10.0.0.1/',
  'http://192.168.1.1/',
  'http://[::]/',
  'http://127.0.0.1.evil.example/',
  'http://127.0.0.1@evil.example/',
  'http://user@127.0.0.1/',
  'http://[::ffff:10.0.0.1]/',
  'http://127.0.0.1\\@evil.example/',
  '-flag',
  '--help',
  'C:\\Windows\\System32\\calc.exe',
  '/usr/bin/xcalc',
  '~/x',
  'calc.exe',
]

describe('the way out into the system browser', () => {
  test('is closed to 500 and more addresses that are no page of a broker', async () => {
    const { links, opened } = opener()
    expect(new Set(hostile).size).toBeGreaterThanOrEqual(500)
    const remote = hostile.filter(url => !/^http:\/\/127\.0\.0\.1:\d/.test(url))
    for (const url of hostile) await links.fromWindow(url)
    for (const url of remote) await links.fromCore(url)
    expect(opened).toEqual([])
  })

  test.each(Object.values(brokers))('leads to every page of $name that the app names', async broker => {
    const { links, opened } = opener()
    const pages = pagesOf(broker)
    for (const page of pages) await links.fromWindow(page)
    expect(opened).toEqual(pages.map(page => new URL(page).href))
    expect(pages).toContain(broker.registerAt)
  })

  test('leads to every https address that is written in the window\u2019s own sources', async () => {
    const { links, opened } = opener()
    const sources = listFiles('renderer').map(file => readFileSync(path.join(repoRoot, file), 'utf8'))
    const written = sources.flatMap(text => [...text.matchAll(/https:\/\/[\w.-]+\.[a-z]{2,}[^\s'"`<)]*/g)].map(([address]) => address))
    expect(written).toContain('https://app.alpaca.markets/signup')
    for (const address of written) await links.fromWindow(address)
    expect(opened).toEqual(written)
  })

  test('knows its hosts from the brokers, not from a list of its own', () => {
    expect(hosts).toEqual(expect.arrayContaining(['app.alpaca.markets', 'api.schwabapi.com', 'us.etrade.com', 'my.tastytrade.com']))
    expect(hosts.filter(host => /localhost|127\.|:\d|[^a-z0-9.-]/.test(host))).toEqual([])
  })

  test('opens a single page beside them for the window alone, and nothing else on its host', async () => {
    const opened: string[] = []
    const page = 'https://charts.example/'
    const links = createLinks({ open: url => Promise.resolve(void opened.push(url)), hosts: () => Promise.resolve(brokerHosts()), pages: new Set([page]), now: (ms => () => (ms += 60_000))(0) })
    await links.fromCore(page)
    for (const other of ['https://charts.example/x', 'https://charts.example/?a', 'https://charts.example/#a', 'https://charts.example', 'http://charts.example/']) await links.fromWindow(other)
    expect(opened).toEqual([])
    await links.fromWindow(page)
    expect(opened).toEqual([page])
  })

  test('lets the core reach a simulator on this machine, and the window show that page again but no other there', async () => {
    const { links, opened } = opener()
    const page = 'http://127.0.0.1:43211/oauth/authorize?state=1'
    await links.fromWindow(page)
    await links.fromCore(page)
    await links.fromWindow(page)
    await links.fromWindow('http://127.0.0.1:43211/oauth/authorize?state=2')
    await links.fromWindow('http://127.0.0.1:8731/callback/alpaca?code=evil')
    await links.fromCore('http://[::1]:43211/')
    expect(opened).toEqual([page, page, 'http://[::1]:43211/'])
  })

  test('forgets the oldest pages it showed', async () => {
    const { links, opened } = opener()
    const page = (index: number): string => `http://127.0.0.1:1/?${index}`
    for (let index = 0; index < 60; index += 1) await links.fromCore(page(index))
    opened.length = 0
    for (let index = 0; index < 60; index += 1) await links.fromWindow(page(index))
    expect(opened).toEqual(Array.from({ length: 50 }, (_, index) => page(index + 10)))
  })

  test('lets a page open no more links than anybody follows by hand', async () => {
    const { links, opened } = opener(false, 0)
    for (let count = 0; count < 100; count += 1) await links.fromWindow(brokers.schwab.registerAt)
    expect(opened).toHaveLength(5)
    const slow = opener(false, 5_000)
    for (let count = 0; count < 20; count += 1) await slow.links.fromWindow(brokers.schwab.registerAt)
    expect(slow.opened).toHaveLength(20)
  })

  test('opens no more pages for the core either, which a window may ask to sign in over and over', async () => {
    const { links, opened } = opener(false, 0)
    const page = (index: number): string => `http://127.0.0.1:1/?${index}`
    for (let count = 0; count < 40; count += 1) await links.fromCore(page(count))
    expect(opened).toEqual([0, 1, 2, 3, 4].map(page))
    // The page the user waits for is a link in the window, and still leads there.
    await links.fromWindow(page(39))
    expect(opened.at(-1)).toBe(page(39))
  })

  test('is closed while nobody knows the hosts, and does not fail', async () => {
    const opened: string[] = []
    const links = createLinks({
      open: url => Promise.resolve(void opened.push(url)),
      hosts: () => Promise.reject(new Error('not read')),
      now: () => 0,
    })
    await links.fromWindow(brokers.schwab.registerAt)
    await links.fromCore(brokers.schwab.registerAt)
    expect(opened).toEqual([])
  })

  test('is no failure on a machine without a browser', async () => {
    const { links, opened } = opener(true)
    await links.fromCore(brokers.schwab.registerAt)
    expect(opened).toHaveLength(1)
  })
})
