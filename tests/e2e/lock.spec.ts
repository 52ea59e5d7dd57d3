import { expect, type Page } from 'playwright/test'
import { exploreOnly } from './explore.ts'
import { test } from './host.ts'
import { expectSound } from './sound.ts'

test.use({ rows: 'some' })

const PASSPHRASE = 'quiet harbour'

async function setLock(page: Page): Promise<void> {
  await page.getByRole('link', { name: 'Settings' }).click()
  await page.getByRole('button', { name: 'Set a lock' }).click()
  const dialog = page.getByRole('dialog', { name: 'Set an app lock' })
  await dialog.getByRole('button', { name: 'Save' }).click()
  await expect(dialog.getByLabel('Passphrase', { exact: true })).toHaveAttribute('aria-invalid', 'true')
  await expectSound(page, 'setting a lock')
  await dialog.getByLabel('Passphrase', { exact: true }).fill(PASSPHRASE)
  await dialog.getByLabel('The same again', { exact: true }).fill(PASSPHRASE)
  await dialog.getByRole('button', { name: 'Save' }).click()
  await expect(page.getByText('The app lock is set')).toBeVisible()
}

test('a locked window holds nothing of the data, makes wrong tries wait, and comes back where it was', async ({ page, host, complaints }) => {
  await page.emulateMedia({ reducedMotion: 'reduce' })
  await page.goto(host.link)
  await exploreOnly(page, ['alpaca', 'schwab'])
  await expect(page.getByRole('article', { name: 'Alpaca, sandbox' })).toContainText(/\$[\d,]+\.\d\d/)
  await setLock(page)
  await page.keyboard.press('g')
  await page.keyboard.press('o')
  await page.keyboard.press('Control+Shift+L')

  await expect(page.getByRole('heading', { name: 'Keelson is locked' })).toBeVisible()
  const field = page.getByLabel('Passphrase', { exact: true })
  await expect(field).toBeFocused()
  const text = await page.evaluate(() => document.documentElement.outerHTML)
  for (const secret of ['The app lock is set', 'Alpaca', 'Schwab', '••••', 'SANDBOX', 'Net liquidation']) expect(text).not.toContain(secret)
  for (const width of [1280, 320]) {
    await page.setViewportSize({ width, height: 800 })
    await expectSound(page, `lock screen at ${width}`)
  }
  await page.keyboard.press('Control+k')
  await page.keyboard.press('?')
  await expect(page.getByRole('dialog')).toBeHidden()

  await page.goto(`${host.url}/#/history`)
  await page.reload()
  await expect(page.getByRole('heading', { name: 'Keelson is locked' })).toBeVisible()
  await field.fill('wrong one')
  await page.keyboard.press('Enter')
  await expect(page.getByRole('alert')).toContainText('This passphrase does not unlock Keelson.')
  await expect(field).toBeFocused()
  await field.fill(PASSPHRASE)
  await expect(page.getByRole('button', { name: 'Unlock' })).toBeEnabled()
  await page.keyboard.press('Enter')
  await expect(page.getByRole('heading', { level: 1, name: 'History' })).toBeVisible()
  await expect(page.getByRole('grid').getByRole('row').filter({ hasText: /Buy|Sell/ }).first()).toBeVisible()

  await page.getByRole('link', { name: 'Settings' }).click()
  await page.getByRole('button', { name: 'Take it off' }).click()
  await page.getByRole('dialog').getByLabel('Passphrase', { exact: true }).fill(PASSPHRASE)
  await page.getByRole('dialog').getByRole('button', { name: 'Take it off' }).click()
  await expect(page.getByText('The app lock is off')).toBeVisible()
  expect(complaints).toEqual([])
})
