import { readFileSync } from 'node:fs'
import path from 'node:path'
import { expect, type Page } from 'playwright/test'
import { exploreOnly, FIRST_SYNC } from './explore.ts'
import { test } from './host.ts'
import { expectSound } from './sound.ts'

const CHART = readFileSync(path.resolve(import.meta.dirname, '../../resources/icons/64x64.png')).toString('base64')

/** Pastes a picture into a field, as a screenshot tool leaves it. */
async function paste(page: Page, label: string): Promise<void> {
  await page.getByLabel(label, { exact: true }).evaluate((field, base64) => {
    const bytes = Uint8Array.from(atob(base64), letter => letter.charCodeAt(0))
    const clipboardData = new DataTransfer()
    clipboardData.items.add(new File([bytes], 'chart.png', { type: 'image/png' }))
    field.dispatchEvent(new ClipboardEvent('paste', { clipboardData, bubbles: true, cancelable: true }))
  }, CHART)
}

/** Looks at the page in both themes, wide and small. */
async function expectSoundEverywhere(page: Page, where: string): Promise<void> {
  for (const [colorScheme, width, height] of [['light', 1280, 860], ['dark', 800, 600], ['light', 640, 480], ['dark', 320, 800]] as const) {
    await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' })
    await page.setViewportSize({ width, height })
    await expectSound(page, `${where} at ${width}x${height}, ${colorScheme}`)
  }
  await page.setViewportSize({ width: 1280, height: 860 })
}

test('a note is written by keyboard alone, with a pasted chart; it is found, changed, exported and there after a restart', async ({ page, host, restart, complaints }) => {
  await page.emulateMedia({ reducedMotion: 'reduce' })
  await page.setViewportSize({ width: 1280, height: 860 })
  await page.goto(host.link)
  await expect(page.getByRole('button', { name: 'Explore with sandbox brokers' })).toBeVisible()
  await page.keyboard.press('g')
  await page.keyboard.press('j')
  await expect(page.getByText('Write down why')).toBeVisible()
  await expectSound(page, 'empty journal')
  await page.keyboard.press('n')
  await expect(page.getByLabel('Title')).toBeFocused()
  await page.keyboard.type('Waited for the pullback')
  await page.keyboard.press('Tab')
  await page.keyboard.type('Sized small.\nHeld to the close.')
  await paste(page, 'Text')
  await expect(page.getByRole('button', { name: /^Show chart\.png large/ }).getByRole('img')).toBeVisible()
  await page.getByLabel('Tags').fill(`patience, NVDA, ${'breakout'.repeat(5)}`)
  await page.getByRole('radio', { name: '4' }).click()
  await expectSoundEverywhere(page, 'editor')
  await page.keyboard.press('Control+Enter')
  await expect(page.getByRole('button', { name: 'Change' })).toBeVisible()
  await expect(page.getByRole('complementary', { name: 'Entry' }).getByRole('article')).toBeFocused()
  await expectSoundEverywhere(page, 'open entry')
  const chart = page.getByRole('button', { name: /^Show chart\.png large/ })
  await chart.click()
  await expect(page.getByRole('dialog').getByRole('img', { name: 'chart.png' })).toBeVisible()
  await page.keyboard.press('Escape')
  await expect(page.getByRole('dialog')).toBeHidden()
  await expect(chart.getByRole('img')).toBeVisible()
  await page.keyboard.press('n')
  await page.keyboard.type('Second')
  await page.keyboard.press('Control+Enter')
  await expect(page.getByRole('option')).toHaveCount(2)
  await page.getByRole('button', { name: 'Close' }).click()
  const list = page.getByRole('listbox')
  await expect(list).toBeFocused()
  await page.keyboard.press('/')
  await page.keyboard.type('pull pat')
  await expect(page.getByRole('option')).toHaveCount(1)
  await list.focus()
  await page.keyboard.press('Enter')
  await expect(page.getByRole('complementary', { name: 'Entry' })).toContainText('Held to the close.')
  await page.keyboard.press('e')
  await page.keyboard.type(' and took it')
  await page.keyboard.press('Escape')
  await expect(page.getByRole('dialog')).toContainText('Leave without saving?')
  await page.keyboard.press('Escape')
  await page.getByLabel('Title').fill('Took the pullback')
  await page.keyboard.press('Control+Enter')
  await expect(page.getByRole('option')).toContainText('Took the pullback')

  await page.getByRole('button', { name: 'Export' }).click()
  const [download] = await Promise.all([page.waitForEvent('download'), page.getByRole('menuitem', { name: /^Table/ }).click()])
  expect(readFileSync(await download.path(), 'utf8')).toContain(`Took the pullback,"Sized small.\nHeld to the close.",${'breakout'.repeat(5)};NVDA;patience,4,false,chart.png`)
  expect(complaints).toEqual([])
  const next = await restart()
  await page.goto(next.link)
  await page.goto(`${next.url}/#/journal`)
  await expect(page.getByRole('option').filter({ hasText: 'Took the pullback' })).toContainText('1 picture')
})

