import { expect } from 'playwright/test'
import { test } from './fixtures.ts'

test('the first run shows the overview and offers to connect', async ({ desktop }) => {
  const page = await desktop.window()
  await expect(page.getByRole('button', { name: 'Explore with sandbox brokers' })).toBeVisible()
  expect(await desktop.windows()).toBe(1)
  expect(await desktop.evaluate(({ app }) => app.getName())).toBe('Keelson')
})
