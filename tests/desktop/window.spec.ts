import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { expect, type Page } from 'playwright/test'
import type { Desktop, Item } from './desktop.ts'
import { test } from './fixtures.ts'
import { isRealElectron } from './launch.ts'

// No desktop of a test machine shows tray icons, so the app is told that there is one.
const TRAY = { KEELSON_TRAY: 'yes' }

const CSV = `"Date","Action","Symbol","Description","Quantity","Price","Fees & Comm","Amount"
"01/15/2026","Buy","VTI","VANGUARD TOTAL STOCK MKT ETF","10","$250.00","","-$2,500.00"
`

/** Clicks an item of the menus by its words, wherever the system wants a letter of them marked. */
async function clickMenu(desktop: Desktop, words: string): Promise<void> {
  const flat = (items: readonly Item[]): Item[] => items.flatMap(item => [item, ...flat(item.items)])
  const found = flat(await desktop.menu.items()).find(({ label }) => label.replace('&', '') === words)
  await desktop.menu.click(found?.label ?? words)
}

async function settings(page: Page) {
  await page.getByRole('link', { name: 'Settings' }).click()
  return page.getByRole('region', { name: 'This computer', exact: true })
}

test('what is set for this computer counts at once and is there after a restart', async ({ launch }) => {
  const desktop = await launch({ env: TRAY })
  const page = await desktop.window()
  const section = await settings(page)
  await section.getByRole('radio', { name: /^Stay in the/ }).click()
  await expect(section.getByRole('radio', { name: /^Stay in the/ })).toBeChecked()
  await desktop.closeWindow()
  await expect.poll(() => desktop.windows()).toBe(0)
  expect(await desktop.dialogs.asked()).toEqual([])
  await desktop.quit()

  const again = await launch({ env: TRAY })
  const restored = await settings(await again.window())
  await expect(restored.getByRole('radio', { name: /^Stay in the/ })).toBeChecked()
})

test('keys pressed in the settings are had from the system, and given back', async ({ launch }) => {
  test.skip(isRealElectron, 'a machine of others may have the keys already')
  const desktop = await launch({ env: TRAY })
  const page = await desktop.window()
  const section = await settings(page)
  await section.getByRole('button', { name: 'Set keys' }).click()
  await page.keyboard.press('Control+Alt+j')
  await expect(section.getByRole('button', { name: 'Take the keys away' })).toBeVisible()
  const isHad = () => desktop.evaluate(({ globalShortcut }) => globalShortcut.isRegistered('CommandOrControl+Alt+J'))
  expect(await isHad()).toBe(true)
  await section.getByRole('button', { name: 'Take the keys away' }).click()
  await expect.poll(isHad).toBe(false)
})

test('the menus lead an open window to its screens', async ({ launch }) => {
  const desktop = await launch({ env: TRAY })
  const page = await desktop.window()
  await expect(page.getByRole('button', { name: 'Explore with sandbox brokers' })).toBeVisible()
  await clickMenu(desktop, 'Health')
  await expect(page.getByRole('heading', { level: 1, name: 'Health' })).toBeVisible()
  for (let time = 0; time < 2; time += 1) {
    await clickMenu(desktop, 'About Keelson')
    const about = page.getByRole('dialog', { name: 'About Keelson' })
    await expect(about).toContainText('Electron')
    await expect(about).toContainText('Chromium')
    await page.keyboard.press('Escape')
    await expect(about).toBeHidden()
  }
  await clickMenu(desktop, 'Keyboard shortcuts')
  await expect(page.getByRole('dialog', { name: 'Keyboard shortcuts' })).toContainText('Sync now')
})

test('diagnostics are saved where the system’s dialog says, exactly as they were shown', async ({ launch, dataDir }) => {
  const desktop = await launch({ env: TRAY })
  const page = await desktop.window()
  await expect(page.getByRole('button', { name: 'Explore with sandbox brokers' })).toBeVisible()
  await clickMenu(desktop, 'Save diagnostics…')
  const dialog = page.getByRole('dialog', { name: 'Diagnostics' })
  const shown = await dialog.getByLabel(/^Contents of/).textContent()
  const file = path.join(dataDir, 'for-help.json')
  await desktop.dialogs.answer('showSaveDialog', { canceled: true, filePath: '' })
  await dialog.getByRole('button', { name: 'Save this file' }).click()
  await expect.poll(async () => (await desktop.dialogs.asked()).length).toBe(1)
  expect(existsSync(file)).toBe(false)
  await desktop.dialogs.answer('showSaveDialog', { canceled: false, filePath: file })
  await dialog.getByRole('button', { name: 'Save this file' }).click()
  await expect(page.getByText('for-help.json is saved')).toBeVisible()
  expect(readFileSync(file, 'utf8')).toBe(shown)
})

test('a file to import is chosen by the system’s dialog', async ({ launch, dataDir }) => {
  const desktop = await launch({ env: TRAY })
  const page = await desktop.window()
  await page.getByRole('link', { name: 'Import' }).click()
  const file = path.join(dataDir, 'old-trades.csv')
  writeFileSync(file, CSV)
  await desktop.dialogs.answer('showOpenDialog', { canceled: false, filePaths: [file] })
  await page.getByLabel('File to import').click()
  await expect(page.getByText('old-trades.csv', { exact: true })).toBeVisible()
  await page.getByLabel('Broker it came from').selectOption('schwab')
  await page.getByLabel('Name of the new account').fill('Old account')
  await page.getByLabel('Account number').fill('12345678')
  await page.getByRole('button', { name: 'Look at what it would do' }).click()
  await expect(page.getByText('VTI').first()).toBeVisible()
})
