import { expect } from 'playwright/test'
import { exploreOnly, FIRST_SYNC } from './explore.ts'
import { test } from './host.ts'
import { expectSound, expectSoundInBothThemes } from './sound.ts'

// The longest of all: its tests need nothing of each other.
test.describe.configure({ mode: 'parallel' })

const SIZES = [{ width: 1280, height: 800 }, { width: 1000, height: 640 }, { width: 1920, height: 1080 }, { width: 800, height: 600 }, { width: 640, height: 480 }, { width: 320, height: 800 }]

/** Screens of the ledger with words that stand there once their figures are read. */
const LEDGER_SCREENS = [
  ['performance', 'Profit factor'], ['orders', 'Order history'], ['journal', 'Write down why'], ['watchlist', 'Nothing is watched yet'],
] as const

test('every screen is sound in both themes, at every size', async ({ page, host, sandbox, complaints }) => {
  test.setTimeout(240_000)
  await page.setViewportSize({ width: 1280, height: 800 })
  // The first thing there is, is dark from its first moment.
  await page.emulateMedia({ colorScheme: 'dark', reducedMotion: 'reduce' })
  await page.goto(host.link)
  await expect(page.getByRole('button', { name: 'Explore with sandbox brokers' })).toBeVisible()
  await expectSoundInBothThemes(page, 'first run')
  await page.getByRole('button', { name: 'Explore with sandbox brokers' }).click()
  await expect(page.getByRole('article', { name: 'Alpaca, sandbox' })).toContainText(/Synced/, FIRST_SYNC)
  await expect(page.getByRole('article', { name: 'Charles Schwab, sandbox' })).toContainText(/Synced/, FIRST_SYNC)
  sandbox.control('schwab').revokeAll()
  sandbox.control('alpaca').fault({ name: 'server-error', path: '/v2/positions' })
  await page.getByRole('button', { name: 'Sync all' }).click()
  await expect(page.getByRole('article', { name: 'Charles Schwab, sandbox' })).toContainText('Sign-in needed')
  await expect(page.getByRole('article', { name: 'Alpaca, sandbox' })).toContainText(/Partial|Failed/i)

  for (const size of SIZES) {
    await page.setViewportSize(size)
    for (const screen of ['overview', 'history', 'positions', 'brokers', 'import', 'health', 'settings']) {
      await page.goto(`${host.url}/#/${screen}`)
      await expect(page.getByRole('heading', { level: 1 })).toBeVisible()
      if (screen === 'health') await expect(page.getByRole('region', { name: 'Findings' })).toContainText('needs a sign-in')
      if (screen === 'history') await expect(page.getByRole('grid').getByRole('row').filter({ hasText: /Buy|Sell/ }).first()).toBeVisible()
      await expectSoundInBothThemes(page, `${screen} at ${size.width}x${size.height}`)
    }
  }
  expect(complaints).toEqual([])
})

test('what is held, made, ordered, noted and watched is sound in both themes, wide and small', async ({ page, host, complaints }) => {
  test.setTimeout(240_000)
  await page.emulateMedia({ reducedMotion: 'reduce' })
  await page.goto(host.link)
  await exploreOnly(page, ['alpaca'])
  await expect(page.getByRole('article', { name: 'Alpaca, sandbox' })).toContainText(/Synced/, FIRST_SYNC)
  for (const size of [{ width: 1280, height: 800 }, { width: 640, height: 480 }, { width: 320, height: 800 }]) {
    await page.setViewportSize(size)
    for (const [screen, shows] of LEDGER_SCREENS) {
      await page.goto(`${host.url}/#/${screen}`)
      await expect(page.getByRole('main')).toContainText(shows)
      await expect(page.getByRole('navigation', { name: 'Main' }).locator('[aria-current]')).toBeInViewport({ ratio: 0.95 })
      await expectSoundInBothThemes(page, `${screen} at ${size.width}x${size.height}`)
    }
  }
  await page.goto(`${host.url}/#/performance`)
  await page.getByRole('radio', { name: 'Month', exact: true }).click()
  await expect(page.getByRole('region', { name: 'Calendar' }).getByRole('columnheader', { name: 'Week' })).toBeVisible()
  await expectSoundInBothThemes(page, 'a month of the calendar')
  expect(complaints).toEqual([])
})

