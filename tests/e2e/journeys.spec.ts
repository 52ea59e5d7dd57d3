import { expect, type Page } from 'playwright/test'
import { exploreOnly, FIRST_SYNC } from './explore.ts'
import { test } from './host.ts'

/** Opens the app through its one-time link. */
export async function enter(page: Page, link: string): Promise<void> {
  await page.goto(link)
  await expect(page).toHaveURL(/\/$/)
}

async function explore(page: Page): Promise<void> {
  await page.getByRole('button', { name: 'Explore with sandbox brokers' }).click()
  await expect(page.getByRole('article', { name: 'Alpaca, sandbox' })).toBeVisible()
  await expect(page.getByRole('article', { name: 'Charles Schwab, sandbox' })).toBeVisible()
}

/** What the accounts show. */
async function figures(page: Page): Promise<string[]> {
  return [...await card(page, 'Alpaca').getByRole('listitem').allInnerTexts(), ...await card(page, 'Charles Schwab').getByRole('listitem').allInnerTexts()]
}

const card = (page: Page, name: string) => page.getByRole('article', { name: `${name}, sandbox` })

test('a newcomer explores the sandbox and sees the first synced trade', async ({ page, host, complaints }) => {
  await enter(page, host.link)
  await expect(page.getByRole('button', { name: 'Connect a broker' })).toBeVisible()
  await explore(page)
  await expect(card(page, 'Alpaca')).toContainText(/Synced .* new/, FIRST_SYNC)
  await expect(card(page, 'Charles Schwab')).toContainText(/Synced .* new/, FIRST_SYNC)
  await expect(card(page, 'Charles Schwab')).toContainText('Sign in again within 6 d 23 h')
  await page.getByRole('link', { name: 'History' }).click()
  const rows = page.getByRole('grid', { name: /^Trade history/ }).getByRole('row')
  await expect(rows.filter({ hasText: /Buy|Sell/ }).first()).toBeVisible()
  expect(complaints).toEqual([])
})

test('a restart keeps everything', async ({ page, host, restart, browser }) => {
  await enter(page, host.link)
  await exploreOnly(page, ['alpaca', 'schwab'])
  await expect(card(page, 'Alpaca')).toContainText(/Synced/, FIRST_SYNC)
  await expect(card(page, 'Charles Schwab')).toContainText(/Synced/, FIRST_SYNC)
  const values = await figures(page)
  const again = await restart()
  const fresh = await browser.newPage()
  await enter(fresh, again.link)
  await expect(card(fresh, 'Alpaca')).toContainText(/Synced/, FIRST_SYNC)
  await expect(card(fresh, 'Charles Schwab')).toContainText('Sign in again within')
  expect(await figures(fresh)).toEqual(values)
  await fresh.getByRole('button', { name: 'Sync Charles Schwab now' }).click()
  await expect(card(fresh, 'Charles Schwab')).toContainText(/Synced .*nothing new/i)
  await fresh.close()
})

test('a failing account is shown as partial, with its name and the reason', async ({ page, host, sandbox }) => {
  await enter(page, host.link)
  await exploreOnly(page, ['schwab'])
  await expect(card(page, 'Charles Schwab')).toContainText(/Synced/, FIRST_SYNC)
  sandbox.control('schwab').fault({ name: 'account-failing', account: 1 })
  await page.getByRole('button', { name: 'Sync Charles Schwab now' }).click()
  await expect(card(page, 'Charles Schwab')).toContainText(/Partial/)
  await page.getByRole('button', { name: 'Why the last sync of Charles Schwab is incomplete' }).click()
  const report = page.getByRole('dialog')
  await expect(report).toContainText(/Schwab .*account/)
  await expect(report).toContainText(/problem on its side|refused/)
})
