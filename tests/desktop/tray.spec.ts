import { expect } from 'playwright/test'
import { test } from './fixtures.ts'
import { ask, explore, toTray, trayLabels } from './steps.ts'

test('Sync now in the tray syncs with the window closed, and the next window shows what came', async ({ desktop, sandbox }) => {
  await explore(await desktop.window(), 'alpaca', 'Alpaca')
  await toTray(desktop)
  await expect.poll(() => desktop.tray.items()).toContainEqual(expect.objectContaining({ label: expect.stringMatching(/^Alpaca \(sandbox\): /) }))
  sandbox.control('alpaca').addFill()
  const before = sandbox.control('alpaca').requests().length
  await expect.poll(() => trayLabels(desktop)).toContain('Sync now')
  await desktop.tray.click('Sync now')
  await expect.poll(() => sandbox.control('alpaca').requests().length).toBeGreaterThan(before)
  expect(await desktop.windows()).toBe(0)

  await desktop.tray.press()
  const page = await desktop.window()
  await expect(page.getByRole('article', { name: 'Alpaca, sandbox' })).toContainText(/Synced .*1 new/)
})

test('Pause in the tray stops the schedule, and its other face starts it again', async ({ desktop }) => {
  const page = await desktop.window()
  await explore(page, 'alpaca', 'Alpaca')
  await desktop.tray.click('Pause syncing')
  await expect.poll(() => trayLabels(desktop)).toContain('Syncing is paused')
  await desktop.tray.click('Resume syncing')
  await expect.poll(async () => (await trayLabels(desktop)).some(label => label.startsWith('Next sync in'))).toBe(true)
})

test('a click on a notification opens the screen that helps, in a window of its own when there is none', async ({ desktop, sandbox }) => {
  const page = await desktop.window()
  const card = await explore(page, 'schwab', 'Charles Schwab')
  const id = (await ask(page, 'connections.list', {}))[0]?.id
  if (id === undefined) throw new Error('nothing is connected')
  sandbox.control('schwab').revokeAll()
  await ask(page, 'sync.run', { connectionId: id })
  await expect(card).toContainText('Sign-in needed')
  await expect.poll(() => desktop.notifications.shown()).toHaveLength(1)
  await toTray(desktop)
  await expect.poll(() => desktop.tray.toolTip()).toContain('needs a sign-in')
  await desktop.notifications.click('Schwab')
  await expect.poll(() => desktop.windows()).toBe(1)
  await expect((await desktop.window()).getByRole('dialog')).toContainText('Schwab')
  await expect.poll(() => desktop.focused()).toBe(true)
})
