import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { expect } from 'playwright/test'
import type { Desktop } from './desktop.ts'
import { test } from './fixtures.ts'
import { explore } from './steps.ts'

// No desktop of a test machine shows tray icons, so the app is told that there is one.
const TRAY = { KEELSON_TRAY: 'yes' }

interface Remembered {
  readonly onClose: string
  readonly theme: string | null
  readonly window: { readonly bounds: { readonly width: number } } | null
  readonly crashes: { readonly running: string | null; readonly ends: readonly string[] }
}

function remembered({ dataDir }: Desktop): Remembered {
  return JSON.parse(readFileSync(path.join(dataDir, 'desktop/desktop.json'), 'utf8')) as Remembered
}

/** Says in place of the session bus whether the desktop shows tray icons. */
function sessionBus(folder: string, isThere: boolean) {
  const said = path.join(folder, 'said')
  const programs = path.join(folder, 'programs')
  const says = (now: boolean): void => writeFileSync(said, `b ${now}`)
  mkdirSync(programs)
  says(isThere)
  writeFileSync(path.join(programs, 'busctl'), `#!/bin/sh\ncat '${said}'\ntouch '${said}-once'\n`, { mode: 0o755 })
  return { says, wasAsked: () => existsSync(`${said}-once`), env: { KEELSON_TRAY: '', PATH: `${programs}:${process.env['PATH'] ?? ''}` } }
}

async function labels(desktop: Desktop): Promise<string[]> {
  return (await desktop.tray.items()).map(({ label }) => label)
}

/** The page may still be the one of a window that is going. */
async function shows(desktop: Desktop, title: RegExp): Promise<void> {
  await expect(async () => expect(await (await desktop.window()).title()).toMatch(title)).toPass()
}

async function ready(desktop: Desktop): Promise<void> {
  await shows(desktop, /^Overview/)
  await expect((await desktop.window()).getByRole('button', { name: 'Explore with sandbox brokers' })).toBeVisible()
  await expect.poll(() => labels(desktop)).toContain('No broker connected')
}

test('closing the window asks once, keeps the app in the tray and costs no window', async ({ launch }) => {
  const desktop = await launch({ env: TRAY })
  await ready(desktop)
  await desktop.closeWindow()
  await expect.poll(async () => (await desktop.dialogs.asked()).length).toBe(1)
  const [question] = await desktop.dialogs.asked()
  expect(question?.options['buttons']).toEqual(['Keep running in the tray', 'Quit', 'Cancel'])
  await desktop.dialogs.answer('showMessageBox', { response: 0, checkboxChecked: true })
  await expect.poll(() => desktop.windows()).toBe(0)
  expect(remembered(desktop).onClose).toBe('tray')

  await desktop.tray.click('Open Keelson')
  await ready(desktop)
  expect(await desktop.focused()).toBe(true)
  await desktop.closeWindow()
  await expect.poll(() => desktop.windows()).toBe(0)
  expect(await desktop.dialogs.asked()).toHaveLength(1)
})

test('a window comes back at the screen and in the place it was closed at', async ({ launch }) => {
  const desktop = await launch({ env: TRAY })
  await ready(desktop)
  await (await desktop.window()).getByRole('link', { name: 'Health' }).click()
  await desktop.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows().at(0)?.setBounds({ x: 90, y: 70, width: 1000, height: 700 }))
  await desktop.dialogs.answer('showMessageBox', { response: 0, checkboxChecked: true })
  await desktop.closeWindow()
  await expect.poll(() => desktop.windows()).toBe(0)
  await desktop.tray.press()
  await shows(desktop, /^Health/)
  expect(await desktop.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows().at(0)?.getBounds())).toEqual({ x: 90, y: 70, width: 1000, height: 700 })
})

test('a window begins in the theme its user chose', async ({ launch }) => {
  const desktop = await launch({ env: TRAY })
  await ready(desktop)
  const page = await desktop.window()
  await page.getByRole('link', { name: 'Settings' }).click()
  await page.getByRole('radiogroup', { name: 'Theme' }).getByText('Dark').click()
  const color = page.locator('meta[name="theme-color"]')
  await expect(color).toHaveAttribute('content', '#0d1014')
  // The stand-in does not look for it.
  await desktop.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows().at(0)?.webContents.emit('did-change-theme-color', {}, '#0d1014'))
  await expect.poll(() => remembered(desktop).theme).toBe('dark')
  await page.getByRole('radiogroup', { name: 'Theme' }).getByText('System').click()
  await expect(color).toHaveCount(0)
})

