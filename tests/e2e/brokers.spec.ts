import { createServer } from 'node:net'
import { expect, type Page } from 'playwright/test'
import { SANDBOX_FLEX, SANDBOX_TASTYTRADE_GRANT } from '../../electron/core/sandbox/client-keys.ts'
import { exploreOnly, FIRST_SYNC } from './explore.ts'
import { test } from './host.ts'
import { expectSound } from './sound.ts'

const dialogOf = (page: Page) => page.getByRole('dialog')
const card = (page: Page, name: string) => page.getByRole('article', { name: `${name}, sandbox` })

async function openBrokers(page: Page, link: string): Promise<void> {
  await page.goto(link)
  await page.getByRole('link', { name: 'Brokers' }).click()
  await expect(page.getByRole('heading', { level: 1, name: 'Brokers' })).toBeVisible()
}

/** Goes from the broker's card to the form of a way in, in the sandbox. */
async function openForm(page: Page, broker: string, way: RegExp): Promise<void> {
  await page.getByRole('article', { name: broker, exact: true }).getByRole('button', { name: /^Connect/ }).click()
  await dialogOf(page).getByRole('button', { name: /^Sandbox/i }).click()
  await dialogOf(page).getByRole('button', { name: way }).click()
  await dialogOf(page).getByRole('button', { name: 'Agree and go on' }).click()
}

test('E*TRADE is connected with the code its page shows; a wrong code is refused first', async ({ page, host, browser, complaints }) => {
  await openBrokers(page, host.link)
  await page.getByRole('button', { name: 'Connect E*TRADE' }).click()
  const dialog = dialogOf(page)
  await dialog.getByRole('button', { name: /^Sandbox/i }).click()
  await dialog.getByRole('button', { name: 'Agree and open the browser' }).click()
  const code = dialog.getByLabel('Code from E*TRADE')
  await expect(code).toBeFocused()
  await expect(dialog).toContainText(/midnight Eastern/)
  await expectSound(page, 'code of E*TRADE')
  await code.fill('WRONG')
  await dialog.getByRole('button', { name: 'Finish' }).click()
  await expect(dialog.getByRole('alert')).toContainText('Nothing was saved')
  const startAgain = dialog.getByRole('button', { name: 'Start again' })
  if (await startAgain.isVisible()) {
    await startAgain.click()
    await dialog.getByRole('button', { name: 'Agree and open the browser' }).click()
  }
  const address = await dialog.getByRole('link', { name: 'Open the page again' }).getAttribute('href')
  const other = await browser.newContext()
  const consent = await other.newPage()
  await consent.goto(address ?? '')
  await consent.getByRole('button', { name: 'Allow' }).click()
  await code.fill(await consent.locator('#verifier').innerText())
  await dialog.getByRole('button', { name: 'Finish' }).click()
  await expect(dialog).toContainText('E*TRADE is connected')
  await dialog.getByRole('button', { name: 'See the overview' }).click()
  // E*TRADE allows two calls a second, so that its whole history takes a while.
  await expect(card(page, 'E*TRADE')).toContainText(/\$[\d,]+\.\d\d/)
  await expect(card(page, 'E*TRADE')).toContainText('Sign in again within')
  await other.close()
  expect(complaints).toEqual([])
})

test('a tastytrade grant is checked, refused, tried again and only then saved', async ({ page, host }) => {
  await openBrokers(page, host.link)
  await openForm(page, 'tastytrade', /^Personal grant/)
  const dialog = dialogOf(page)
  const save = dialog.getByRole('button', { name: 'Save and connect' })
  await expect(save).toBeDisabled()
  await dialog.getByRole('button', { name: 'Test connection' }).click()
  const secret = dialog.getByLabel('Client secret', { exact: true })
  await expect(secret).toBeFocused()
  await expect(secret).toHaveAttribute('aria-invalid', 'true')
  await secret.fill('not-the-secret-at-all')
  await dialog.getByLabel('Refresh token', { exact: true }).fill(SANDBOX_TASTYTRADE_GRANT.refreshToken)
  await dialog.getByRole('button', { name: 'Test connection' }).click()
  await expect(dialog.getByRole('alert')).toContainText('Nothing was saved')
  await expect(secret).toHaveValue('not-the-secret-at-all')
  await expect(save).toBeDisabled()

  await secret.fill(SANDBOX_TASTYTRADE_GRANT.clientSecret)
  await dialog.getByRole('button', { name: 'Test connection' }).click()
  await expect(dialog.getByRole('region', { name: 'The test passed' })).toContainText(/\$[\d,]+\.\d\d/)
  await expectSound(page, 'a passed test')
  await secret.fill(`${SANDBOX_TASTYTRADE_GRANT.clientSecret}x`)
  await expect(save).toBeDisabled()
  await secret.fill(SANDBOX_TASTYTRADE_GRANT.clientSecret)
  await save.click()
  await expect(dialog).toContainText('tastytrade is connected')
})

