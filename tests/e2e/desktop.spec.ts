import { readFile } from 'node:fs/promises'
import { expect, type Page } from 'playwright/test'
import { doubleDesktop, update } from './desktop-double.ts'
import { exploreOnly, FIRST_SYNC } from './explore.ts'
import { test } from './host.ts'
import { expectSound } from './sound.ts'

test.use({ rows: 'some' })

// Its tests need nothing of each other.
test.describe.configure({ mode: 'parallel' })

const PASSPHRASE = 'quiet harbour'
const NOTES = '# Trading\n- Fractional exits show the whole position.\n- <img src=x onerror=alert(1)> is text.'
const REFUSED = {
  code: 'update/wrong-signature',
  message: 'What the feed offers as an update was not signed by the makers of this Keelson. Nothing was downloaded.',
  action: 'Do not install it by hand either; tell whoever gave you Keelson.',
}
const LOOKS = [
  { colorScheme: 'light', width: 1280, height: 800 },
  { colorScheme: 'dark', width: 800, height: 600 },
  { colorScheme: 'light', width: 640, height: 480 },
] as const

async function explore(page: Page, link: string): Promise<string> {
  await page.emulateMedia({ reducedMotion: 'reduce' })
  await page.goto(link)
  await exploreOnly(page, ['alpaca', 'schwab'])
  const card = page.getByRole('article', { name: 'Charles Schwab, sandbox' })
  await expect(card).toContainText(/Synced/, FIRST_SYNC)
  return (await card.getAttribute('data-connection')) ?? ''
}

/** The same in both themes and at the sizes a window may have. */
async function expectSoundEverywhere(page: Page, where: string): Promise<void> {
  for (const { colorScheme, ...size } of LOOKS) {
    await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' })
    await page.setViewportSize(size)
    await expectSound(page, `${where}, ${colorScheme}, at ${size.width}`)
  }
  await page.setViewportSize({ width: 1280, height: 800 })
}

const goTo = (page: Page, hash: string) => page.evaluate(next => void (window.location.hash = next), hash)
const computer = (page: Page) => page.getByRole('region', { name: 'This computer', exact: true })

test('an address opens what it names beside its page, each time anew, and nothing of a desktop is shown in a browser', async ({ page, host, complaints }) => {
  await page.route('**/licences.json', route =>
    route.fulfill({ json: { packages: [{ name: 'zod', version: '4.6.7', licence: 'MIT', text: 'Copyright of zod' }, { name: 'ws', version: '8.23.0', licence: 'MIT', text: '' }] } }))
  const schwab = await explore(page, host.link)
  const dialog = page.getByRole('dialog')
  for (let time = 0; time < 2; time += 1) {
    await goTo(page, `#/brokers?connection=${schwab}&act=reconnect`)
    await expect(dialog).toContainText('Sign in to Charles Schwab again')
    await expect(page.getByRole('heading', { level: 1, name: 'Brokers', includeHidden: true })).toBeAttached()
    expect(new URL(page.url()).hash).toBe('#/brokers')
    await page.keyboard.press('Escape')
    await expect(dialog).toBeHidden()
  }
  await goTo(page, '#/brokers?connection=con_gone&act=reconnect')
  await expect(page.getByText('This connection is gone')).toBeVisible()
  await goTo(page, '#/overview?act=notices')
  await expect(page.getByRole('dialog', { name: 'Notices' })).toBeVisible()
  await page.keyboard.press('Escape')
  await goTo(page, `#/overview?connection=${schwab}`)
  await expect(page.getByRole('article', { name: 'Charles Schwab, sandbox' })).toBeFocused()
  await goTo(page, '#/history?act=export')
  await expect(page.getByRole('button', { name: 'Export CSV' })).toBeFocused()
  await goTo(page, '#/settings?act=update')
  await expect(dialog).toContainText('This window is shown by a browser.')
  await page.keyboard.press('Escape')
  await expect(computer(page)).toBeHidden()

  await page.getByRole('button', { name: 'Versions and licences' }).click()
  await expect(dialog).toContainText('Keelson 0.1.0')
  await dialog.getByText('Keelson is free software under the MIT licence').click()
  await expect(dialog).toContainText('THE SOFTWARE IS PROVIDED "AS IS"')
  await dialog.getByText('zod', { exact: true }).click()
  await expect(dialog).toContainText('Copyright of zod')
  await expectSound(page, 'about')
  await dialog.getByLabel('2 packages').fill('ws')
  await expect(dialog.getByText('zod', { exact: true })).toBeHidden()
  await dialog.getByLabel('2 packages').fill('nothing like it')
  await expect(dialog).toContainText('None has this in its name or licence.')
  expect(complaints).toEqual([])
})

