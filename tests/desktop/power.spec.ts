import { expect } from 'playwright/test'
import { test } from './fixtures.ts'
import { ask } from './steps.ts'

test('a sync that sleep cut off is caught up on after waking', async ({ desktop, sandbox }) => {
  const page = await desktop.window()
  const control = sandbox.control('alpaca')
  control.fault({ name: 'slow', path: 'activities', ms: 600_000 })
  // It answers once the first sync has ended, which it does not here.
  void ask(page, 'sandbox.explore', { broker: 'alpaca' }).catch(() => undefined)
  const card = page.getByRole('article', { name: 'Alpaca, sandbox' })
  await expect(card).toContainText(/Syncing/)
  await desktop.power('suspend')
  await expect(card).not.toContainText(/Syncing/)
  control.fault(null)
  const before = control.requests().length

  await desktop.power('resume')
  await expect.poll(() => control.requests().length).toBeGreaterThan(before)
  await expect(card).toContainText(/Synced .* new/)
})
