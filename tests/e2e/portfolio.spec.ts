import { readFileSync } from 'node:fs'
import { expect, type Locator, type Page } from 'playwright/test'
import type { StatedPosition } from '../../electron/core/sandbox/own-statement.ts'
import type { Sandbox } from '../../electron/core/sandbox/sandbox.ts'
import { Dec } from '../../shared/domain/decimal.ts'
import { exploreOnly, FIRST_SYNC } from './explore.ts'
import { type Host, test } from './host.ts'
import { expectSound } from './sound.ts'
import { dollars, pieces, statementsOf } from './stated.ts'

test.describe.configure({ mode: 'parallel' })

const BROKERS = ['Alpaca', 'Charles Schwab', 'tastytrade', 'E*TRADE', 'Interactive Brokers', 'TD Ameritrade']
const dialog = (page: Page): Locator => page.getByRole('dialog')
const part = (page: Page, name: string): Locator => page.getByRole('region', { name, exact: true })

/**
 * All simulated brokers, each read to the end of its history. Interactive Brokers says that it synced after its first way in, which knows
 * the last days alone; with all of its history every account agrees.
 */
async function exploreAll(page: Page, host: Host): Promise<void> {
  await page.emulateMedia({ reducedMotion: 'reduce' })
  await page.goto(host.link)
  await page.getByRole('button', { name: 'Explore with sandbox brokers' }).click()
  for (const name of BROKERS) await expect(page.getByRole('article', { name: `${name}, sandbox` })).toContainText(/Synced/, { timeout: 90_000 })
  await expect(part(page, 'Key figures')).toContainText('12 of 12', { timeout: 90_000 })
}

/** Two of them, read to the end; all accounts agree but those a test keeps rows from. */
async function exploreTwo(page: Page, host: Host, agreeing: string): Promise<void> {
  await page.emulateMedia({ reducedMotion: 'reduce' })
  await page.goto(host.link)
  await exploreOnly(page, ['alpaca', 'schwab'])
  await expect(part(page, 'Key figures')).toContainText(agreeing, FIRST_SYNC)
}

async function open(page: Page, host: Host, name: 'Overview' | 'Positions' | 'Performance'): Promise<void> {
  await page.goto(`${host.url}/#/${name.toLowerCase()}`)
  await expect(page.getByRole('heading', { level: 1 })).toContainText(name)
}

/** Account numbers a reader would see the beginning of alone. */
function cutNumbers(page: Page): Promise<string[]> {
  return page.evaluate(() =>
    [...document.querySelectorAll('[role=dialog] *')]
      .filter(one => /••\w{4}/.test([...one.childNodes].map(child => (child.nodeType === Node.TEXT_NODE ? child.nodeValue : '')).join('')))
      .filter(one => one.scrollWidth > one.clientWidth + 1 && getComputedStyle(one).overflowX !== 'visible')
      .map(one => one.textContent))
}

/** What the simulator itself answers a program that asks it directly. */
async function askAlpaca(sandbox: Sandbox, path: string): Promise<unknown> {
  const { keyId, secret } = sandbox.control('alpaca').apiKey ?? { keyId: '', secret: '' }
  const reply = await fetch(new URL(path, sandbox.urls.alpaca), { headers: { 'APCA-API-KEY-ID': keyId, 'APCA-API-SECRET-KEY': secret } })
  expect(reply.status).toBe(200)
  return reply.json()
}

const fieldOf = (value: unknown, name: string): unknown => Reflect.get(Object(value), name)
const textOf = (value: unknown, name: string): string => String(fieldOf(value, name))
const listOf = (value: unknown): unknown[] => (Array.isArray(value) ? value : [])
const isShare = ({ symbol, quantity }: StatedPosition): boolean => /^[A-Z]+$/.test(symbol) && !Dec.isNegative(quantity)

