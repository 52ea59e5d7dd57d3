import { type Browser, type BrowserContext, expect, type Page } from 'playwright/test'
import { exploreOnly, FIRST_SYNC } from './explore.ts'
import { test } from './host.ts'

test.use({ rows: 'some' })

type BrokerName = 'Alpaca' | 'Charles Schwab'

/** Goes through the connect dialog up to the browser, and answers the address the broker's page opens at. */
async function beginSignIn(page: Page, name: BrokerName): Promise<string> {
  await page.getByRole('button', { name: 'Connect a broker' }).first().click()
  const dialog = page.getByRole('dialog')
  await dialog.getByRole('button', { name: new RegExp(`^${name}`) }).click()
  await dialog.getByRole('button', { name: /Sandbox/ }).click()
  if (name === 'Alpaca') await dialog.getByRole('button', { name: /^Sign in at/ }).click()
  const agree = dialog.getByRole('button', { name: 'Agree and open the browser' })
  if (await agree.isVisible()) await agree.click()
  return authorizeUrl(page)
}

async function authorizeUrl(page: Page): Promise<string> {
  const link = page.getByRole('dialog').getByRole('link', { name: 'Open the page again' })
  await expect(link).toBeVisible()
  return (await link.getAttribute('href')) ?? ''
}

/** The user's own browser: another program, which trusts nothing of ours and clicks through the certificate warning. */
async function userBrowser(browser: Browser): Promise<BrowserContext> {
  return browser.newContext({ ignoreHTTPSErrors: true })
}

const card = (page: Page, name: BrokerName) => page.getByRole('article', { name: `${name}, sandbox` })

for (const name of ['Alpaca', 'Charles Schwab'] as const) {
  test(`${name} is connected through the consent page in a second browser`, async ({ page, host, browser, complaints }) => {
    await page.goto(host.link)
    const address = await beginSignIn(page, name)
    const other = await userBrowser(browser)
    const consent = await other.newPage()
    await consent.goto(address)
    await expect(consent).toHaveTitle(/SANDBOX/)
    await consent.getByRole('button', { name: 'Allow' }).click()
    await expect(consent.locator('body')).toContainText(/close this|return to Keelson|back to Keelson/i)
    await expect(page.getByRole('dialog')).toContainText('The tokens are sealed')
    await page.getByRole('button', { name: 'See the overview' }).click()
    await expect(card(page, name)).toContainText(/Synced .* new/, FIRST_SYNC)
    await other.close()
    expect(complaints).toEqual([])
  })
}

test('a declined consent says so, and nothing is connected', async ({ page, host, browser }) => {
  await page.goto(host.link)
  const address = await beginSignIn(page, 'Alpaca')
  const other = await userBrowser(browser)
  const consent = await other.newPage()
  await consent.goto(address)
  await consent.getByRole('button', { name: 'Deny' }).click()
  await expect(page.getByRole('dialog')).toContainText('You declined the consent at Alpaca. Nothing was saved.')
  await page.getByRole('dialog').getByRole('button', { name: 'Close', exact: true }).last().click()
  await expect(page.getByRole('button', { name: 'Explore with sandbox brokers' })).toBeVisible()
  await other.close()
})

test('a browser that cannot come back finishes by pasting the address', async ({ page, host, browser }) => {
  await page.goto(host.link)
  const address = await beginSignIn(page, 'Charles Schwab')
  const other = await browser.newContext()
  const consent = await other.newPage()
  await consent.goto(address)
  const redirected = consent.waitForRequest(/127\.0\.0\.1:\d+\/callback\/schwab/)
  // Without ignoring the warning the page cannot load; the address is what counts.
  await consent.getByRole('button', { name: 'Allow' }).click({ noWaitAfter: true })
  const landed = (await redirected).url()
  await page.getByText('The browser cannot come back here?').click()
  const box = page.getByLabel('The address the browser ended on')
  await box.fill('https://evil.example/callback/schwab?code=1&state=2')
  await page.getByRole('button', { name: 'Finish the sign-in' }).click()
  await expect(page.getByRole('dialog')).toContainText('neither the redirected address nor a code')
  await box.fill(landed)
  await page.getByRole('button', { name: 'Finish the sign-in' }).click()
  await expect(page.getByRole('dialog')).toContainText('The tokens are sealed')
  await other.close()
})

test('an ended sign-in shows a banner and a red badge, and reconnecting renews it in place', async ({ page, host, sandbox, browser }) => {
  await page.goto(host.link)
  await exploreOnly(page, ['alpaca', 'schwab'])
  await expect(card(page, 'Charles Schwab')).toContainText(/Synced .* new/, FIRST_SYNC)
  sandbox.control('schwab').revokeAll()
  await page.getByRole('button', { name: 'Sync Charles Schwab now' }).click()
  const banners = page.getByRole('region', { name: 'Needs your attention' })
  await expect(banners).toContainText('Charles Schwab')
  await expect(card(page, 'Charles Schwab')).toContainText('Sign-in needed')
  await banners.getByRole('button', { name: /Dismiss/ }).first().click()
  await page.reload()
  await expect(banners).toContainText('Charles Schwab')

  await card(page, 'Charles Schwab').getByRole('button', { name: /Sign in/ }).first().click()
  await page.getByRole('dialog').getByRole('button', { name: 'Agree and open the browser' }).click()
  const other = await userBrowser(browser)
  const consent = await other.newPage()
  await consent.goto(await authorizeUrl(page))
  await consent.getByRole('button', { name: 'Allow' }).click()
  await page.getByRole('button', { name: 'See the overview' }).click()
  await expect(banners).toBeHidden()
  await expect(page.getByRole('article')).toHaveCount(2)
  await expect(card(page, 'Charles Schwab')).toContainText(/Synced .*nothing new/i)
  await other.close()
})
