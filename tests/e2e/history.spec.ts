import { readFileSync } from 'node:fs'
import { expect, type Page } from 'playwright/test'
import { exploreOnly, FIRST_SYNC } from './explore.ts'
import { test } from './host.ts'

async function openHistory(page: Page, link: string): Promise<void> {
  await page.goto(link)
  await exploreOnly(page, ['alpaca', 'schwab'])
  await expect(page.getByRole('article', { name: 'Alpaca, sandbox' })).toContainText(/Synced/, FIRST_SYNC)
  await expect(page.getByRole('article', { name: 'Charles Schwab, sandbox' })).toContainText(/Synced/, FIRST_SYNC)
  await page.getByRole('link', { name: 'History' }).click()
  await expect(rows(page).first()).toBeVisible()
}

const rows = (page: Page) => page.getByRole('grid', { name: /^Trade history/ }).getByRole('row').filter({ hasText: /Buy|Sell/ })

test('the history filters, searches, opens a row down to the broker\'s own, and exports', async ({ page, host, complaints }) => {
  await openHistory(page, host.link)
  const total = Number((await page.getByText(/^[\d,]+ matches$/).innerText()).replace(/\D/g, ''))
  expect(total).toBeGreaterThan(1000)
  await page.getByRole('searchbox').fill('dividend')
  await expect(page.getByText(/^[\d,]+ match(?:es)?$/)).not.toHaveText(`${total.toLocaleString('en-US')} matches`)
  await expect(page.getByRole('grid')).toContainText(/dividend/i)
  await page.getByRole('searchbox').fill('')
  await rows(page).first().click()
  const detail = page.getByRole('dialog')
  await expect(detail).toContainText('As of')
  await expect(detail).toContainText('Fetched')
  await expect(detail.getByLabel('Raw row')).toContainText(/"(?:activity_type|activityId)"/)
  await page.keyboard.press('Escape')

  const [download] = await Promise.all([page.waitForEvent('download'), page.getByRole('button', { name: 'Export CSV' }).click()])
  const text = readFileSync(await download.path(), 'utf8')
  const lines = text.replace(/^\uFEFF/, '').trimEnd().split('\r\n')
  expect(lines[0]).toContain('tradeDate,executedAt,kind,symbol,side,quantity,price,amount,fees,currency')
  // What is synced meanwhile comes on top.
  expect(lines.length - 1).toBeGreaterThanOrEqual(total)
  expect(complaints).toEqual([])
})

test('scrolling to the end shows every row while only a screenful is in the page', async ({ page, host }) => {
  await openHistory(page, host.link)
  const scroller = page.getByRole('grid')
  const total = Number((await page.getByText(/^[\d,]+ matches$/).innerText()).replace(/\D/g, ''))
  await expect(async () => {
    await scroller.evaluate(element => { element.scrollTop = element.scrollHeight })
    await expect(page.getByText('That is everything.')).toBeVisible({ timeout: 300 })
  }).toPass({ timeout: 60_000 })
  expect(await page.getByRole('grid').getByRole('row').count()).toBeLessThan(120)
  expect(total).toBeGreaterThan(1000)
})
