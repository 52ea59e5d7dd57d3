import path from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { expect, type Locator, type Page } from 'playwright/test'
import { exploreOnly, FIRST_SYNC } from './explore.ts'
import { command, type Host, test } from './host.ts'
import { expectSound } from './sound.ts'

test.use({ rows: 'some' })

test.describe.configure({ mode: 'parallel' })

const BROKERS = [
  ['Alpaca', 'alpaca'], ['Charles Schwab', 'schwab'], ['tastytrade', 'tastytrade'], ['E*TRADE', 'etrade'], ['Interactive Brokers', 'ibkr'], ['TD Ameritrade', 'tdameritrade'],
] as const

const dialog = (page: Page): Locator => page.getByRole('dialog')
const toOrders = async (page: Page, host: Host): Promise<void> => {
  await page.goto(`${host.url}/#/orders`)
  await expect(page.getByRole('heading', { level: 1, name: 'Orders' })).toBeVisible()
}

/** Simulated brokers, read once; an order may cost what it likes, so that only what is tested stops one. */
async function explore(page: Page, host: Host, names: readonly string[], onlyThose = true): Promise<void> {
  await page.emulateMedia({ reducedMotion: 'reduce' })
  await page.goto(host.link)
  if (onlyThose) await exploreOnly(page, BROKERS.filter(([name]) => names.includes(name)).map(([, id]) => id))
  else await page.getByRole('button', { name: 'Explore with sandbox brokers' }).click()
  for (const name of names) await expect(page.getByRole('article', { name: `${name}, sandbox` })).toContainText(/Synced/, { timeout: 90_000 })
  // The ways in that take its orders come after the one it syncs by first.
  if (names.includes('Interactive Brokers'))
    await expect(page.getByRole('article', { name: 'Interactive Brokers, sandbox' })).toContainText('4 ways in', { timeout: 90_000 })
  await toOrders(page, host)
  await page.getByRole('radio', { name: 'Trading and limits' }).click()
  await page.getByRole('button', { name: 'Change limits: Everywhere' }).click()
  for (const label of ['Value of one position', 'Value of all working orders', 'Loss in a day']) await dialog(page).getByLabel(label).fill('1,000,000')
  await dialog(page).getByLabel('Orders in a minute').fill('60')
  await dialog(page).getByLabel('Age of a price').fill('60')
  await dialog(page).getByRole('button', { name: 'Save the limits' }).click()
  await expect(dialog(page)).toBeHidden()
  for (const name of names) await switchOn(page, name)
}

async function switchOn(page: Page, name: string): Promise<void> {
  await page.getByRole('button', { name: `Switch on trading for ${name}, sandbox` }).click()
  await dialog(page).getByRole('button', { name: 'Switch trading on' }).click()
  await expect(dialog(page)).toBeHidden()
  await expect(page.getByRole('button', { name: `Switch off trading for ${name}, sandbox` })).toBeVisible()
}

/** Fills the ticket in by keyboard, with a limit the market is at, and goes on to its review. */
async function review(page: Page, name: string, limit?: string): Promise<void> {
  await page.locator('main').focus()
  await page.keyboard.press('t')
  await expect(dialog(page).getByLabel('Symbol')).toBeFocused()
  await page.keyboard.type('aapl')
  const account = dialog(page).getByLabel('Account')
  const value = await account.locator('option', { hasText: `SANDBOX: ${name}` }).first().getAttribute('value')
  await account.selectOption(value)
  await dialog(page).getByRole('radio', { name: 'Buy', exact: true }).click()
  await dialog(page).getByLabel('Shares').fill('1')
  if (limit === undefined) await dialog(page).getByRole('button', { name: /^Ask .* take it as the limit/ }).click()
  else await dialog(page).getByLabel('Limit price').fill(limit)
  await dialog(page).getByLabel('Shares').press('Enter')
  // Several reads at the broker, each at its pace.
  await expect(dialog(page)).toContainText('Review the order', FIRST_SYNC)
}

/** Gives each second yes there is to give and sends. */
async function send(page: Page): Promise<void> {
  for (const need of await dialog(page).getByRole('checkbox').all()) await need.check()
  await dialog(page).getByRole('button', { name: 'Send sandbox order' }).dblclick()
}