test('IBKR: ports of this machine fill the form, a hanging TWS can be left, and Flex joins what TWS connected', async ({ page, host }) => {
  const silent = createServer(() => undefined)
  await new Promise<void>((resolve, reject) => { silent.once('error', reject).listen(7497, '127.0.0.1', resolve) })
  await openBrokers(page, host.link)
  const dialog = dialogOf(page)
  await page.getByRole('button', { name: 'Connect Interactive Brokers' }).click()
  await dialog.getByRole('button', { name: /^Live/i }).click()
  await dialog.getByRole('button', { name: /^TWS/ }).click()
  await dialog.getByRole('button', { name: 'Agree and go on' }).click()
  await dialog.getByRole('button', { name: 'Look on this machine' }).click()
  await dialog.getByRole('button', { name: /7497/ }).click()
  await expect(dialog.getByLabel('Port')).toHaveValue('7497')
  await dialog.getByRole('button', { name: 'Test connection' }).click()
  await expect(dialog).toContainText('may be asking on your screen')
  await dialog.getByRole('button', { name: 'Stop' }).click()
  await expect(dialog.getByLabel('Port')).toHaveValue('7497')
  await page.keyboard.press('Escape')
  silent.close()

  await openForm(page, 'Interactive Brokers', /^TWS/)
  await dialog.getByRole('button', { name: 'Test connection' }).click()
  await expect(dialog.getByRole('region', { name: 'The test passed' })).toContainText('••••')
  await dialog.getByRole('button', { name: 'Save and connect' }).click()
  await expect(dialog).toContainText('Interactive Brokers is connected')
  await dialog.getByRole('button', { name: 'Close', exact: true }).click()

  await openForm(page, 'Interactive Brokers', /^Flex/)
  await dialog.getByLabel('Token', { exact: true }).fill(SANDBOX_FLEX.token)
  await dialog.getByLabel('Query id').fill(SANDBOX_FLEX.queryId)
  await dialog.getByRole('button', { name: 'Test connection' }).click()
  await expect(dialog.getByRole('region', { name: 'The test passed' })).toBeVisible()
  await dialog.getByRole('button', { name: 'Save and connect' }).click()
  await expect(dialog).toContainText('Added to your Interactive Brokers connection')
  await dialog.getByRole('button', { name: 'See the overview' }).click()
  await expect(card(page, 'Interactive Brokers')).toHaveCount(1)
  await expect(card(page, 'Interactive Brokers').getByRole('list', { name: 'Ways in' })).toContainText('Flex')
})

test('a wrong Alpaca key is answered with what Alpaca said, and the form keeps it', async ({ page, host }) => {
  await openBrokers(page, host.link)
  await expect(page.getByRole('complementary', { name: 'Do you have an Alpaca account?' })).toContainText('accounts cannot be created here')
  await openForm(page, 'Alpaca', /^API key/)
  const dialog = dialogOf(page)
  await dialog.getByLabel('Key', { exact: true }).fill('PKWRONGWRONGWRONG')
  await dialog.getByLabel('Secret', { exact: true }).fill('not-a-secret')
  await dialog.getByRole('button', { name: 'Test connection' }).click()
  await expect(dialog.getByRole('alert')).toContainText('Alpaca says')
  await expect(dialog.getByRole('figure').getByRole('blockquote')).not.toBeEmpty()
  await expect(dialog.getByRole('alert')).toContainText('Nothing was saved')
  await expect(dialog.getByLabel('Key', { exact: true })).toHaveValue('PKWRONGWRONGWRONG')
  await expect(dialog.getByRole('button', { name: 'Save and connect' })).toBeDisabled()
})

