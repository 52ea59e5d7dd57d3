import { readFileSync } from 'node:fs'
import path from 'node:path'
import { expect } from 'playwright/test'
import { test } from './fixtures.ts'
import { holdingProxy } from './holding-proxy.ts'
import { ask, explore } from './steps.ts'

test('quitting in the middle of a refresh loses no token: the new one is kept before the app ends', async ({ launch, sandbox }) => {
  // The broker takes a refresh token once only: one that is lost is a sign-in that is lost.
  sandbox.control('schwab').rotation('strict')
  const proxy = await holdingProxy(sandbox.urls.schwab, /\/oauth\/token$/)
  const env = { KEELSON_SANDBOX_SCHWAB_URL: proxy.url }
  try {
    const desktop = await launch({ env })
    const page = await desktop.window()
    await explore(page, 'schwab', 'Charles Schwab')
    sandbox.control('schwab').expireAccessTokens()
    proxy.hold()
    await page.getByRole('button', { name: 'Sync Charles Schwab now' }).click()
    await proxy.held
    const ended = desktop.quit()
    await expect.poll(() => desktop.windows().catch(() => 0)).toBe(0)
    proxy.release()
    expect(await ended).toBe(0)

    const again = await launch({ env })
    const next = await again.window()
    const [connection] = await ask(next, 'connections.list', {})
    expect(connection?.state.kind).toBe('connected')
    await next.getByRole('button', { name: 'Sync Charles Schwab now' }).click()
    await expect(next.getByRole('article', { name: 'Charles Schwab, sandbox' })).toContainText(/Synced/)
    expect((await ask(next, 'connections.list', {}))[0]?.state.kind).toBe('connected')
  } finally {
    await proxy.close()
  }
})

test.describe('quitting while the app still starts', () => {
  const marks = (dataDir: string): string => readFileSync(path.join(dataDir, 'desktop/desktop.json'), 'utf8')

  test('ends it in order, and is no unexpected end', async ({ launch, dataDir }) => {
    const desktop = await launch()
    expect(await desktop.quit()).toBe(0)
    const again = await launch({ args: ['--hidden'] })
    await expect.poll(() => again.tray.items()).not.toEqual([])
    expect(await again.quit()).toBe(0)
    expect(JSON.parse(marks(dataDir))).toMatchObject({ crashes: { running: null, ends: [] } })
  })

  test('also by a signal, as at the end of a session', async ({ launch, dataDir }) => {
    test.skip(process.platform === 'win32', 'there are no signals')
    const desktop = await launch()
    await desktop.window()
    process.kill(desktop.pid, 'SIGTERM')
    expect(await desktop.exited).toBe(0)
    expect(JSON.parse(marks(dataDir))).toMatchObject({ crashes: { running: null, ends: [] } })
  })
})