test('an order goes from the ticket to a filled row at every broker that trades', async ({ page, host, sandbox, complaints }) => {
  test.setTimeout(240_000)
  await explore(page, host, BROKERS.map(([name]) => name), false)
  await page.getByRole('radio', { name: 'Orders', exact: true }).click()
  for (const [name] of BROKERS) {
    await review(page, name)
    await expect(dialog(page), name).toContainText('SANDBOX')
    expect(await dialog(page).getByRole('list', { name: 'What stops it' }).allInnerTexts(), name).toEqual([])
    await send(page)
    await expect(dialog(page), name).toContainText('The broker has it', FIRST_SYNC)
    await dialog(page).getByRole('button', { name: 'Close', exact: true }).last().click()
    await expect(dialog(page)).toBeHidden()
  }
  const done = page.getByRole('region', { name: 'Order history' }).getByRole('row').filter({ hasNotText: 'not from Keelson' }).filter({ hasText: /AAPL.*Filled/ })
  await expect(done).toHaveCount(BROKERS.length, FIRST_SYNC)
  expect(sandbox.control('alpaca').requests().filter(({ method, path: to }) => method === 'POST' && to.includes('/v2/orders'))).toHaveLength(1)
  await done.first().getByRole('button').click()
  await expect(dialog(page)).toContainText('What happened')
  await expectSound(page, 'an order')
  expect(complaints).toEqual([])
})

test('an order whose answer is lost is UNKNOWN, is looked for, and is found without being sent again', async ({ page, host, sandbox }) => {
  await explore(page, host, ['Alpaca'])
  await page.getByRole('radio', { name: 'Orders', exact: true }).click()
  const alpaca = sandbox.control('alpaca')
  const posts = (): number => alpaca.requests().filter(({ method, path: to }) => method === 'POST' && to.includes('/v2/orders')).length
  await review(page, 'Alpaca')
  alpaca.fault({ name: 'answer-lost', times: 1, method: 'POST', path: '/v2/orders' })
  await send(page)
  await expect.poll(posts, { intervals: [20] }).toBe(1)
  alpaca.fault({ name: 'server-error', path: '/v2/orders' })
  await expect(dialog(page)).toContainText('UNKNOWN: it may be at the broker')
  await expect(dialog(page)).toContainText('never sends it again')
  await expectSound(page, 'an order in doubt')
  await dialog(page).getByRole('button', { name: 'Close', exact: true }).last().click()
  const doubt = page.getByRole('region', { name: 'Orders in doubt' })
  await expect(doubt).toContainText('UNKNOWN: AAPL')
  await expectSound(page, 'the orders with one in doubt')
  await doubt.getByRole('button', { name: 'Look now' }).click()
  await expect(doubt.getByRole('alert')).toContainText('Alpaca')
  await expect(doubt).toContainText('UNKNOWN: AAPL')
  alpaca.fault(null)
  await doubt.getByRole('button', { name: 'Look now' }).click()
  await expect(doubt).toBeHidden()
  await expect(page.getByRole('region', { name: 'Order history' }).getByRole('row').filter({ hasNotText: 'not from Keelson' })).toContainText([/Order/, /AAPL.*Filled/])
  expect(posts()).toBe(1)
})

test('the kill switch stops everything but cancels, survives a restart, and goes back with a typed word alone', async ({ page, host, restart }) => {
  await explore(page, host, ['Alpaca'])
  await page.getByRole('radio', { name: 'Orders', exact: true }).click()
  await page.getByRole('button', { name: 'Stop trading everywhere' }).click()
  await expect(page.getByRole('region', { name: 'Kill switch' })).toContainText('All trading is stopped.')
  await review(page, 'Alpaca')
  await expect(dialog(page).getByRole('list', { name: 'What stops it' })).toContainText('order/stopped-killed')
  await expect(dialog(page).getByRole('button', { name: /^Send/ })).toBeHidden()
  await expectSound(page, 'a stopped order')
  await page.goto('about:blank')
  const again = await restart()
  await page.goto(again.link)
  await toOrders(page, again)
  const open = page.getByRole('region', { name: 'Open orders' })
  const cancel = open.getByRole('button', { name: 'Cancel MSFT' })
  await expect(page.getByRole('region', { name: 'Kill switch' })).toBeVisible()
  await cancel.first().click()
  await expect(cancel).toHaveCount(0)
  await page.getByRole('button', { name: 'Take it back' }).click()
  await dialog(page).getByLabel('Type TRADE').fill('yes')
  await dialog(page).getByRole('button', { name: 'Take it back' }).click()
  await expect(dialog(page)).toContainText('the word was not typed')
  await expectSound(page, 'taking the kill switch back')
  await dialog(page).getByLabel('Type TRADE').fill('TRADE')
  await dialog(page).getByRole('button', { name: 'Take it back' }).click()
  await expect(page.getByRole('region', { name: 'Kill switch' })).toBeHidden()
})

