import { expect, type Page } from 'playwright/test'
import { test } from './fixtures.ts'
import { ask } from './steps.ts'

const isKilled = async (page: Page): Promise<boolean> => (await ask(page, 'orders.desk', {})).kill.on
const refusal = (error: unknown): string => String(error)

test('a page takes the kill switch back only with a yes in the box of the system, whose default is no', async ({ launch }) => {
  const desktop = await launch()
  const page = await desktop.window()
  await ask(page, 'orders.kill', { by: 'window' })
  const asked = ask(page, 'orders.rearm', { phrase: 'TRADE' }).catch(refusal)
  await expect
    .poll(() => desktop.dialogs.asked())
    .toMatchObject([{ kind: 'showMessageBox', isOpen: true, options: { defaultId: 0, cancelId: 0 } }])
  // As long as nobody answers, nothing is changed, and asking again opens no second box.
  expect(await ask(page, 'orders.rearm', { phrase: 'TRADE' }).catch(refusal)).toContain('order/not-confirmed')
  expect(await isKilled(page)).toBe(true)
  await desktop.dialogs.answer('showMessageBox', { response: 0, checkboxChecked: false })
  expect(await asked).toContain('order/not-confirmed')
  expect(await isKilled(page)).toBe(true)
  expect(await desktop.dialogs.asked()).toHaveLength(1)
  await desktop.dialogs.answer('showMessageBox', { response: 1, checkboxChecked: false })
  await ask(page, 'orders.rearm', { phrase: 'TRADE' })
  expect(await isKilled(page)).toBe(false)
})

test('a page widens no limit without that box, and narrows them as it likes', async ({ launch }) => {
  const desktop = await launch()
  const page = await desktop.window()
  const { global } = await ask(page, 'orders.limits', {})
  await ask(page, 'orders.setLimits', { accountId: null, limits: { ...global, ordersPerDay: 3 } })
  await desktop.dialogs.answer('showMessageBox', { response: 0, checkboxChecked: false })
  expect(await ask(page, 'orders.setLimits', { accountId: null, limits: null }).catch(refusal)).toContain('order/not-confirmed')
  expect((await ask(page, 'orders.limits', {})).global.ordersPerDay).toBe(3)
  const [box] = await desktop.dialogs.asked()
  expect(box?.options['detail']).toContain('Orders in a day: 3 → 50')
})