test('the portfolio is what every broker states, to the cent and the last digit', async ({ page, host, sandbox, complaints }) => {
  test.setTimeout(300_000)
  await exploreAll(page, host)
  const table = page.getByRole('table').filter({ hasText: 'Total result' })
  const statements = statementsOf(sandbox)
  for (const { name, value, cash, marketValue, unrealized, realized } of statements) {
    const cells = table.getByRole('row').filter({ has: page.getByRole('rowheader', { name, exact: true }) }).getByRole('cell')
    await expect(cells.nth(0), `value at ${name}`).toHaveText(dollars(value))
    await expect(cells.nth(1), `cash at ${name}`).toHaveText(dollars(cash))
    await expect(cells.nth(2), `market value at ${name}`).toHaveText(dollars(marketValue))
    await expect(cells.nth(4), `unrealised at ${name}`).toHaveText(dollars(unrealized, { signed: true }))
    await expect(cells.nth(5), `realised at ${name}`).toHaveText(dollars(realized, { signed: true }))
  }
  const figures = part(page, 'Key figures')
  await expect(figures).toContainText('All quantities and all cash agree')
  const thisYear = figures.locator('.kpi').filter({ hasText: 'Realised this year' }).locator('.figure')
  await expect(thisYear).toHaveText(dollars(Dec.sum(statements.map(({ realizedThisYear }) => realizedThisYear)), { signed: true }))
  // The figure on top is the sum of the groups below it.
  await expect(table.getByRole('row', { name: /^All/ }).getByRole('cell').first()).toHaveText(await figures.locator('.figure').first().innerText())
  await expectSound(page, 'overview')

  await open(page, host, 'Positions')
  const accounts = statements.flatMap(broker => broker.accounts)
  // One share of each broker, in every account that holds it.
  const symbols = new Set(statements.flatMap(broker => broker.accounts.flatMap(({ positions }) => positions).filter(isShare).slice(0, 1).map(({ symbol }) => symbol)))
  for (const symbol of symbols) {
    await page.getByRole('button', { name: new RegExp(`^${symbol} ?, \\d+ account`) }).click()
    const holdings = part(page, `Accounts that hold ${symbol}`)
    const held = accounts.flatMap(({ account, positions }) => positions.filter(position => position.symbol === symbol).map(position => ({ account, ...position })))
    await expect(holdings.getByRole('row')).toHaveCount(held.length + 1)
    for (const { account, quantity, value, cost } of held) {
      const own = holdings.getByRole('row').filter({ hasText: `••••${account.slice(-4)}` })
      // What stands below a figure in a narrow window is not shown here.
      await expect(own.getByRole('cell').nth(0)).toHaveText(pieces(quantity), { useInnerText: true })
      await expect(own.getByRole('cell').nth(2)).toHaveText(dollars(value), { useInnerText: true })
      await expect(own.getByRole('cell').nth(4)).toHaveText(dollars(Dec.sub(value, cost), { signed: true }))
      await expect(own).toContainText('agrees')
      await expect(part(page, `Lots of ${symbol}`).getByRole('row').filter({ hasText: `••••${account.slice(-4)}` }).first()).toBeVisible()
    }
    await page.getByRole('button', { name: new RegExp(`^${symbol} ?, \\d+ account`) }).click()
  }
  await expectSound(page, 'positions')

  await open(page, host, 'Performance')
  const filters = part(page, 'What the results are of')
  for (const { name, realized } of statements) {
    await filters.getByRole('button', { name: /^Broker/ }).click()
    await page.getByRole('menuitemradio', { name }).click()
    await expect(part(page, 'Result').locator('.figure').first(), `realised at ${name}`).toHaveText(dollars(realized, { signed: true }))
  }
  expect(complaints).toEqual([])
})

test('the accounts and lots of a position are read whole without scrolling sideways, however narrow the window', async ({ page, host }) => {
  await page.emulateMedia({ reducedMotion: 'reduce' })
  await page.goto(host.link)
  await exploreOnly(page, ['tastytrade'])
  await expect(page.getByRole('article', { name: 'tastytrade, sandbox' })).toContainText(/Synced/, FIRST_SYNC)
  await open(page, host, 'Positions')
  const lots = page.getByRole('region', { name: /^Lots of/ })
  await page.getByRole('button', { name: /^AAPL ?, \d+ account/ }).click()
  for (const width of [1280, 800, 320]) {
    await page.setViewportSize({ width, height: 800 })
    for (const panel of [part(page, 'Accounts that hold AAPL'), lots]) {
      const row = panel.getByRole('row').nth(1)
      for (const figure of [/••••\d{4}/, /\$[\d,]+\.\d\d/, /[+−]\$[\d,]+/]) await expect(row, `${width}`).toContainText(figure, { useInnerText: true })
      await expect(panel.getByText('More columns to the right'), `${width}`).toHaveCount(0)
    }
    await expectSound(page, `an open position at ${width}`)
  }
})

