import { existsSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { expect } from 'playwright/test'
import type { Desktop, Item } from './desktop.ts'
import { test } from './fixtures.ts'

const FILE = path.resolve(import.meta.dirname, '../fixtures/imports/schwab.csv')

async function items(desktop: Desktop): Promise<Item[]> {
  return (await desktop.menu.items()).flatMap(menu => menu.items)
}

const zoom = (desktop: Desktop): Promise<number | undefined> =>
  desktop.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows().at(0)?.webContents.getZoomFactor())

test.beforeEach(() => test.skip(process.platform === 'darwin', 'macOS writes the words another way'))

test('the menu leads to each screen, and opens what it names there', async ({ desktop }) => {
  const page = await desktop.window()
  await expect(page.getByRole('button', { name: 'Explore with sandbox brokers' })).toBeVisible()
  for (const [label, title] of [
    ['&History', /^History/],
    ['&Positions', /^Positions/],
    ['&Import…', /^Import/],
    ['Se&ttings', /^Settings/],
  ] as const) {
    await desktop.menu.click(label)
    await expect(page).toHaveTitle(title)
  }
  for (const [label, name] of [
    ['&Keyboard shortcuts', 'Keyboard shortcuts'],
    ['&About Keelson', /About/],
    ['&Notices', /Notices/],
  ] as const) {
    await desktop.menu.click(label)
    await expect(page.getByRole('dialog', { name })).toBeVisible()
    await page.keyboard.press('Escape')
    await expect(page.getByRole('dialog')).toHaveCount(0)
  }
})

test('what is shipped offers no tools of developers and no reload', async ({ launch }) => {
  const desktop = await launch({ isPackaged: true })
  await desktop.window()
  expect((await items(desktop)).filter(({ role, label }) => /reload|dev/i.test(`${role} ${label}`))).toEqual([])
})

test('the zoom goes by steps and is the same after the next start', async ({ launch }) => {
  const desktop = await launch()
  await desktop.window()
  await expect.poll(() => zoom(desktop)).toBe(1)
  await desktop.menu.click('&Zoom in')
  await desktop.menu.click('&Zoom in')
  await expect.poll(() => zoom(desktop)).toBeCloseTo(1.25)
  await desktop.quit()
  const again = await launch()
  await again.window()
  await expect.poll(() => zoom(again)).toBeCloseTo(1.25)
  await again.menu.click('&Actual size')
  await expect.poll(() => zoom(again)).toBe(1)
})

test('pausing changes what the menu offers, and there is nothing to lock without a lock', async ({ desktop }) => {
  const page = await desktop.window()
  await expect(page.getByRole('button', { name: 'Explore with sandbox brokers' })).toBeVisible()
  await desktop.menu.click('&Pause syncing')
  await expect.poll(async () => (await items(desktop)).map(({ label }) => label)).toContain('&Resume syncing')
  expect((await items(desktop)).find(({ label }) => label === '&Lock now')).toMatchObject({ enabled: false })
})

test('diagnostics are saved where the user says, and a file is taken from where they say', async ({ desktop, dataDir }) => {
  const page = await desktop.window()
  await expect(page.getByRole('button', { name: 'Explore with sandbox brokers' })).toBeVisible()
  await desktop.menu.click('Save &diagnostics…')
  await page.getByRole('button', { name: 'Save this file' }).click()
  await expect.poll(async () => (await desktop.dialogs.asked()).map(({ kind }) => kind)).toEqual(['showSaveDialog'])
  const file = path.join(dataDir, 'mine.json')
  expect(existsSync(file)).toBe(false)
  await desktop.dialogs.answer('showSaveDialog', { canceled: false, filePath: file })
  await expect.poll(() => existsSync(file)).toBe(true)
  expect(JSON.parse(readFileSync(file, 'utf8'))).toBeInstanceOf(Object)
  await page.keyboard.press('Escape')

  await desktop.menu.click('&Import…')
  await desktop.dialogs.answer('showOpenDialog', { canceled: false, filePaths: [FILE] })
  await page.getByLabel('File to import').click()
  await expect(page.getByText(path.basename(FILE))).toBeVisible()
})
