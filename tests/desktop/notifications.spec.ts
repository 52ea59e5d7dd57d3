import { expect, type Page } from 'playwright/test'
import type { ConnectionView } from '../../shared/contract/schemas.ts'
import type { OutputOf, RequestOf, RouteName } from '../../shared/contract/routes.ts'
import type { BrokerId } from '../../shared/domain/broker.ts'
import type { Desktop } from './desktop.ts'
import { test } from './fixtures.ts'

// No desktop of a test machine shows tray icons, so the app is told that there is one.
const TRAY = { KEELSON_TRAY: 'yes' }

/** Asks the core through the window, as its pages do. */
async function ask<R extends RouteName>(page: Page, route: R, input: RequestOf<R>): Promise<OutputOf<R>> {
  const answer = await page.evaluate(
    async json => {
      const { keelson } = globalThis as unknown as { keelson: { request(json: string): Promise<string> } }
      return keelson.request(json)
    },
    JSON.stringify({ id: `spec-${Math.random()}`, route, input }),
  )
  const envelope = JSON.parse(answer) as { ok: boolean; data: OutputOf<R>; error?: { code: string } }
  if (!envelope.ok) throw new Error(`${route}: ${envelope.error?.code}`)
  return envelope.data
}

async function connected(page: Page, broker: BrokerId): Promise<ConnectionView['id']> {
  const [id] = (await ask(page, 'sandbox.explore', { broker })).connectionIds
  if (id === undefined) throw new Error('nothing was connected')
  return id
}

/** Closes the window as a user who wants the app to go on. */
async function toTray(desktop: Desktop): Promise<void> {
  await desktop.dialogs.answer('showMessageBox', { response: 0, checkboxChecked: true })
  await desktop.closeWindow()
  await expect.poll(() => desktop.windows()).toBe(0)
}

/** A real desktop keeps the number to itself where it has no place for it. */
async function expectBadge(desktop: Desktop, unread: number): Promise<void> {
  if (desktop.kind === 'standin') await expect.poll(() => desktop.evaluate(({ app }) => app.getBadgeCount())).toBe(unread)
}

const titles = async (desktop: Desktop): Promise<string[]> => (await desktop.notifications.shown()).map(({ title }) => title)

test('a sign-in that ended is said by the system; its button opens the sign-in, in a new window when there is none', async ({
  launch,
  sandbox,
}) => {
  const desktop = await launch({ env: TRAY })
  const page = await desktop.window()
  const id = await connected(page, 'schwab')
  sandbox.control('schwab').revokeAll()
  sandbox.control('schwab').expireAccessTokens()
  await ask(page, 'sync.run', { connectionId: id })
  await expect.poll(() => desktop.notifications.shown()).toMatchObject([{ actions: ['Reconnect'] }])
  await expectBadge(desktop, 1)
  await toTray(desktop)
  await desktop.notifications.act('Schwab', 'Reconnect')
  await expect.poll(() => desktop.windows()).toBe(1)
  // A page that is just going may still be among the pages.
  await expect(async () => expect((await desktop.window()).getByRole('dialog')).toContainText('Schwab', { timeout: 3_000 })).toPass()
  await expectBadge(desktop, 0)
  expect(await desktop.notifications.shown()).toEqual([])
})

test('a sync that failed is tried again by its button, without a window, and said to be well', async ({ launch, sandbox }) => {
  const desktop = await launch({ env: TRAY })
  const page = await desktop.window()
  const id = await connected(page, 'schwab')
  sandbox.control('schwab').fault({ name: 'account-failing' })
  await ask(page, 'sync.run', { connectionId: id })
  await expect.poll(() => desktop.notifications.shown()).toMatchObject([{ actions: ['Sync again'] }])
  const [title = ''] = await titles(desktop)
  sandbox.control('schwab').fault(null)
  await toTray(desktop)
  await desktop.notifications.act(title, 'Sync again')
  await expect.poll(() => titles(desktop)).toEqual(['Synced'])
  await expectBadge(desktop, 0)
  expect(await desktop.windows()).toBe(0)
})

test('the app lock takes away what names a broker, and leaves the number', async ({ launch, sandbox }) => {
  const desktop = await launch({ env: TRAY })
  const page = await desktop.window()
  const id = await connected(page, 'schwab')
  await ask(page, 'lock.set', { passphrase: 'a lock of six', idleMinutes: null })
  sandbox.control('schwab').fault({ name: 'account-failing' })
  await ask(page, 'sync.run', { connectionId: id })
  await expect.poll(() => titles(desktop)).toHaveLength(1)
  await desktop.menu.click('&Lock now')
  await expect.poll(() => titles(desktop)).toEqual([])
  await expectBadge(desktop, 1)
})