test('a split the history lacks is a difference with a reason, fixed by one click and taken back by another', async ({ page, host, sandbox }) => {
  test.setTimeout(300_000)
  sandbox.control('alpaca').knobs.set('hide-rows', 'SPLIT/NVDA')
  await exploreTwo(page, host, '2 of 3')
  const badge = page.getByRole('article', { name: 'Alpaca, sandbox' }).getByRole('button', { name: /difference.* between the ledger and/ })
  await badge.click()
  await expect(dialog(page)).toContainText('NVDA')
  await expectSound(page, 'differences')
  await page.setViewportSize({ width: 320, height: 800 })
  expect(await cutNumbers(page)).toEqual([])
  await expectSound(page, 'differences in a small window')
  await page.setViewportSize({ width: 1280, height: 800 })
  await dialog(page).getByRole('button', { name: 'Book the split 10:1' }).click()
  await expect(dialog(page)).toContainText('Everything agrees')
  await expect(part(page, 'Key figures')).toContainText('3 of 3')
  await dialog(page).getByRole('button', { name: /^Undo/ }).click()
  await expect(dialog(page).getByRole('button', { name: 'Book the split 10:1' })).toBeVisible()
  await page.keyboard.press('Escape')
  await expect(dialog(page)).toBeHidden()
  await expect(badge).toBeVisible()
})

test('what was bought before the history is asked for, filled in, and taken back', async ({ page, host, sandbox }) => {
  test.setTimeout(300_000)
  const fills: unknown = await askAlpaca(sandbox, '/v2/account/activities?activity_types=FILL&direction=asc&page_size=100')
  const first = listOf(fills).find(fill => textOf(fill, 'side') === 'buy' && textOf(fill, 'symbol') === 'AAPL')
  sandbox.control('alpaca').knobs.set('hide-rows', textOf(first, 'id'))
  await exploreTwo(page, host, '2 of 3')
  await open(page, host, 'Performance')
  await part(page, 'What the figures are missing').getByRole('button', { name: 'Add what is missing' }).click()
  await dialog(page).getByRole('button', { name: /^Add the lot of AAPL/ }).first().click()
  await expect(dialog(page)).toContainText(/Alpaca account ••••\w{4}/)
  await page.setViewportSize({ width: 320, height: 800 })
  await expectSound(page, 'opening lot in a small window')
  await page.setViewportSize({ width: 1280, height: 800 })
  await expectSound(page, 'opening lot')
  await dialog(page).getByRole('button', { name: 'Add this lot' }).click()
  await expect(dialog(page)).toContainText('A price, or say that nobody knows it.')
  await expect(dialog(page)).toContainText('The day it was bought.')
  await dialog(page).getByLabel('Bought on').fill('2020-01-02')
  await dialog(page).getByLabel(/^Price of one/).fill('130.25')
  await dialog(page).getByRole('button', { name: 'Add this lot' }).click()
  await expect(part(page, 'Lots you added')).toContainText('at 130.25 USD')
  await expect(dialog(page)).toContainText('Nothing is missing')
  await dialog(page).getByRole('button', { name: /^Take back AAPL/ }).click()
  await expect(dialog(page).getByRole('button', { name: /^Add the lot of AAPL/ }).first()).toBeVisible()
  await expectSound(page, 'what is missing')
  const short = dialog(page).getByRole('button', { name: /^It was a short sale: AAPL/ }).first()
  const name = (await short.getAttribute('aria-label')) ?? ''
  await short.click()
  await expect(page.getByText('Counted as a short sale')).toBeVisible()
  await expect(dialog(page).getByRole('button', { name, exact: true })).toBeHidden()
})