test('quitting from the question ends the app in order', async ({ launch }) => {
  const desktop = await launch({ env: TRAY })
  await ready(desktop)
  expect(remembered(desktop).crashes.running).not.toBeNull()
  await desktop.dialogs.answer('showMessageBox', { response: 1, checkboxChecked: false })
  await desktop.closeWindow()
  expect(await desktop.exited).toBe(0)
  expect(remembered(desktop)).toMatchObject({ onClose: 'ask', crashes: { running: null, ends: [] } })
})

test('without a tray closing never leaves an app that cannot be found', async ({ launch }) => {
  const desktop = await launch({ env: { KEELSON_TRAY: 'no' } })
  const page = await desktop.window()
  await expect(page.getByRole('button', { name: 'Explore with sandbox brokers' })).toBeVisible()
  await desktop.dialogs.answer('showMessageBox', { response: 0, checkboxChecked: true })
  await desktop.closeWindow()
  await expect.poll(() => desktop.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows().at(0)?.isMinimized())).toBe(true)
  expect(await desktop.windows()).toBe(1)
  expect(await desktop.startAgain([])).toBe(0)
  await expect.poll(() => desktop.focused()).toBe(true)
})

test('a desktop that loses its tray gets the window back, made small', async ({ launch, dataDir }) => {
  test.skip(process.platform !== 'linux', 'other systems have a tray')
  const bus = sessionBus(dataDir, true)
  const desktop = await launch({ env: bus.env })
  await ready(desktop)
  await desktop.dialogs.answer('showMessageBox', { response: 0, checkboxChecked: true })
  await desktop.closeWindow()
  await expect.poll(() => desktop.windows()).toBe(0)
  await desktop.tray.press()
  await ready(desktop)
  bus.says(false)
  await desktop.closeWindow()
  await expect.poll(() => desktop.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows().at(0)?.isMinimized())).toBe(true)
})

test('a start at a login waits for a desktop that is still coming up, and needs no window', async ({ launch, dataDir }) => {
  test.skip(process.platform !== 'linux', 'other systems have a tray')
  const bus = sessionBus(dataDir, false)
  const desktop = await launch({ env: bus.env, args: ['--hidden'] })
  await expect.poll(bus.wasAsked).toBe(true)
  bus.says(true)
  await expect.poll(() => labels(desktop)).toContain('No broker connected')
  expect(await desktop.windows()).toBe(0)
})

test('a start at a login stays in the tray, and another start brings the window', async ({ launch }) => {
  const desktop = await launch({ env: TRAY, args: ['--hidden'] })
  await expect.poll(() => labels(desktop)).toContain('No broker connected')
  expect(await desktop.windows()).toBe(0)
  expect(await desktop.startAgain(['--hidden'])).toBe(0)
  expect(await desktop.windows()).toBe(0)
  expect(await desktop.startAgain([])).toBe(0)
  await ready(desktop)
})

test('starting at a login is set in the system and shows as it is there', async ({ launch, dataDir }) => {
  const desktop = await launch({ env: TRAY, isPackaged: true })
  test.skip(desktop.kind === 'electron' || process.platform !== 'linux', 'the autostart folder of a real desktop is left alone')
  const page = await desktop.window()
  await page.getByRole('link', { name: 'Settings' }).click()
  const choice = page.getByLabel('Start when you sign in to this computer')
  await choice.click()
  const entry = path.join(dataDir, 'home/config/autostart/app.keelson.desktop')
  await expect.poll(() => existsSync(entry)).toBe(true)
  expect(readFileSync(entry, 'utf8')).toContain(`"--hidden" "--data-dir=${dataDir}"`)
  await expect(choice).toBeChecked()
  await choice.click()
  await expect.poll(() => existsSync(entry)).toBe(false)
})

test('a link shows its page and nothing else, at the first start and the next', async ({ launch }) => {
  const desktop = await launch({ env: TRAY, args: ['keelson://settings'] })
  const page = await desktop.window()
  await expect(page).toHaveTitle(/^Settings/)
  await desktop.startAgain(['keelson://health'])
  await expect(page).toHaveTitle(/^Health/)
  await desktop.startAgain(['keelson://settings?act=update'])
  await desktop.startAgain(['keelson://history', 'keelson://positions'])
  await expect(page).toHaveTitle(/^Health/)
  expect(await desktop.windows()).toBe(1)
})

