import { cpSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { type Browser, expect, type Locator, type Page } from 'playwright/test'
import { openConnection } from '../../electron/core/db/open.ts'
import { SANDBOX_TASTYTRADE_GRANT } from '../../electron/core/sandbox/client-keys.ts'
import { listSecrets } from '../../electron/core/store/secrets.ts'
import { openVault } from '../../electron/core/vault/data-key.ts'
import { createClock } from '../../electron/node/clock.ts'
import { createPassphraseBox } from '../../electron/node/passphrase-box.ts'
import { createRandom } from '../../electron/node/random.ts'
import { FIRST_SYNC } from './explore.ts'
import { test } from './host.ts'

test.use({ rows: 'some' })

// A recording of the page keeps copies of what stands in its fields, in the page itself.
test.use({ trace: 'off' })

/** Shown in the settings on purpose. */
const APP_ID = 'canary-app-id'
const CLIENT_SECRET = 'CANARY-app-secret-5d0c1f7a93'
const FLEX_TOKEN = '730918264518273645019283'
const MAIL_PASSWORD = 'CANARY-mail-password-8a64e2b1c7'
const WRONG_PASSPHRASE = 'CANARY-wrong-passphrase-70c2ab'
const VAULT_PASSPHRASE = 'correct horse battery staple'
const NEW_VAULT_PASSPHRASE = 'CANARY-vault-passphrase-b84e17'
const LOCK_PASSPHRASE = 'CANARY-lock-passphrase-3e9f60d2'

/** Every piece of text in the JavaScript heap of the window once its garbage is gone, names of objects and code included. */
async function heapOf(page: Page): Promise<string> {
  const session = await page.context().newCDPSession(page)
  try {
    const parts: string[] = []
    session.on('HeapProfiler.addHeapSnapshotChunk', ({ chunk }) => parts.push(chunk))
    // What the browser itself remembers of its last steps is let go by the next ones.
    for (let round = 0; round < 3; round += 1) {
      await page.evaluate(() => new Promise(resolve => requestAnimationFrame(() => requestAnimationFrame(resolve))))
      await session.send('HeapProfiler.collectGarbage')
    }
    await session.send('HeapProfiler.takeHeapSnapshot', { reportProgress: false, captureNumericValue: false })
    return parts.join('')
  } finally {
    await session.detach()
  }
}

/** Types as a keyboard does, so that no helper of this test leaves the text in the page. */
async function typeInto(field: Locator, text: string): Promise<void> {
  await field.focus()
  await field.page().keyboard.insertText(text)
}

function found(heap: string, secrets: readonly string[]): string[] {
  return secrets.filter(secret => heap.includes(secret)).map(secret => `${secret.slice(0, 14)}…`)
}

/** Signs in to Alpaca's simulator in the browser of the user. */
async function signIn(page: Page, browser: Browser): Promise<void> {
  await page.getByRole('button', { name: 'Connect Alpaca' }).click()
  const dialog = page.getByRole('dialog')
  await dialog.getByRole('button', { name: /^Sandbox/i }).click()
  await dialog.getByRole('button', { name: /^Sign in at/ }).click()
  await dialog.getByRole('button', { name: 'Agree and open the browser' }).click()
  const address = await dialog.getByRole('link', { name: 'Open the page again' }).getAttribute('href')
  const other = await browser.newContext()
  const consent = await other.newPage()
  await consent.goto(address ?? '')
  await consent.getByRole('button', { name: 'Allow' }).click()
  await expect(dialog).toContainText('The tokens are sealed')
  await other.close()
  await dialog.getByRole('button', { name: 'Close', exact: true }).click()
  await expect(dialog).toBeHidden()
}

/** The secrets the host keeps, read the way it reads them itself. */
async function sealedIn(dataDir: string): Promise<string[]> {
  const copy = mkdtempSync(path.join(tmpdir(), 'keelson-heap-'))
  try {
    cpSync(dataDir, copy, { recursive: true })
    const db = openConnection(path.join(copy, 'keelson.db'))
    const random = createRandom()
    const box = createPassphraseBox({ source: { ask: () => Promise.resolve(NEW_VAULT_PASSPHRASE), tries: 1 }, random })
    const vault = await openVault({ db, box, random, clock: createClock() })
    const secrets = listSecrets(db.reader).map(({ scope, sealed }) => vault.open(scope, sealed).reveal())
    vault.close()
    db.close()
    return secrets
  } finally {
    rmSync(copy, { recursive: true, force: true })
  }
}

/** Everything the window was told and asked, as it went over the wire. */
function listen(page: Page): { readonly told: string[]; readonly asked: string[] } {
  const wire = { told: [] as string[], asked: [] as string[] }
  page.on('websocket', socket => {
    socket.on('framereceived', ({ payload }) => void wire.told.push(payload.toString()))
    socket.on('framesent', ({ payload }) => void wire.asked.push(payload.toString()))
  })
  return wire
}

test('nothing typed as a secret stays in the memory of the window once it is saved, and no token ever comes there', async ({
  page,
  host,
  browser,
  complaints,
}) => {
  test.setTimeout(240_000)
  const { clientSecret, refreshToken } = SANDBOX_TASTYTRADE_GRANT
  const wire = listen(page)
  await page.emulateMedia({ reducedMotion: 'reduce' })
  await page.goto(host.link)
  await page.getByRole('link', { name: 'Brokers' }).click()
  await signIn(page, browser)

  await page.getByRole('button', { name: 'Connect tastytrade' }).click()
  const dialog = page.getByRole('dialog')
  await dialog.getByRole('button', { name: /^Sandbox/i }).click()
  await dialog.getByRole('button', { name: /^Personal grant/ }).click()
  await dialog.getByRole('button', { name: 'Agree and go on' }).click()
  await typeInto(dialog.getByLabel('Client secret', { exact: true }), clientSecret)
  await typeInto(dialog.getByLabel('Refresh token', { exact: true }), refreshToken)
  await dialog.getByRole('button', { name: 'Test connection' }).click()
  await expect(dialog.getByRole('region', { name: 'The test passed' })).toBeVisible()
  // The search finds what is there: while the form is open, both are.
  expect(found(await heapOf(page), [clientSecret, refreshToken])).toHaveLength(2)
  await dialog.getByRole('button', { name: 'Save and connect' }).click()
  await expect(dialog).toContainText('tastytrade is connected')
  await dialog.getByRole('button', { name: 'Close', exact: true }).click()
  await expect(dialog).toBeHidden()
  expect(found(await heapOf(page), [clientSecret, refreshToken])).toEqual([])

  // What was typed and never saved goes with the dialog.
  await page.getByRole('button', { name: 'Connect Interactive Brokers' }).click()
  await dialog.getByRole('button', { name: /^Sandbox/i }).click()
  await dialog.getByRole('button', { name: /^Flex/ }).click()
  await dialog.getByRole('button', { name: 'Agree and go on' }).click()
  await typeInto(dialog.getByLabel('Token', { exact: true }), FLEX_TOKEN)
  await page.keyboard.press('Escape')
  await expect(dialog).toBeHidden()

  await page.getByRole('link', { name: 'Settings' }).click()
  await page.getByRole('button', { name: /^Enter app keys of Charles Schwab/ }).click()
  await typeInto(page.locator('#settings-client-id'), APP_ID)
  await typeInto(page.locator('#settings-client-secret'), CLIENT_SECRET)
  await dialog.getByRole('button', { name: 'Save' }).click()
  await expect(dialog).toBeHidden()

  await typeInto(page.locator('#mail-host'), 'localhost')
  await typeInto(page.locator('#mail-from'), 'me@example.com')
  await typeInto(page.locator('#mail-to'), 'you@example.com')
  await typeInto(page.locator('#mail-password'), MAIL_PASSWORD)
  await page
    .locator('form', { has: page.locator('#mail-password') })
    .getByRole('button', { name: 'Save' })
    .click()
  await expect(page.getByText('E-mail settings saved')).toBeVisible()

  await page.getByRole('button', { name: 'Set a lock' }).click()
  await typeInto(page.locator('#lock-new'), LOCK_PASSPHRASE)
  await typeInto(page.locator('#lock-again'), LOCK_PASSPHRASE)
  // Straight from the field, which has the focus as it goes.
  await page.keyboard.press('Enter')
  await expect(dialog).toBeHidden()
  await expect(page.getByText('The app lock is set')).toBeVisible()
  expect(found(await heapOf(page), [LOCK_PASSPHRASE])).toEqual([])

  await page.getByRole('button', { name: 'Change passphrase' }).click()
  await typeInto(page.locator('#vault-current'), VAULT_PASSPHRASE)
  await typeInto(page.locator('#vault-new'), NEW_VAULT_PASSPHRASE)
  await typeInto(page.locator('#vault-again'), NEW_VAULT_PASSPHRASE)
  await dialog.getByRole('button', { name: 'Change it' }).click()
  await expect(dialog).toBeHidden()

  await page.keyboard.press('Control+Shift+L')
  await expect(page.getByRole('heading', { name: 'Keelson is locked' })).toBeVisible()
  await typeInto(page.locator('#lock-passphrase'), WRONG_PASSPHRASE)
  await page.keyboard.press('Enter')
  await expect(page.getByRole('alert')).toBeVisible()
  await expect(page.getByRole('button', { name: 'Unlock' })).toHaveText('Unlock')
  await typeInto(page.locator('#lock-passphrase'), LOCK_PASSPHRASE)
  await page.keyboard.press('Enter')
  await expect(page.getByRole('heading', { name: 'Keelson is locked' })).toBeHidden()

  await page.getByRole('link', { name: 'Overview' }).click()
  await expect(page.getByRole('article', { name: 'tastytrade, sandbox' })).toContainText(/Synced/, FIRST_SYNC)
  const heap = await heapOf(page)
  expect(heap).toContain('tastytrade, sandbox')
  const typed = [
    clientSecret,
    refreshToken,
    FLEX_TOKEN,
    CLIENT_SECRET,
    MAIL_PASSWORD,
    LOCK_PASSPHRASE,
    WRONG_PASSPHRASE,
    VAULT_PASSPHRASE,
    NEW_VAULT_PASSPHRASE,
  ]
  expect(found(heap, typed)).toEqual([])

  await page.goto('about:blank')
  await host.stop()
  const sealed = await sealedIn(host.dataDir)
  expect(sealed).toContain(CLIENT_SECRET)
  expect(sealed).toContain(MAIL_PASSWORD)
  const tokens = sealed.filter(secret => secret !== APP_ID && !typed.some(one => secret.includes(one)))
  expect(tokens.length).toBeGreaterThanOrEqual(2)
  expect(found(heap, tokens)).toEqual([])
  expect(found(wire.told.join('\n'), [...tokens, ...typed])).toEqual([])
  expect(found(wire.asked.join('\n'), tokens)).toEqual([])
  expect(wire.told.join('\n')).toContain('tastytrade')
  expect(host.output()).not.toContain('CANARY')
  expect(complaints).toEqual([])
})
