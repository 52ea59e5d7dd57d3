import { execFileSync } from 'node:child_process'
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { expect, type Page } from 'playwright/test'
import { type Feed, openFeed, publish, type Release, type UpdateKey, updateKey } from '../shell/support/update-feed.ts'
import { test as base } from './fixtures.ts'
import { isRealElectron } from './launch.ts'

const DAY_MS = 86_400_000

interface Keyed {
  readonly folder: string
  readonly key: UpdateKey
}

interface Installed {
  readonly feed: Feed
  readonly key: UpdateKey
  /** The AppImage the app believes to have come from. */
  readonly file: string
  readonly release: Release
  readonly options: { readonly app: string; readonly isPackaged: true; readonly env: NodeJS.ProcessEnv }
  ran(): string
}

const program = (log: string, name: string): Buffer => Buffer.from(`#!/bin/sh\necho ${name} >> "${log}"\n`)

/** The built app with a public key in it, and a feed to look in. */
const test = base.extend<{ installed: Installed }, { keyed: Keyed }>({
  keyed: [
    // oxlint-disable-next-line no-empty-pattern
    async ({}, provide) => {
      const folder = mkdtempSync(path.join(tmpdir(), 'keelson-keyed-'))
      const key = updateKey()
      const publicFile = path.join(folder, 'update-key.pub')
      writeFileSync(publicFile, key.pem)
      execFileSync(process.execPath, [path.join(import.meta.dirname, 'keyed-app.ts'), path.join(folder, 'resources/app')], {
        env: { ...process.env, KEELSON_UPDATE_PUBLIC_KEY_FILE: publicFile },
        stdio: 'inherit',
      })
      await provide({ folder, key })
      rmSync(folder, { recursive: true, force: true })
    },
    { scope: 'worker', timeout: 120_000 },
  ],
  installed: async ({ keyed: { folder, key }, dataDir }, provide) => {
    const feed = await openFeed()
    const log = path.join(dataDir, 'ran.txt')
    const file = path.join(dataDir, 'bin/Keelson.AppImage')
    mkdirSync(path.dirname(file))
    writeFileSync(file, program(log, 'old'))
    chmodSync(file, 0o755)
    writeFileSync(path.join(dataDir, 'feed.pem'), feed.ca)
    writeFileSync(
      path.join(folder, 'resources/app-update.yml'),
      `provider: generic\nurl: ${feed.url}\nupdaterCacheDirName: keelson-updater\n`,
    )
    const at = (ms: number): string => new Date(Date.now() + ms).toISOString()
    const release: Release = {
      version: '99.1.0',
      bytes: program(log, 'new'),
      file: 'Keelson-99.1.0.AppImage',
      name: process.arch === 'x64' ? 'latest-linux.yml' : `latest-linux-${process.arch}.yml`,
      signed: at(-DAY_MS),
      expires: at(DAY_MS),
      more: ["releaseNotes: '<b>Faster</b> syncs<img src=x onerror=alert(1)>'"],
    }
    const env = { APPIMAGE: file, APPDIR: path.dirname(process.execPath), NODE_EXTRA_CA_CERTS: path.join(dataDir, 'feed.pem') }
    await provide({
      feed,
      key,
      file,
      release,
      ran: () => (existsSync(log) ? readFileSync(log, 'utf8') : ''),
      options: { app: path.join(folder, 'resources/app'), isPackaged: true, env },
    })
    await feed.close()
  },
})

test.skip(
  isRealElectron || process.platform !== 'linux',
  'a packaged app of Linux, with a feed whose certificate only the stand-in can be told to trust',
)
// They share what they have built.
test.describe.configure({ mode: 'serial' })

async function lookFor(page: Page): Promise<void> {
  await page.evaluate(() => void (window.location.hash = '#/settings'))
  await page.getByRole('region', { name: 'Updates', exact: true }).getByRole('button', { name: 'Check now' }).click()
}

test('an update in a feed is found, told in the window, and installed with one click', async ({ installed, launch }) => {
  publish(installed.feed, installed.release, installed.key)
  const desktop = await launch(installed.options)
  const page = await desktop.window()
  await lookFor(page)
  const banner = page.getByRole('region', { name: 'From Keelson itself' })
  await expect(banner).toContainText('Keelson 99.1.0 is ready.')
  await banner.getByRole('button', { name: 'What’s new' }).click()
  const dialog = page.getByRole('dialog')
  await expect(dialog).toContainText('What is new in Keelson 99.1.0')
  await expect(dialog.locator('.news')).toHaveText('Faster syncs')
  await expect(dialog.locator('.news img')).toHaveCount(0)
  await page.keyboard.press('Escape')
  expect(installed.ran()).toBe('')

  await banner.getByRole('button', { name: 'Restart now' }).click()
  expect(await desktop.exited).toBe(0)
  await expect.poll(installed.ran).toBe('new\n')
  expect(readFileSync(installed.file)).toEqual(installed.release.bytes)
  const again = await launch(installed.options)
  await expect((await again.window()).getByRole('button', { name: 'Explore with sandbox brokers' })).toBeVisible()
})

test('a forged update is refused in words, and the app goes on', async ({ installed, launch }) => {
  const before = readFileSync(installed.file)
  publish(installed.feed, installed.release, updateKey())
  const desktop = await launch(installed.options)
  const page = await desktop.window()
  await lookFor(page)
  await expect(page.getByRole('region', { name: 'From Keelson itself' })).toContainText('What the feed offers as an update was not signed')
  expect(installed.feed.asked).not.toContain(installed.release.file)
  expect(await desktop.quit()).toBe(0)
  expect(readFileSync(installed.file)).toEqual(before)
  expect(installed.ran()).toBe('')
})