test('TD Ameritrade is closed: the card says so, leads to Schwab and to the import', async ({ page, host }) => {
  await openBrokers(page, host.link)
  const tile = page.getByRole('article', { name: 'TD Ameritrade' })
  await expect(tile).toContainText(/closed/i)
  await tile.getByRole('button', { name: 'Import old history' }).click()
  await expect(page.getByLabel('Broker it came from')).toHaveValue('tdameritrade')
  await page.goto(`${host.url}/#/brokers`)
  await page.getByRole('button', { name: 'Connect a broker' }).click()
  await dialogOf(page).getByRole('button', { name: /^TD Ameritrade/ }).click()
  await expect(dialogOf(page)).toContainText('TD Ameritrade is closed')
  await expectSound(page, 'closed broker')
  await dialogOf(page).getByRole('button', { name: /^Connect Charles Schwab/ }).click()
  await expect(dialogOf(page)).toContainText('Connect Charles Schwab')
})

test('a connection is named, made primary, and an account of it excluded from the totals', async ({ page, host }) => {
  await page.goto(host.link)
  await exploreOnly(page, ['alpaca', 'schwab'])
  await expect(card(page, 'Charles Schwab')).toContainText(/Synced/, FIRST_SYNC)
  const menu = async (name: string, item: string): Promise<void> => {
    await page.getByRole('button', { name: `More for ${name}` }).focus()
    await page.keyboard.press('Enter')
    await page.getByRole('menuitem', { name: item }).click()
  }
  await menu('Charles Schwab, sandbox', 'Rename')
  await dialogOf(page).getByLabel(/Your name for it/).fill('Retirement')
  await dialogOf(page).getByRole('button', { name: 'Save' }).click()
  const renamed = page.getByRole('article', { name: 'Retirement, Charles Schwab, sandbox' })
  await expect(renamed).toBeVisible()
  await menu('Retirement, Charles Schwab, sandbox', 'Set as primary')
  await expect(page.getByRole('article').first()).toContainText('Retirement')
  await expect(renamed).toContainText('Primary connection')

  const total = page.getByRole('region', { name: 'Key figures' }).locator('.figure').first()
  const before = await total.innerText()
  await menu('Retirement, Charles Schwab, sandbox', 'Accounts and ways in')
  await dialogOf(page).getByRole('button', { name: /^Exclude/ }).first().click()
  await expect(dialogOf(page).getByRole('button', { name: /^Include/ })).toBeVisible()
  await expectSound(page, 'accounts and ways in')
  await page.keyboard.press('Escape')
  await expect(renamed).toContainText('excluded')
  await expect(total).not.toHaveText(before)
  await expect(page.getByRole('region', { name: 'Key figures' })).toContainText('1 account excluded')
})

for (const colorScheme of ['light', 'dark'] as const) {
  test(`the brokers, a form and the import are sound in the ${colorScheme} theme at four widths`, async ({ page, host, complaints }) => {
    test.setTimeout(180_000)
    await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' })
    await openBrokers(page, host.link)
    for (const width of [320, 640, 1000, 1440]) {
      await page.setViewportSize({ width, height: 800 })
      await page.goto(`${host.url}/#/import`)
      await expect(page.getByRole('heading', { name: 'Imported so far' })).toBeVisible()
      await expectSound(page, `import at ${width}`)
      await page.goto(`${host.url}/#/brokers`)
      await expect(page.getByRole('article')).toHaveCount(6)
      await expectSound(page, `brokers at ${width}`)
      await openForm(page, 'Interactive Brokers', /^Flex/)
      await dialogOf(page).getByRole('button', { name: 'Test connection' }).click()
      await expect(dialogOf(page).getByLabel('Token', { exact: true })).toBeFocused()
      await expectSound(page, `a form at ${width}`)
      await page.keyboard.press('Escape')
    }
    expect(complaints).toEqual([])
  })
}
