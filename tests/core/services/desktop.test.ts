import { describe, expect, test } from 'vitest'
import type { Desktop } from '../../../electron/core/ports.ts'
import type { DesktopStatus } from '../../../shared/contract/desktop.ts'
import { AppError } from '../../../shared/contract/errors.ts'
import { testCore } from '../../support/test-core.ts'

const STATUS: DesktopStatus = {
  here: true,
  platform: 'linux',
  settings: { onClose: 'ask', startAtLogin: false, shortcut: null, checkForUpdates: true },
  can: { tray: true, startAtLogin: true, shortcut: true, notifications: true },
  safeMode: null,
  update: { state: 'idle', version: null, notes: '', progress: null, checkedAt: null, trouble: null },
  versions: [{ name: 'Keelson', version: '1.2.3' }],
}

function host() {
  const listeners = new Set<() => void>()
  const desktop: Desktop = {
    status: () => STATUS,
    set: ({ onClose }) => Promise.resolve({ ...STATUS, settings: { ...STATUS.settings, onClose: onClose ?? 'ask' } }),
    onChange(run) {
      listeners.add(run)
      return () => void listeners.delete(run)
    },
    saveFile: ({ name }) => Promise.resolve({ saved: name }),
    openFiles: () => Promise.resolve([{ name: 'a.csv', bytes: Uint8Array.from([0, 255, 10]) }]),
    showDataFolder: () => Promise.resolve(),
    checkForUpdates: () => Promise.resolve(STATUS.update),
    installUpdate: () => Promise.reject(new AppError('desktop/no-update')),
    restart: () => Promise.resolve(),
  }
  return { desktop, listeners }
}

describe('What a window asks of the desktop', () => {
  test('is done by the host, and its errors come through', async () => {
    const { desktop } = host()
    await using app = await testCore({ ports: { desktop } })
    expect(await app.call('desktop.set', { onClose: 'tray' })).toMatchObject({ settings: { onClose: 'tray' } })
    expect(await app.call('desktop.saveFile', { name: 'a.csv', text: '' })).toEqual({ saved: 'a.csv' })
    expect(await app.call('desktop.openFiles', {})).toEqual({ files: [{ name: 'a.csv', base64: 'AP8K' }] })
    await expect(app.call('updates.install', {})).rejects.toMatchObject({ view: { code: 'desktop/no-update' } })
  })

  test('names the database among the parts of this copy, which only the core knows', async () => {
    await using app = await testCore({ ports: { desktop: host().desktop } })
    expect((await app.call('desktop.status', {})).versions).toEqual([
      { name: 'Keelson', version: '1.2.3' },
      { name: 'SQLite', version: expect.stringMatching(/^3\.\d+\.\d+$/) as unknown },
    ])
  })

  test('is announced when it changes by itself, until the core is closed', async () => {
    const { desktop, listeners } = host()
    const app = await testCore({ ports: { desktop } })
    for (const listener of listeners) listener()
    expect(app.events.map(({ type }) => type)).toContain('desktop.changed')
    await app[Symbol.asyncDispose]()
    expect(listeners.size).toBe(0)
  })

  test('does not exist in a browser, and the status says so', async () => {
    await using app = await testCore()
    expect(await app.call('desktop.status', {})).toMatchObject({ here: false, versions: [] })
    for (const route of ['desktop.openFiles', 'desktop.showDataFolder', 'desktop.restart', 'updates.check', 'updates.install'] as const)
      await expect(app.call(route, {})).rejects.toMatchObject({ view: { code: 'desktop/not-here' } })
  })
})