test('dialogs, the palette, the drawer and the shortcuts are sound and close with Escape', async ({ page, host }) => {
  await page.emulateMedia({ reducedMotion: 'reduce' })
  await page.goto(host.link)
  await exploreOnly(page, ['alpaca', 'schwab'])
  await expect(page.getByRole('article', { name: 'Alpaca, sandbox' })).toContainText(/Synced/, FIRST_SYNC)
  await page.keyboard.press('?')
  await expect(page.getByRole('dialog')).toBeVisible()
  await expectSound(page, 'shortcuts')
  await page.keyboard.press('Escape')
  await page.keyboard.press('Control+k')
  await expect(page.getByRole('combobox')).toBeFocused()
  await expectSound(page, 'palette')
  await page.keyboard.type('settings')
  await page.keyboard.press('Enter')
  await expect(page.getByRole('heading', { level: 1, name: 'Settings' })).toBeVisible()
  await page.keyboard.press('g')
  await page.keyboard.press('h')
  await expect(page.getByRole('heading', { level: 1, name: 'History' })).toBeVisible()
  const row = page.getByRole('grid').getByRole('row').filter({ hasText: /Buy|Sell/ }).first()
  await row.click()
  const drawer = page.getByRole('dialog')
  await expect(drawer).toBeVisible()
  await expectSound(page, 'activity')
  await page.keyboard.press('Escape')
  await expect(drawer).toBeHidden()
  await page.keyboard.press('g')
  await page.keyboard.press('o')
  await page.getByRole('button', { name: 'Connect a broker' }).first().click()
  await expectSound(page, 'connect dialog')
  await page.getByRole('dialog').getByRole('button', { name: /^Charles Schwab/ }).click()
  await page.getByRole('dialog').getByRole('button', { name: /Live/ }).click()
  await expect(page.getByRole('dialog')).toContainText('https://127.0.0.1:8182/callback/schwab')
  await expectSound(page, 'app keys')
  await page.keyboard.press('Escape')
  await expect(page.getByRole('button', { name: 'Connect a broker' }).first()).toBeFocused()
  await page.getByRole('button', { name: 'More for Alpaca, sandbox' }).click()
  await page.getByRole('menuitem', { name: 'Disconnect' }).click()
  await expectSound(page, 'disconnect')
  await page.getByRole('dialog').getByRole('button', { name: 'Disconnect' }).click()
  await expect(page.getByRole('article', { name: 'Alpaca, sandbox' })).toBeHidden()
})

test('another theme of the system is there at once and everywhere, with less motion asked for', async ({ page, host }) => {
  await page.emulateMedia({ reducedMotion: 'reduce', colorScheme: 'dark' })
  await page.goto(host.link)
  await expect(page.getByRole('heading', { level: 1 })).toBeVisible()
  // It watches before anything changes: what is only asked for may be overtaken by the change.
  const seen = await page.evaluateHandle(() => ({
    colours: new Promise<string[]>(resolve => {
      const root = document.documentElement
      new MutationObserver(() => {
        const probe = document.body.appendChild(document.createElement('i'))
        probe.style.cssText = 'color: var(--text)'
        const shown = [...document.querySelectorAll('body, h1'), probe].map(element => getComputedStyle(element).color)
        probe.remove()
        resolve(shown)
      }).observe(root, { attributeFilter: ['data-mantine-color-scheme'] })
    }),
  }))
  await page.emulateMedia({ reducedMotion: 'reduce', colorScheme: 'light' })
  expect(new Set(await seen.evaluate(({ colours }) => colours)).size).toBe(1)
})