test('what is asked for behind the lock opens when it is unlocked', async ({ page, host }) => {
  const schwab = await explore(page, host.link)
  await page.getByRole('link', { name: 'Settings' }).click()
  await page.getByRole('button', { name: 'Set a lock' }).click()
  const dialog = page.getByRole('dialog')
  await dialog.getByLabel('Passphrase', { exact: true }).fill(PASSPHRASE)
  await dialog.getByLabel('The same again', { exact: true }).fill(PASSPHRASE)
  await dialog.getByRole('button', { name: 'Save' }).click()
  await expect(page.getByText('The app lock is set')).toBeVisible()
  await page.keyboard.press('Control+Shift+L')
  await expect(page.getByRole('heading', { name: 'Keelson is locked' })).toBeVisible()
  await goTo(page, `#/brokers?connection=${schwab}&act=reconnect`)
  await page.reload()
  await expect(page.getByRole('heading', { name: 'Keelson is locked' })).toBeVisible()
  await expect(dialog).toBeHidden()
  await page.getByLabel('Passphrase', { exact: true }).fill(PASSPHRASE)
  await page.keyboard.press('Enter')
  await expect(dialog).toContainText('Sign in to Charles Schwab again')
  expect(new URL(page.url()).hash).toBe('#/brokers')
})

test('the settings of this computer are changed one by one, by keyboard too, and each failure is said where it happened', async ({ page, host, complaints }) => {
  const desktop = await doubleDesktop(page)
  await page.emulateMedia({ reducedMotion: 'reduce' })
  await page.goto(`${host.link}`)
  await page.getByRole('link', { name: 'Settings' }).click()
  const section = computer(page)
  await section.getByRole('radio', { name: 'Ask' }).focus()
  await page.keyboard.press('ArrowRight')
  await expect(section.getByRole('radio', { name: 'Stay in the tray' })).toBeChecked()
  await expect(section).toContainText('Syncing and renewals go on without a window.')
  desktop.refuse('desktop.set', 'desktop/login-refused', { reason: 'it is off in the system' })
  await section.getByLabel('Start when you sign in').click()
  await expect(section.getByRole('alert')).toContainText('The system did not let Keelson start by itself')
  await expect(section.getByLabel('Start when you sign in')).not.toBeChecked()
  await expectSoundEverywhere(page, 'a refused start')

  desktop.refuse('desktop.set', 'desktop/shortcut-taken', { keys: 'CommandOrControl+Alt+K' })
  await section.getByRole('button', { name: 'Set keys' }).focus()
  await page.keyboard.press('Enter')
  await expect(section.getByRole('button', { name: 'Press the keys now' })).toBeFocused()
  await page.keyboard.press('Control+k')
  await expect(section).toContainText('Hold two keys such as Ctrl Alt K')
  await page.keyboard.press('Control+Alt+k')
  await expect(section.getByRole('alert')).toContainText('The keys Ctrl Alt K cannot be used')
  await expect(section.getByRole('alert')).toContainText('desktop/shortcut-taken')
  await expect(section.getByRole('button', { name: 'Set keys' })).toBeFocused()
  desktop.refuse('desktop.set', null)
  await page.keyboard.press('Enter')
  await page.keyboard.press('Control+Alt+j')
  await expect(section.getByText('Control Alt J').or(section.getByText('Ctrl Alt J'))).toBeAttached()
  await expect(section.getByRole('alert')).toBeHidden()
  await section.getByRole('button', { name: 'Change' }).click()
  await page.keyboard.press('Escape')
  await expect(section.getByRole('button', { name: 'Change' })).toBeFocused()
  await section.getByRole('button', { name: 'Take the keys away' }).click()
  await expect(section).toContainText('None')
  await section.getByRole('button', { name: 'Show the data folder' }).click()
  await expect.poll(() => desktop.asked.map(({ route }) => route)).toContain('desktop.showDataFolder')
  expect(desktop.status().settings).toEqual({ onClose: 'tray', startAtLogin: false, shortcut: null, checkForUpdates: true })

  desktop.become({ can: { tray: false, startAtLogin: false, shortcut: false, notifications: false } })
  await expect(section).toContainText('This desktop has no tray, so the window is only made small.')
  await expect(section).toContainText('none can be set here')
  await expectSoundEverywhere(page, 'a desktop that can do little')
  desktop.become({ platform: 'macos', can: { tray: true, startAtLogin: true, shortcut: true, notifications: true } })
  await expect(section.getByRole('radio', { name: 'Stay in the menu bar' })).toBeVisible()
  expect(complaints).toEqual([])
})

