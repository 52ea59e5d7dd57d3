import path from 'node:path'
import { expect, type Page } from 'playwright/test'
import { test } from './host.ts'
import { expectSound } from './sound.ts'

test.use({ rows: 'some' })

const fixtures = path.resolve(import.meta.dirname, '../fixtures/imports')
const rowsOf = (page: Page) => page.getByRole('table', { name: 'Rows of the file' }).getByRole('row')

async function choose(page: Page, file: string | { name: string; mimeType: string; buffer: Buffer }): Promise<void> {
  await page.getByLabel('File to import').setInputFiles(typeof file === 'string' ? path.join(fixtures, file) : file)
  await page.getByLabel('Broker it came from').selectOption({ label: 'Charles Schwab' })
}

const look = (page: Page) => page.getByRole('button', { name: 'Look at what it would do' }).click()

async function nameAccount(page: Page): Promise<void> {
  await page.getByLabel('Name of the new account').fill('Old margin')
  await page.getByLabel('Account number').fill('1234-5678')
}

test('a file is looked at row by row, imported, found there the second time, and taken back', async ({ page, host, complaints }) => {
  await page.emulateMedia({ reducedMotion: 'reduce' })
  await page.goto(host.link)
  // Keys pressed before there is a screen are heard by nobody.
  await expect(page.getByRole('button', { name: 'Explore with sandbox brokers' })).toBeVisible()
  await page.keyboard.press('g')
  await page.keyboard.press('i')
  await choose(page, 'schwab.csv')
  await look(page)
  await expect(page.getByLabel('Name of the new account')).toBeFocused()
  await expect(page.getByLabel('Name of the new account')).toHaveAccessibleDescription(/Give the new account a name\./)
  await nameAccount(page)
  await look(page)
  const preview = page.getByRole('region', { name: 'Preview of the import' })
  await expect(preview).toContainText('Nothing is imported yet')
  await expect(preview.getByRole('list', { name: 'Unknown columns' })).toContainText('Region')
  await expectSound(page, 'preview')
  await preview.getByRole('button', { name: /^Unknown/ }).click()
  await expect(rowsOf(page).filter({ hasText: 'Moon Credit' })).toHaveCount(1)
  await preview.getByRole('button', { name: /^All/ }).click()
  const importButton = preview.getByRole('button', { name: /^Import \d+ rows$/ })
  const count = /\d+/.exec(await importButton.innerText())?.[0] ?? ''
  await importButton.click()
  await expect(page.getByText(`${count} rows imported.`)).toBeVisible()
  await expectSound(page, 'result of an import')
  await page.getByRole('button', { name: 'See the history' }).click()
  await expect(page.getByText(`${count} matches`)).toBeVisible()
  await page.goto(`${host.url}/#/overview`)
  const card = page.getByRole('article', { name: 'Charles Schwab, live' })
  await expect(card).toContainText('From files')
  await expect(card).toContainText('Old margin')

  await page.goto(`${host.url}/#/import`)
  await page.getByRole('button', { name: 'Import another file' }).click()
  await choose(page, 'schwab.csv')
  await page.getByLabel('Account it belongs to').selectOption({ index: 0 })
  await look(page)
  await expect(preview).toContainText('imported before')
  await expect(preview.getByRole('button', { name: `Already there ${count}` })).toBeVisible()
  await expect(preview.getByRole('button', { name: 'Nothing to import' })).toBeDisabled()
  await preview.getByRole('button', { name: 'Discard' }).click()

  await page.getByRole('button', { name: 'Undo the import of schwab.csv' }).click()
  await expect(page.getByRole('dialog')).toContainText('Undo this import?')
  await expectSound(page, 'undo')
  await page.getByRole('dialog').getByRole('button', { name: 'Undo the import' }).click()
  await expect(page.getByText('Undone', { exact: true })).toBeVisible()
  await page.goto(`${host.url}/#/history`)
  await expect(rowsOf(page)).toHaveCount(0)
  expect(complaints).toEqual([])
})

test('a broken file imports nothing and says where it broke', async ({ page, host }) => {
  await page.goto(host.link)
  await page.goto(`${host.url}/#/import`)
  const broken = '"Date","Action","Symbol","Description","Quantity","Price","Fees & Comm","Amount"\n"03/12/2026","Buy","KO","COCA COLA","10","sixty","",""\n'
  await choose(page, { name: 'broken.csv', mimeType: 'text/csv', buffer: Buffer.from(broken) })
  await nameAccount(page)
  await look(page)
  await expect(page.getByRole('alert')).toContainText('The file breaks at line 2')
  await expect(page.getByRole('alert')).toContainText('Nothing was imported')
  await expect(page.getByText('Nothing imported yet')).toBeVisible()
  await expectSound(page, 'a broken file')
})

test('a file that names another account waits for a yes', async ({ page, host }) => {
  await page.goto(host.link)
  await page.goto(`${host.url}/#/import`)
  await choose(page, 'statement.ofx')
  await nameAccount(page)
  await page.getByLabel('Account number').fill('8765-4321')
  await look(page)
  const preview = page.getByRole('region', { name: 'Preview of the import' })
  const importButton = preview.getByRole('button', { name: /^Import \d+ rows$/ })
  await expect(importButton).toBeDisabled()
  await preview.getByRole('checkbox', { name: /^The file names another account/ }).check()
  await expectSound(page, 'a file of another account')
  await importButton.click()
  await expect(page.getByText('4 rows imported.')).toBeVisible()
  await expect(page.getByRole('button', { name: 'Undo the import of statement.ofx' })).toHaveCount(1)
})
