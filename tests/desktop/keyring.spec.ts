import { expect } from 'playwright/test'
import { test } from './fixtures.ts'
import { isRealElectron } from './launch.ts'
import { explore } from './steps.ts'

test.skip(isRealElectron, 'a real keyring cannot be told to lock')

const store = (state: string, backend = 'gnome_libsecret') => ({ computer: { storage: { state, backend } } }) as { computer: object }

test('a locked keyring keeps nothing but the tokens: the history is there, and unlocking it goes on', async ({ launch }) => {
  const first = await launch()
  await explore(await first.window(), 'alpaca', 'Alpaca')
  expect(await first.quit()).toBe(0)

  const locked = await launch(store('locked'))
  const page = await locked.window()
  const notice = page.getByRole('region', { name: 'Locked vault' })
  await expect(notice).toContainText('The system keyring is locked')
  await page.getByRole('link', { name: 'History' }).click()
  await expect(
    page
      .getByRole('grid')
      .getByRole('row')
      .filter({ hasText: /Buy|Sell/ })
      .first(),
  ).toBeVisible()

  await locked.computer(({ store: keyring }) => void (keyring.state = 'open'))
  await notice.getByRole('button', { name: 'Try again' }).click()
  await expect(notice).toBeHidden()
  await page.getByRole('link', { name: 'Overview' }).click()
  await page.getByRole('button', { name: 'Sync Alpaca now' }).click()
  await expect(page.getByRole('article', { name: 'Alpaca, sandbox' })).toContainText(/Synced .*nothing new/i)
})

test('a store whose key is public is told by what it seals, and is not used', async ({ launch }) => {
  const first = await launch()
  await explore(await first.window(), 'alpaca', 'Alpaca')
  expect(await first.quit()).toBe(0)
  const weak = await launch(store('open', 'basic_text'))
  await expect((await weak.window()).getByRole('region', { name: 'Locked vault' })).toContainText('only a store whose key is public')
})