test('an update is told as it stands on every page, and restarts only when asked', async ({ page, host, complaints }) => {
  const desktop = await doubleDesktop(page)
  await page.emulateMedia({ reducedMotion: 'reduce' })
  await page.goto(host.link)
  await page.getByRole('link', { name: 'Settings' }).click()
  const section = computer(page).getByRole('region', { name: 'Updates' })
  await expect(section).toContainText('Not looked yet.')
  await section.getByRole('button', { name: 'Check now' }).click()
  await expect.poll(() => desktop.asked.map(({ route }) => route)).toContain('updates.check')
  desktop.become({ update: update({ state: 'downloading', version: '0.2.0', progress: 0.42, notes: NOTES }) })
  await expect(section.getByRole('progressbar', { name: 'Download' })).toHaveAttribute('value', '0.42')
  await expectSoundEverywhere(page, 'a download')
  desktop.become({ update: update({ state: 'ready', version: '0.2.0', notes: NOTES }) })
  await expect(section.getByRole('button', { name: 'Restart to update' })).toBeVisible()
  await goTo(page, '#/import')
  const banner = page.getByRole('region', { name: 'From Keelson itself' })
  await expect(banner).toContainText('Keelson 0.2.0 is ready.')
  await expectSoundEverywhere(page, 'an update that waits')
  await banner.getByRole('button', { name: 'What’s new' }).click()
  const dialog = page.getByRole('dialog', { name: 'What is new in Keelson 0.2.0' })
  await expect(dialog).toContainText('<img src=x onerror=alert(1)> is text.')
  await expectSoundEverywhere(page, 'what is new')
  await dialog.getByRole('button', { name: 'Later' }).click()
  desktop.refuse('updates.install', 'update/install-failed')
  await banner.getByRole('button', { name: 'Restart now' }).click()
  await expect(banner.getByRole('alert')).toContainText('The update could not be installed.')
  desktop.refuse('updates.install', null)
  await banner.getByRole('button', { name: 'Restart now' }).click()
  await expect(banner.getByRole('button', { name: 'Restarting' })).toBeVisible()
  await page.reload()
  await banner.getByRole('button', { name: 'Later' }).click()
  await expect(banner).toBeHidden()

  desktop.become({ update: update({ state: 'refused', version: '0.2.1', trouble: REFUSED }) })
  await expect(banner).toContainText('Keelson 0.2.1 was not installed.')
  await expect(banner).toContainText('update/wrong-signature')
  await expectSoundEverywhere(page, 'a refused update')
  desktop.become({ update: update({ state: 'failed', trouble: { code: 'update/unreachable', message: 'Keelson could not ask.', action: 'Check the network.' } }) })
  await expect(banner).toBeHidden()
  await goTo(page, '#/settings')
  await expect(section.getByRole('alert')).toContainText('update/unreachable')
  desktop.become({ update: update({ state: 'off', trouble: { code: 'update/package-manager', message: 'Your package manager brings updates of Keelson.', action: 'Update it as you update the system.' } }) })
  await expect(section).toContainText('Your package manager brings updates')
  await expect(section.getByRole('button')).toHaveCount(0)
  expect(complaints).toEqual([])
})

