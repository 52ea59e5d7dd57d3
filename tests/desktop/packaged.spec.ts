import { expect } from 'playwright/test'
import { packagedApp } from '../packaging/packaged-app.ts'
import { test } from './fixtures.ts'
import { isRealElectron } from './launch.ts'
import { explore, toTray } from './steps.ts'

test.skip(isRealElectron || process.platform !== 'linux', 'the fuses of a packaged app keep tests out of it')

test('what is packed into app.asar runs by itself: window, database, threads, tray and an end in order', async ({ launch }) => {
  test.setTimeout(180_000)
  const { extracted } = packagedApp('linux', process.arch === 'arm64' ? 'arm64' : 'x64')
  const desktop = await launch({ app: extracted, isPackaged: true })
  const page = await desktop.window()
  await explore(page, 'alpaca', 'Alpaca')
  expect(await desktop.evaluate(({ app }) => [app.isPackaged, app.getAppPath()])).toEqual([true, extracted])
  await toTray(desktop)
  await desktop.tray.press()
  await expect((await desktop.window()).getByRole('article', { name: 'Alpaca, sandbox' })).toContainText(/Synced/)
  expect(await desktop.quit()).toBe(0)
})