test('where an entry lies over the list it is written by keyboard alone, too, and every line says its day', async ({ page, host }) => {
  await page.emulateMedia({ reducedMotion: 'reduce' })
  await page.setViewportSize({ width: 320, height: 800 })
  await page.goto(`${host.link}#/journal`)
  await expect(page.getByText('Write down why')).toBeVisible()
  await page.keyboard.press('n')
  await expect(page.getByLabel('Title')).toBeFocused()
  await page.keyboard.type('Small window')
  await page.keyboard.press('Control+Enter')
  await expect(page.getByRole('dialog').getByRole('article')).toBeFocused()
  // The list is there with its first entry; leaving before that there is none to get the focus.
  await expect(page.getByRole('option', { includeHidden: true })).toHaveCount(1)
  await page.keyboard.press('e')
  await expect(page.getByLabel('Title')).toBeFocused()
  await page.keyboard.press('Escape')
  await page.keyboard.press('Escape')
  await expect(page.getByRole('listbox')).toBeFocused()
  await expect(page.getByRole('option')).toContainText(/Small window.*\d+ \w{3} \d{4}/s)
  await expectSound(page, 'list of entries')
})

test('the watchlist shows quotes with their age, dims them when their broker is gone, and is kept in order by keyboard', async ({ page, host, sandbox }) => {
  await page.emulateMedia({ reducedMotion: 'reduce' })
  await page.setViewportSize({ width: 1280, height: 860 })
  await page.goto(host.link)
  await exploreOnly(page, ['alpaca', 'schwab'])
  await expect(page.getByRole('article', { name: 'Charles Schwab, sandbox' })).toContainText(/Synced/, FIRST_SYNC)
  await page.keyboard.press('g')
  await page.keyboard.press('w')
  await expect(page.getByText('Nothing is watched yet')).toBeVisible()
  await page.keyboard.press('n')
  // Typed as fast as anybody types: none waits for the one before, and none is lost.
  for (const symbol of ['aapl', 'SPY', 'NOTHERE']) {
    await page.keyboard.type(symbol)
    await page.keyboard.press('Enter')
  }
  for (const symbol of ['AAPL', 'SPY', 'NOTHERE']) await expect(page.getByRole('button', { name: symbol, exact: true })).toBeVisible()
  await expect(page.getByLabel('Symbol to watch')).toHaveValue('')
  const row = (symbol: string) => page.getByRole('row').filter({ has: page.getByRole('button', { name: symbol, exact: true }) })
  await expect(row('SPY')).toContainText(/\d+\.\d\d.*just now/)
  await expect(row('NOTHERE')).toContainText(/quotes it/)
  await expectSoundEverywhere(page, 'watchlist')
  await page.getByRole('button', { name: 'SPY', exact: true }).focus()
  await page.keyboard.press('Alt+ArrowUp')
  await expect(page.locator('[data-watched]')).toHaveText(['SPY', 'AAPL', 'NOTHERE'])
  await expect(page.getByRole('button', { name: 'SPY', exact: true })).toBeFocused()
  await page.keyboard.press('End')
  await page.getByRole('button', { name: 'NOTHERE', exact: true }).focus()
  await page.keyboard.press('Delete')
  await expect(page.locator('[data-watched]')).toHaveText(['SPY', 'AAPL'])
  await sandbox.close()
  await page.getByRole('button', { name: 'Refresh' }).click()
  await expect(row('SPY')).toHaveClass(/aged/, { timeout: 30_000 })
  await expect(row('SPY')).toContainText(/\d+\.\d\d/)
  await expectSound(page, 'stale watchlist')
})