test('safe mode says what is off, copies diagnostics and starts as usual', async ({ page, host, context }) => {
  await context.grantPermissions(['clipboard-write'])
  const desktop = await doubleDesktop(page, { safeMode: { crashes: 3 } })
  await page.emulateMedia({ reducedMotion: 'reduce' })
  await explore(page, host.link)
  const banner = page.getByRole('region', { name: 'From Keelson itself' })
  await expect(banner).toContainText('It ended unexpectedly 3 times')
  await expectSoundEverywhere(page, 'safe mode')
  await banner.getByRole('button', { name: 'Copy diagnostics' }).click()
  await expect(page.getByText('Diagnostics copied')).toBeVisible()
  await page.keyboard.press('Control+k')
  await expect(page.getByRole('combobox')).toBeFocused()
  await page.keyboard.press('Control+v')
  await expect(page.getByRole('combobox')).toHaveValue(/"version"/)
  await page.getByRole('combobox').clear()
  await page.keyboard.type('safe mode')
  await expect(page.getByRole('option', { name: /Start as usual/ })).toBeVisible()
  await page.keyboard.press('Escape')
  await goTo(page, '#/settings')
  await expect(page.getByRole('region', { name: 'Background sync' })).toContainText('Nothing syncs by itself in safe mode.')
  await expect(page.getByRole('button', { name: 'Pause background sync' })).toHaveCount(0)
  await banner.getByRole('button', { name: 'Start as usual' }).click()
  await expect.poll(() => desktop.asked.map(({ route }) => route)).toContain('desktop.restart')
})

test('files are saved and chosen by the dialogs of the system', async ({ page, host, complaints }) => {
  const desktop = await doubleDesktop(page)
  await explore(page, host.link)
  await goTo(page, '#/history')
  const exporting = page.getByRole('button', { name: 'Export CSV' })
  desktop.answer('desktop.saveFile', { saved: 'mine.csv' })
  await exporting.click()
  await expect(page.getByText(/written to mine\.csv/)).toBeVisible()
  const saved = desktop.asked.find(({ route }) => route === 'desktop.saveFile')
  expect(JSON.stringify(saved?.input)).toMatch(/keelson-history-\d{4}-\d\d-\d\d\.csv/)
  desktop.refuse('desktop.saveFile', 'desktop/save-failed', { reason: 'the disk is full' })
  await exporting.click()
  await expect(page.getByText('The file could not be saved: the disk is full.')).toBeVisible()
  await goTo(page, '#/health?act=diagnostics')
  const dialog = page.getByRole('dialog', { name: 'Diagnostics' })
  await dialog.getByRole('button', { name: 'Save this file' }).click()
  await expect(dialog.getByRole('alert')).toContainText('desktop/save-failed')
  await page.keyboard.press('Escape')

  await goTo(page, '#/import')
  const csv = await readFile(new URL('../fixtures/schwab/history.csv', import.meta.url)).catch(() => Buffer.from('Date,Action\n'))
  desktop.answer('desktop.openFiles', { files: [{ name: 'old.csv', base64: csv.toString('base64') }, { name: 'older.csv', base64: '' }] })
  await page.getByLabel('File to import').click()
  await expect(page.getByText('old.csv', { exact: true })).toBeVisible()
  await expect(page.getByText('One file at a time: choose the other 1 file after it.')).toBeVisible()
  desktop.refuse('desktop.openFiles', 'desktop/read-failed', { file: 'old.csv', reason: 'it is gone' })
  await page.getByLabel('File to import').focus()
  await page.keyboard.press('Enter')
  await expect(page.getByText('old.csv cannot be read: it is gone. Nothing was imported.')).toBeVisible()
  await expectSound(page, 'a file that cannot be read')
  expect(complaints).toEqual([])
})
