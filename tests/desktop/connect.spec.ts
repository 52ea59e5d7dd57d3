import { expect } from 'playwright/test'
import { approveConsent } from '../../electron/core/sandbox/browser-player.ts'
import { test } from './fixtures.ts'

test('a broker is connected on its own page in the system browser, and nothing of it in the window', async ({ desktop, sandbox }) => {
  const page = await desktop.window()
  await page.getByRole('button', { name: 'Connect a broker' }).first().click()
  const dialog = page.getByRole('dialog')
  await dialog.getByRole('button', { name: /^Alpaca/ }).click()
  await dialog.getByRole('button', { name: /Sandbox/ }).click()
  await dialog.getByRole('button', { name: /^Sign in at/ }).click()
  await dialog.getByRole('button', { name: 'Agree and open the browser' }).click()

  await expect.poll(() => desktop.opened()).toHaveLength(1)
  const [authorizeUrl = ''] = await desktop.opened()
  expect(new URL(authorizeUrl).origin).toBe(new URL(sandbox.urls.alpaca).origin)
  const { status, url } = await approveConsent({ authorizeUrl, signal: AbortSignal.timeout(20_000) })
  expect(status).toBe(200)
  expect(url).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/callback\/alpaca\?/)

  await expect(dialog).toContainText('The tokens are sealed')
  await dialog.getByRole('button', { name: 'See the overview' }).click()
  await expect(page.getByRole('article', { name: 'Alpaca, sandbox' })).toContainText(/Synced .* new/)
  expect(await desktop.windows()).toBe(1)
})