/** Answers the page as if the histories of two accounts were still being read. */
async function stillReading(page: Page): Promise<void> {
  const asked = new Set<string>()
  await page.routeWebSocket(/\/ws$/, socket => {
    const server = socket.connectToServer()
    socket.onMessage(message => {
      const { request } = JSON.parse(String(message)) as { request?: { id: string; route: string } }
      if (request?.route === 'ledger.status') asked.add(request.id)
      server.send(message)
    })
    server.onMessage(message => {
      const reply = JSON.parse(String(message)) as { id?: string; envelope?: { data?: object } }
      const isStatus = reply.id !== undefined && asked.delete(reply.id)
      socket.send(isStatus ? JSON.stringify({ ...reply, envelope: { ...reply.envelope, data: { ...reply.envelope?.data, unread: 2 } } }) : message)
    })
  })
}

test('whoever adds an opening lot is told that a history is still being read', async ({ page, host }) => {
  await page.emulateMedia({ reducedMotion: 'reduce' })
  await stillReading(page)
  await page.goto(host.link)
  await expect(page.getByRole('button', { name: 'Explore with sandbox brokers' })).toBeVisible()
  await page.keyboard.press('Control+k')
  await page.keyboard.type('opening lot')
  await page.keyboard.press('Enter')
  const words = 'The history of 2 accounts is not read to its end yet.'
  await expect(dialog(page)).toContainText(words)
  await dialog(page).getByRole('button', { name: 'Add a lot of your own' }).click()
  await expect(dialog(page)).toContainText(words)
  await expectSound(page, 'opening lots while a history is read')
})

test('results are read by keyboard, as charts and as tables, down to each round trip, and exported', async ({ page, host, complaints }) => {
  test.setTimeout(300_000)
  await exploreTwo(page, host, '3 of 3')
  await open(page, host, 'Performance')
  const curve = page.getByRole('slider', { name: 'Result until each day' })
  await curve.focus()
  const last = await curve.getAttribute('aria-valuetext')
  expect(last).toMatch(/^\w{3} \d+ \w{3} \d{4}: [+−]?\$[\d,.]+ until then$/)
  await page.keyboard.press('ArrowLeft')
  await expect(curve).not.toHaveAttribute('aria-valuetext', last ?? '')
  await expect(curve.locator('canvas').first()).toBeVisible()
  await page.getByRole('button', { name: 'As a table: Result until each day' }).click()
  await expect(part(page, 'Table of the curve').getByRole('row').nth(1)).toContainText((last ?? '').split(':')[0] ?? '')
  await expect(page.getByRole('slider', { name: 'Result by month' }).locator('canvas').first()).toBeVisible()

  const day = part(page, 'Calendar').getByRole('button', { pressed: true })
  await day.focus()
  const before = await day.getAttribute('aria-label')
  await page.keyboard.press('ArrowUp')
  await expect(day).not.toHaveAttribute('aria-label', before ?? '')
  await expect(day).toBeFocused()
  await expectSound(page, 'performance')

  const trips = part(page, 'Round trips')
  await trips.locator('[data-trip]').first().focus()
  await page.keyboard.press('ArrowDown')
  await page.keyboard.press('Enter')
  await expect(dialog(page)).toContainText(/\d+ fills?/)
  await expect(dialog(page)).toContainText(/Worked out as of .* ET, history fetched .* ET\./)
  await expectSound(page, 'round trip')
  await page.setViewportSize({ width: 320, height: 800 })
  await expect(dialog(page).getByText('More columns')).toHaveCount(0)
  expect(await cutNumbers(page)).toEqual([])
  await expectSound(page, 'round trip in a small window')
  // Two round trips in one symbol are told apart there, too.
  await expect(page.locator('#trips tbody tr:not(.sizer):not(.space)').first()).toContainText(/••\w{4}.*\d+ \w{3} \d{4}/s, { useInnerText: true })
  await page.setViewportSize({ width: 1280, height: 800 })
  await page.keyboard.press('Escape')
  await expect(dialog(page)).toBeHidden()

  await page.getByRole('button', { name: 'Export' }).click()
  const [download] = await Promise.all([page.waitForEvent('download'), page.getByRole('menuitem', { name: 'Round trips CSV' }).click()])
  const lines = readFileSync(await download.path(), 'utf8').replace(/^\uFEFF/, '').trimEnd().split('\r\n')
  expect(lines[0]).toMatch(/asOf/)
  expect(lines.length).toBeGreaterThan(100)
  expect(complaints).toEqual([])
})
