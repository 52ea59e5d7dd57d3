import { readFileSync } from 'node:fs'
import { expect } from 'playwright/test'
import { asPackaged } from './as-packaged.ts'
import { test } from './fixtures.ts'
import { isRealElectron } from './launch.ts'

test('its page runs in the sandbox of the system', async ({ launch }) => {
  test.skip(!isRealElectron || process.platform !== 'linux' || process.getuid?.() === 0, 'only Linux says so of a process, and not for its root')
  const desktop = await launch()
  await desktop.window()
  const pid = await desktop.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.webContents.getOSProcessId())
  expect(readFileSync(`/proc/${pid}/status`, 'utf8')).toMatch(/^Seccomp:\s+2$/m)
})

test.describe('an installed copy', () => {
  test.skip(isRealElectron, 'the fuses of a package keep tests out')

  test('does not start without its sandbox', async ({ launch }) => {
    const desktop = await launch({ ...asPackaged(), args: ['--no-sandbox'] })
    expect(await desktop.exited).toBe(1)
    expect(desktop.output()).toContain('Keelson does not run with --no-sandbox')
  })

  test('takes switches off its command line that would open it to others', async ({ launch }) => {
    const desktop = await launch({
      ...asPackaged(),
      args: ['--remote-debugging-port=9222', '--js-flags=--expose-gc', '--host-rules=MAP * evil.example', '--proxy-server=evil.example'],
    })
    await desktop.window()
    expect(
      await desktop.evaluate(({ app }) =>
        ['remote-debugging-port', 'js-flags', 'host-rules', 'proxy-server', 'data-dir'].filter(name => app.commandLine.hasSwitch(name)),
      ),
    ).toEqual(['data-dir'])
  })
})
