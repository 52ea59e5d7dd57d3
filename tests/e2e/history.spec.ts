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

/** Scrolls as far as there are rows, and on when more have come. */
async function scrollToTheEnd(page: Page): Promise<void> {
  const scroller = page.getByRole('grid', { name: /^Trade history/ })
  const end = page.getByText('That is everything.')
  while (!(await end.isVisible())) {
    const height = await scroller.evaluate(element => {
      element.scrollTop = element.scrollHeight
      return element.scrollHeight
    })
    await expect.poll(async () => (await end.isVisible()) || (await scroller.evaluate(element => element.scrollHeight)) > height).toBe(true)
  }
}

/** Answers nothing to the page's first question for rows after the first ones, and tells it instead that rows have changed. */
async function interruptReading(page: Page): Promise<{ readonly times: () => number }> {
  let times = 0
  let last = { type: 'activities.changed', revision: 0, connectionId: 'con_1', accountIds: [] }
  await page.routeWebSocket(/\/ws$/, socket => {
    const server = socket.connectToServer()
    server.onMessage(message => {
      const { event } = JSON.parse(String(message)) as { event?: { revision: number } }
      last = { ...last, revision: event?.revision ?? last.revision }
      socket.send(message)
    })
    socket.onMessage(message => {
      const { request } = JSON.parse(String(message)) as { request?: { route: string; input: { after?: string } } }
      if (times > 0 || request?.route !== 'activities.page' || request.input.after === undefined) return server.send(message)
      times += 1
      socket.send(JSON.stringify({ type: 'event', event: { ...last, revision: last.revision + 1 } }))
    })
  })
  return { times: () => times }
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
  const total = Number((await page.getByText(/^[\d,]+ matches$/).innerText()).replace(/\D/g, ''))
  await scrollToTheEnd(page)
  expect(await page.getByRole('grid').getByRole('row').count()).toBeLessThan(120)
  expect(total).toBeGreaterThan(1000)
})

test('rows that come while the next ones are being read keep nobody from the end', async ({ page, host }) => {
  const interrupted = await interruptReading(page)
  await openHistory(page, host.link)
  await scrollToTheEnd(page)
  expect(interrupted.times()).toBe(1)
})
