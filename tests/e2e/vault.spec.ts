import { expect } from 'playwright/test'
import { BROKER_IDS } from '../../shared/domain/broker.ts'
import { exploreOnly, FIRST_SYNC } from './explore.ts'
import { sandboxEnv, startHost, test } from './host.ts'
import { expectSound } from './sound.ts'

test.use({ rows: 'some' })

test('a forgotten passphrase: the window says what is locked, tries again, starts over and signs in anew, with the history kept', async ({
  page, host, sandbox, dataDir, complaints,
}) => {
  await page.emulateMedia({ reducedMotion: 'reduce' })
  await page.goto(host.link)
  await exploreOnly(page, ['alpaca', 'schwab'])
  await expect(page.getByRole('article', { name: 'Alpaca, sandbox' })).toContainText(/Synced/, FIRST_SYNC)
  await expect(page.getByRole('article', { name: 'Charles Schwab, sandbox' })).toContainText(/Synced/, FIRST_SYNC)
  await page.goto('about:blank')
  await host.stop()

  const locked = await startHost(dataDir, { ...sandboxEnv(sandbox), KEELSON_PASSPHRASE: 'another one' })
  try {
    await page.goto(locked.link)
    const notice = page.getByRole('region', { name: 'Locked vault' })
    await expect(notice).toContainText('This passphrase does not open the vault.')
    await expect(page.getByRole('region', { name: 'Needs your attention' })).toBeHidden()
    for (const width of [1280, 390]) {
      await page.setViewportSize({ width, height: 800 })
      await expectSound(page, `locked vault at ${width}`)
    }
    await page.setViewportSize({ width: 1280, height: 800 })
    await notice.getByRole('button', { name: 'Try again' }).click()
    await expect(page.getByText('The vault is still locked.')).toBeVisible()
    await page.keyboard.press('g')
    await page.keyboard.press('h')
    await expect(page.getByRole('grid').getByRole('row').filter({ hasText: /Buy|Sell/ }).first()).toBeVisible()
    await expect(notice).toBeVisible()

    await notice.getByRole('button', { name: 'Start over' }).click()
    const dialog = page.getByRole('dialog', { name: 'Start the vault over?' })
    await expect(dialog).toContainText('Every broker must be signed in again')
    await expect(dialog.getByRole('button', { name: 'Keep' })).toBeFocused()
    await expectSound(page, 'start over')
    await page.keyboard.press('Escape')
    await expect(dialog).toBeHidden()
    await notice.getByRole('button', { name: 'Start over' }).click()
    await dialog.getByRole('button', { name: 'Start over' }).click()
    await expect(notice).toBeHidden()

    await page.goto(`${locked.url}/#/overview`)
    await expect(page.getByRole('article', { name: 'Alpaca, sandbox' })).toContainText('Sign-in needed')
    await expect(page.getByRole('region', { name: 'Needs your attention' })).toContainText('Its tokens can no longer be used')
    await page.keyboard.press('Control+k')
    await page.keyboard.type('Explore')
    await page.keyboard.press('Enter')
    await expect(page.getByRole('article', { name: 'Alpaca, sandbox' })).toContainText(/Synced/, FIRST_SYNC)
    await expect(page.getByRole('article')).toHaveCount(BROKER_IDS.length)
    await expect(page.getByRole('region', { name: 'Needs your attention' })).toBeHidden()
    expect(complaints).toEqual([])
  } finally {
    await locked.stop()
  }
})
