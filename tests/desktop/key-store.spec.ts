import { expect } from 'playwright/test'
import type { StandinOptions } from '../standin/options.ts'
import { test } from './fixtures.ts'
import { isRealElectron } from './launch.ts'
import { ask, explore } from './steps.ts'

test.skip(isRealElectron, 'a real key store cannot be told to fail')

type Storage = NonNullable<StandinOptions['storage']>

/** How a store can stand in the way, and what is said then. */
const TROUBLES: readonly (readonly [Storage, string])[] = [
  [{ state: 'locked' }, 'vault/store-locked'],
  [{ state: 'denied' }, 'vault/store-denied'],
  [{ state: 'busy' }, 'vault/store-busy'],
  [{ state: 'missing' }, 'vault/store-missing'],
  [{ state: 'slow' }, 'vault/store-slow'],
  [{ backend: 'portal' }, 'vault/backend-changed'],
  [{ backend: 'basic_text' }, 'vault/store-weak'],
]

test('each way a key store fails has its own sentence and deletes nothing: once it is back, so are the sign-ins', async ({ launch }) => {
  const first = await launch()
  await explore(await first.window(), 'alpaca', 'Alpaca')
  expect(await ask(await first.window(), 'vault.status', {})).toMatchObject({
    state: 'open',
    protection: 'os',
    backend: 'safe-storage-linux/gnome_libsecret/v11',
    trouble: null,
  })
  expect(await first.quit()).toBe(0)

  const said: string[] = []
  for (const [storage] of TROUBLES) {
    const desktop = await launch({ computer: { storage } })
    const page = await desktop.window()
    const code = async (): Promise<string | undefined> => (await ask(page, 'vault.status', {})).trouble?.code
    await expect.poll(code).toMatch(/^vault\//)
    said.push((await code()) ?? '')
    expect(await ask(page, 'connections.list', {})).toHaveLength(1)
    expect(await desktop.quit()).toBe(0)
  }
  expect(said).toEqual(TROUBLES.map(([, code]) => code))

  const back = await launch()
  const page = await back.window()
  await expect.poll(async () => (await ask(page, 'vault.status', {})).state).toBe('open')
  await page.getByRole('button', { name: 'Sync Alpaca now' }).click()
  await expect(page.getByRole('article', { name: 'Alpaca, sandbox' })).toContainText(/Synced .*nothing new/i)
})

test('a store that turns up with the portal guards a new folder with the key of the portal', async ({ launch }) => {
  const desktop = await launch({ computer: { storage: { backend: 'portal' } } })
  const page = await desktop.window()
  await explore(page, 'alpaca', 'Alpaca')
  expect(await ask(page, 'vault.status', {})).toMatchObject({
    state: 'open',
    protection: 'os',
    backend: 'safe-storage-linux/gnome_libsecret/v12',
  })
})
