import { chmodSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { expect } from 'playwright/test'
import { startElectron } from './electron-host.ts'
import { test } from './fixtures.ts'
import { desktopOver, isRealElectron } from './launch.ts'
import { toTray } from './steps.ts'

test.skip(isRealElectron || process.platform === 'win32', 'every other spec tries it; the stand-in takes the place of the binary here')

test('what drives a real Electron drives the app: window, main process, tray, dialogs, another start and the end', async ({ dataDir }) => {
  const binary = path.join(dataDir, 'electron')
  const script = path.resolve(import.meta.dirname, '../standin/as-electron.ts')
  writeFileSync(binary, `#!/bin/sh\nexec "${process.execPath}" --inspect=0 "${script}" "$@"\n`)
  chmodSync(binary, 0o755)
  const env = { KEELSON_TRAY: 'yes' }
  const desktop = desktopOver(await startElectron(binary, { dataDir, env }), dataDir)
  const overview = async () => expect((await desktop.window()).getByRole('button', { name: 'Explore with sandbox brokers' })).toBeVisible()
  await overview()
  expect(await desktop.evaluate(({ app }, more) => app.getName() + more, '!')).toBe('Keelson!')
  await toTray(desktop)
  await desktop.tray.click('Open Keelson')
  await overview()
  await toTray(desktop)
  expect(await desktop.startAgain([])).toBe(0)
  await overview()
  await expect(desktop.computer(() => 0)).rejects.toThrow('a real computer')
  expect(await desktop.quit()).toBe(0)
})
