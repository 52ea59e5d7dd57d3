import { describe, expect, test } from 'vitest'
import { createDesktop } from '../../electron/shell/desktop.ts'
import { openDesktopFile } from '../../electron/shell/desktop-file.ts'
import { createShortcut, type Shortcuts } from '../../electron/shell/shortcut.ts'
import type { UpdateView } from '../../shared/contract/desktop.ts'
import { AppError } from '../../shared/contract/errors.ts'
import { tempFolder } from '../support/fake-ports.ts'

const IDLE: UpdateView = { state: 'idle', version: null, notes: '', progress: null, checkedAt: null, trouble: null }

/** The system's shortcuts: what others have is not to be had. */
function shortcuts(taken: readonly string[] = []) {
  const held = new Map<string, () => void>()
  const system: Shortcuts = {
    register(keys, run) {
      if (keys.endsWith('Nonsense')) throw new TypeError('conversion failure')
      if (taken.includes(keys)) return false
      held.set(keys, run)
      return true
    },
    unregister: keys => void held.delete(keys),
  }
  return { system, held }
}

describe('the shortcut', () => {
  test('brings the window, and gives the keys before back', () => {
    let presses = 0
    const { system, held } = shortcuts()
    const shortcut = createShortcut(system, () => void (presses += 1))
    shortcut.use('Control+Alt+K')
    shortcut.use('Alt+J')
    held.get('Alt+J')?.()
    expect([[...held.keys()], presses]).toEqual([['Alt+J'], 1])
    shortcut.use(null)
    expect(held.size).toBe(0)
  })

  test.each(['Alt+Taken', 'Alt+Nonsense', 'K', 'Shift+K', 'Enter', 'Alt', '', 'Alt+K; rm', 'Alt+KK+'])('is not %j, and the keys before stay', keys => {
    const { system, held } = shortcuts(['Alt+Taken'])
    const shortcut = createShortcut(system, () => undefined)
    shortcut.use('Alt+K')
    expect(() => shortcut.use(keys)).toThrow(expect.objectContaining({ code: 'desktop/shortcut-taken', details: { keys } }))
    expect([...held.keys()]).toEqual(['Alt+K'])
  })
})

interface Setting {
  readonly taken?: readonly string[]
  readonly refusesLogin?: boolean
  readonly diskIsFull?: boolean
  readonly crashes?: number
}

function desktopWith({ taken = [], refusesLogin = false, diskIsFull = false, crashes = 0 }: Setting = {}) {
  const folder = tempFolder()
  const full = (): never => {
    throw Object.assign(new Error('no'), { code: 'ENOSPC' })
  }
  const file = openDesktopFile({ folder: folder.path, onTrouble: () => undefined, ...(diskIsFull ? { write: full } : {}) })
  const { system, held } = shortcuts(taken)
  let [login, onUpdate, shown] = [false, (): void => undefined, 0]
  const desktop = createDesktop({
    platform: 'darwin',
    file,
    login: {
      can: true,
      isOn: () => login,
      set(on) {
        if (refusesLogin) throw new AppError('desktop/login-refused', { details: { reason: 'it was not taken' } })
        login = on
      },
    },
    shortcut: createShortcut(system, () => undefined),
    can: { tray: () => true, shortcut: true, notifications: () => false },
    crashes: { crashes, isSafeMode: crashes >= 3 },
    updates: {
      view: () => IDLE,
      onChange(run) {
        onUpdate = run
        return () => undefined
      },
      check: () => Promise.resolve(IDLE),
      install: () => Promise.reject(new AppError('desktop/no-update')),
    },
    versions: () => [{ name: 'Keelson', version: '1.0.0' }],
    saveFile: () => Promise.resolve({ saved: null }),
    openFiles: () => Promise.resolve([]),
    showDataFolder: () => Promise.resolve(void (shown += 1)),
    restart: () => Promise.resolve(),
  })
  return { desktop, held, shown: () => shown, update: () => onUpdate(), [Symbol.dispose]: () => folder[Symbol.dispose]() }
}

const SETTINGS = { onClose: 'ask', startAtLogin: false, shortcut: null, checkForUpdates: true } as const

describe('the desktop', () => {
  test('says how it stands', () => {
    using here = desktopWith()
    expect(here.desktop.status()).toEqual({
      here: true, platform: 'macos', settings: SETTINGS, can: { tray: true, startAtLogin: true, shortcut: true, notifications: false },
      safeMode: null, update: IDLE, versions: [{ name: 'Keelson', version: '1.0.0' }],
    })
  })

  test('shows the folder of the data no more often than somebody asks for it by hand', async () => {
    using here = desktopWith()
    for (let count = 0; count < 50; count += 1) await here.desktop.showDataFolder()
    expect(here.shown()).toBe(5)
  })

  test('says after how many crashes it is in safe mode', () => {
    using here = desktopWith({ crashes: 3 })
    expect(here.desktop.status().safeMode).toEqual({ crashes: 3 })
  })

  test('changes what is named and tells whoever listens', async () => {
    using here = desktopWith()
    let told = 0
    const stop = here.desktop.onChange(() => void (told += 1))
    const status = await here.desktop.set({ onClose: 'tray', startAtLogin: true, shortcut: 'Alt+K', checkForUpdates: false })
    expect(status.settings).toEqual({ onClose: 'tray', startAtLogin: true, shortcut: 'Alt+K', checkForUpdates: false })
    here.update()
    stop()
    here.update()
    expect(told).toBe(2)
  })

  test.each([
    ['desktop/shortcut-taken', { taken: ['Alt+K'] }],
    ['desktop/login-refused', { refusesLogin: true }],
    ['app/disk-full', { diskIsFull: true }],
  ])('changes nothing at all when one part is refused: %s', async (code, setting) => {
    using here = desktopWith(setting)
    await expect(here.desktop.set({ shortcut: 'Alt+K', startAtLogin: true, onClose: 'tray' })).rejects.toThrow(expect.objectContaining({ code }))
    expect([here.desktop.status().settings, here.held.size]).toEqual([SETTINGS, 0])
  })
})