test('after three ends nobody asked for it starts with nothing in the background, and leaves that in order', async ({ launch, dataDir }) => {
  for (let times = 0; times < 3; times += 1) {
    const crashing = await launch({ env: TRAY })
    await crashing.window()
    await expect.poll(() => existsSync(path.join(dataDir, 'desktop/desktop.json'))).toBe(true)
    await expect.poll(() => remembered(crashing).crashes.ends.length).toBe(times)
    await crashing.kill()
  }
  const safe = await launch({ env: TRAY, args: ['--hidden'] })
  const page = await safe.window()
  await expect.poll(() => labels(safe)).toContain('Safe mode: nothing runs in the background')
  // The window may be gone before the click has been confirmed.
  await page.getByRole('button', { name: 'Start as usual' }).click().catch(() => undefined)
  expect(await safe.exited).toBe(0)
  expect(safe.relaunchArgs()).not.toBeNull()
  expect(safe.relaunchArgs()).not.toContain('--hidden')
  const usual = await launch({ env: TRAY })
  await ready(usual)
  expect(await labels(usual)).not.toContain('Safe mode: nothing runs in the background')
})

test('an error nobody handled is explained, saved from and counted', async ({ launch }) => {
  const desktop = await launch({ env: TRAY })
  await ready(desktop)
  await desktop.evaluate(() => void Promise.reject(new Error('lost on the way')))
  expect(await desktop.exited).toBe(1)
  expect(desktop.output()).toContain('Keelson has to close: Something went wrong inside Keelson.')
  expect(remembered(desktop).crashes.running).not.toBeNull()
  const log = readFileSync(path.join(desktop.dataDir, 'logs/keelson.log'), 'utf8')
  expect(log).toContain('"event":"shell.unhandled"')
  expect(log.indexOf('"event":"core.stopped"')).toBeGreaterThan(log.indexOf('"event":"shell.unhandled"'))
})

test('what is damaged in what it remembers is as if never said', async ({ launch, dataDir }) => {
  const first = await launch({ env: TRAY })
  await ready(first)
  await first.quit()
  writeFileSync(path.join(dataDir, 'desktop/desktop.json'), '{"onClose": "tray", "window": {"bou')
  const second = await launch({ env: TRAY })
  await ready(second)
  expect(await second.quit()).toBe(0)
  expect(remembered(second).onClose).toBe('ask')
})

test('the tray names nothing while the app lock is closed, and the lock closes with the screen', async ({ launch }) => {
  const desktop = await launch({ env: TRAY })
  await ready(desktop)
  const page = await desktop.window()
  await explore(page, 'schwab', 'Charles Schwab')
  await expect.poll(async () => (await labels(desktop)).some(label => label.includes('Schwab'))).toBe(true)
  // Nobody has set a lock, so there is none to close.
  await desktop.power('lock-screen')
  await expect(page.getByRole('heading', { name: 'Charles Schwab' })).toBeVisible()

  await page.evaluate(() => {
    const { keelson } = globalThis as unknown as { keelson: { request(json: string): Promise<unknown> } }
    return keelson.request(JSON.stringify({ id: 'set', route: 'lock.set', input: { passphrase: 'open sesame', idleMinutes: null } }))
  })
  await desktop.power('lock-screen')
  await expect.poll(() => labels(desktop)).toEqual(['Keelson is locked', '', 'Stop all trading', '', 'Open Keelson', 'Quit Keelson'])
  expect(await desktop.tray.toolTip()).toBe('Keelson is locked')
  await expect(page.getByRole('heading', { name: 'Charles Schwab' })).toBeHidden()
})

test('a page whose process ends comes back by itself, but not for ever', async ({ launch }) => {
  const desktop = await launch({ env: TRAY })
  await ready(desktop)
  const crash = () => desktop.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows().at(0)?.webContents.forcefullyCrashRenderer())
  const id = () => desktop.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows().at(0)?.id ?? 0)
  for (let times = 0; times < 2; times += 1) {
    const before = await id()
    await crash()
    await expect.poll(id).toBeGreaterThan(before)
    await ready(desktop)
  }
  await crash()
  await expect.poll(async () => (await desktop.dialogs.asked()).map(({ options }) => options['message'])).toEqual([
    'The window of Keelson ended unexpectedly several times.',
  ])
  expect(await desktop.windows()).toBe(0)
  await desktop.dialogs.answer('showMessageBox', { response: 2, checkboxChecked: false })
  await desktop.tray.click('Open Keelson')
  await ready(desktop)
})
