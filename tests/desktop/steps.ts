import { expect, type Locator, type Page } from 'playwright/test'
import type { OutputOf, RequestOf, RouteName } from '../../shared/contract/routes.ts'
import type { BrokerId } from '../../shared/domain/broker.ts'
import type { Desktop } from './desktop.ts'

/** Asks the core through the window, as its pages do. */
export async function ask<R extends RouteName>(page: Page, route: R, input: RequestOf<R>): Promise<OutputOf<R>> {
  const answer = await page.evaluate(
    json => (globalThis as unknown as { keelson: { request(json: string): Promise<string> } }).keelson.request(json),
    JSON.stringify({ id: `spec-${Math.random()}`, route, input }),
  )
  const envelope = JSON.parse(answer) as { ok: boolean; data: OutputOf<R>; error?: { code: string } }
  if (!envelope.ok) throw new Error(`${route}: ${envelope.error?.code}`)
  return envelope.data
}

/** Connects the simulator of one broker, and waits until it was synced once. */
export async function explore(page: Page, broker: BrokerId, name: string): Promise<Locator> {
  await ask(page, 'sandbox.explore', { broker })
  const card = page.getByRole('article', { name: `${name}, sandbox` })
  await expect(card).toContainText(/Synced/)
  return card
}

/** Closes the window as a user who wants the app to go on. */
export async function toTray(desktop: Desktop): Promise<void> {
  await desktop.dialogs.answer('showMessageBox', { response: 0, checkboxChecked: true })
  await desktop.closeWindow()
  await expect.poll(() => desktop.windows()).toBe(0)
}

export async function trayLabels(desktop: Desktop): Promise<string[]> {
  return (await desktop.tray.items()).map(({ label }) => label)
}