test('a review that is open says that trading was stopped on the command line, and that Keelson went away; neither order goes out', async ({ page, host, sandbox, restart }) => {
  await explore(page, host, ['Alpaca'])
  await page.getByRole('radio', { name: 'Orders', exact: true }).click()
  await review(page, 'Alpaca', '200')
  await command(host, 'kill')
  await expect(dialog(page).getByRole('alert')).toContainText('All trading was stopped meanwhile')
  await expect(dialog(page).getByRole('button', { name: /^Send/ })).toBeHidden()
  await expectSound(page, 'a review that trading was stopped under')
  await dialog(page).getByRole('button', { name: 'Change it' }).click()
  await page.keyboard.press('Escape')
  await page.getByRole('button', { name: 'Take it back' }).click()
  await dialog(page).getByLabel('Type TRADE').fill('TRADE')
  await dialog(page).getByRole('button', { name: 'Take it back' }).click()
  await expect(page.getByRole('region', { name: 'Kill switch' })).toBeHidden()
  // A letter opens nothing behind a dialog that is still there.
  await expect(dialog(page)).toBeHidden()
  await review(page, 'Alpaca', '200')
  for (const need of await dialog(page).getByRole('checkbox').all()) await need.check()
  await host.stop()
  await expect(dialog(page).getByRole('alert')).toContainText('Keelson does not answer')
  await expect(dialog(page).getByRole('button', { name: 'Send sandbox order' })).toBeDisabled()
  await expectSound(page, 'a review without Keelson')
  await restart()
  expect(sandbox.control('alpaca').requests().filter(({ method, path: to }) => method === 'POST' && to.includes('/v2/orders'))).toEqual([])
})

test('an account that is not what it was reviewed as is refused, and nothing goes out', async ({ page, host, sandbox, dataDir }) => {
  await explore(page, host, ['Alpaca'])
  await review(page, 'Alpaca')
  const database = new DatabaseSync(path.join(dataDir, 'keelson.db'))
  database.exec("UPDATE accounts SET environment = 'live' WHERE broker = 'alpaca'")
  database.close()
  await send(page)
  await expect(dialog(page).getByRole('alert')).toContainText(/could not make sure|is not what was reviewed/)
  await expect(dialog(page).getByRole('button', { name: /^Send/ })).toBeHidden()
  expect(sandbox.control('alpaca').requests().filter(({ method, path: to }) => method === 'POST' && to.includes('/v2/orders'))).toEqual([])
})

test('the orders are sound on every screen, at every size and in both themes', async ({ page, host, complaints }) => {
  test.setTimeout(180_000)
  await explore(page, host, ['Alpaca'], false)
  for (const [colorScheme, width, height] of [['light', 1280, 860], ['dark', 640, 480], ['light', 320, 800]] as const) {
    await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' })
    await page.setViewportSize({ width, height })
    const where = `${colorScheme} at ${width}`
    for (const view of ['Trading and limits', 'Orders']) {
      await page.getByRole('radio', { name: view, exact: true }).click()
      await expectSound(page, `${view}, ${where}`)
    }
    // No scrolling sideways stands between a trader and the way out of an order.
    const cancel = await page.getByRole('button', { name: 'Cancel MSFT' }).first().boundingBox()
    expect((cancel?.x ?? width) + (cancel?.width ?? 0), `the way out of an order, ${where}`).toBeLessThanOrEqual(width)
    await review(page, 'Alpaca', '200')
    await expectSound(page, `the review, ${where}`)
    await dialog(page).getByRole('button', { name: 'Change it' }).click()
    await expectSound(page, `the ticket, ${where}`)
    await page.keyboard.press('Escape')
    await expect(dialog(page)).toBeHidden()
  }
  for (const [name, role] of [['Show the record', 'button'], ['Replace MSFT', 'button']] as const) {
    await page.getByRole(role, { name }).first().click()
    await expect(dialog(page)).toBeVisible()
    await expectSound(page, name)
    await page.keyboard.press('Escape')
  }
  expect(complaints).toEqual([])
})
