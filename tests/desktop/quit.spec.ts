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
