import { expect } from 'playwright/test'
import { test } from './fixtures.ts'

test('the first run shows the overview and offers to connect', async ({ desktop }) => {
  const page = await desktop.window()
  await expect(page.getByRole('button', { name: 'Explore with sandbox brokers' })).toBeVisible()
  expect(await desktop.windows()).toBe(1)
  await expect.poll(() => desktop.focused()).toBe(true)
  expect(await desktop.evaluate(({ app }) => app.getName())).toBe('Keelson')
  expect(await desktop.tray.items()).toContainEqual(expect.objectContaining({ label: 'Quit Keelson', enabled: true }))
})

test('quitting ends it in order', async ({ desktop }) => {
  await desktop.window()
  expect(await desktop.quit()).toBe(0)
})
