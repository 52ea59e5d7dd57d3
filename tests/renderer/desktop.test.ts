import { readFileSync } from 'node:fs'
import path from 'node:path'
import { beforeEach, describe, expect, test } from 'vitest'
import { LARGEST_FILE } from '../../shared/contract/desktop.ts'
import { MIT } from '../../renderer/features/about/mit.ts'
import { desktopCommands } from '../../renderer/features/shell/desktop-commands.ts'
import { openScreen } from '../../renderer/features/shell/screens.ts'
import { noteLines, updateWords } from '../../renderer/lib/format/index.ts'
import { closeConnect, toStep, useConnect } from '../../renderer/state/connect.ts'
import { checkForUpdates, desktopHere, refreshDesktop, setDesktop, useDesktop } from '../../renderer/state/desktop.ts'
import { checkLength, chooseFiles, saveText } from '../../renderer/state/files.ts'
import { succeeded } from '../../renderer/state/remote.ts'
import { hide, useSurface } from '../../renderer/state/surface.ts'
import { connection, desktopStatus, instant, NOW } from './examples.ts'
import { fakeCore, ok, refusal } from './fake-core.ts'

const now = instant(NOW)
const here = (change: Parameters<typeof desktopStatus>[0] = {}) => useDesktop.setState({ status: succeeded(desktopStatus(change), now) })

beforeEach(() => {
  useDesktop.setState(useDesktop.getInitialState(), true)
  useConnect.setState(useConnect.getInitialState(), true)
  hide()
})

describe('the desktop', () => {
  test('is not there in a browser, nor before it is known', async () => {
    expect(desktopHere()).toBeNull()
    fakeCore(() => ok(desktopStatus({ here: false })))
    await refreshDesktop()
    expect(desktopHere()).toBeNull()
  })

  test('shows a changed setting as the desktop answers it, and keeps the old one when it is refused', async () => {
    fakeCore(() => ok(desktopStatus({ settings: { ...desktopStatus().settings, onClose: 'tray' } })))
    await setDesktop({ onClose: 'tray' })
    expect(desktopHere()?.settings.onClose).toBe('tray')
    fakeCore(() => refusal('desktop/shortcut-taken'))
    await expect(setDesktop({ shortcut: 'CommandOrControl+Alt+K' })).rejects.toThrow('What happened.')
    expect(desktopHere()?.settings).toMatchObject({ onClose: 'tray', shortcut: null })
  })

  test('reads everything again after a look for updates', async () => {
    const core = fakeCore(({ route }) => ok(route === 'updates.check' ? desktopStatus().update : desktopStatus()))
    await checkForUpdates()
    expect(core.routes()).toEqual(['updates.check', 'desktop.status'])
  })
})

describe('files', () => {
  const file = { name: 'keelson-history.csv', parts: ['a,b\r\n', '1,2\r\n'], type: 'text/csv' }

  test('are saved by the desktop where there is one, under the name the user gave', async () => {
    here()
    const core = fakeCore(() => ok({ saved: 'mine.csv' }))
    expect(await saveText(file)).toBe('mine.csv')
    expect(core.asked).toEqual([{ route: 'desktop.saveFile', input: { name: 'keelson-history.csv', text: 'a,b\r\n1,2\r\n' } }])
    fakeCore(() => ok({ saved: null }))
    expect(await saveText(file)).toBeNull()
  })

  test('larger than the desktop saves are refused with a way out, and only there', () => {
    expect(() => checkLength(LARGEST_FILE + 1)).not.toThrow()
    here()
    expect(() => checkLength(LARGEST_FILE)).not.toThrow()
    expect(() => checkLength(LARGEST_FILE + 1)).toThrow(/larger than 64 MB/)
  })

  test('chosen on the desktop arrive byte by byte', async () => {
    fakeCore(() => ok({ files: [{ name: 'old.csv', base64: Buffer.from([0xef, 0x00, 0xff, 0x41]).toString('base64') }] }))
    expect(await chooseFiles()).toEqual([{ name: 'old.csv', bytes: new Uint8Array([0xef, 0x00, 0xff, 0x41]) }])
  })
})

describe('an update', () => {
  const { update } = desktopStatus()

  test('is told in words', () => {
    const said = (change: Partial<typeof update>) => updateWords({ ...update, ...change }, now)
    expect(said({})).toBe('Not looked yet.')
    expect(said({ checkedAt: instant('2026-11-20T21:00:00.000Z') })).toBe('This is the newest version. Looked 5 min ago.')
    expect(said({ state: 'downloading', version: '0.2.0', progress: 0.427 })).toBe('Keelson 0.2.0 is being downloaded, 42 % so far.')
    expect(said({ state: 'downloading' })).toBe('A newer version is being downloaded.')
    expect(said({ state: 'ready', version: '0.2.0' })).toBe('Keelson 0.2.0 is ready. Restart to use it.')
    expect(said({ state: 'refused', version: '0.2.0' })).toBe('Keelson 0.2.0 was found and not installed.')
  })

  test('shows what is new line by line, and nothing of it as markup', () => {
    expect(noteLines('# Fixes\r\n\r\n- <b>One</b>\n* Two\nThree')).toEqual([
      { kind: 'heading', text: 'Fixes' },
      { kind: 'item', text: '<b>One</b>' },
      { kind: 'item', text: 'Two' },
      { kind: 'line', text: 'Three' },
    ])
  })

  test('is offered by the palette as it stands, and not where this copy cannot update itself', () => {
    const labels = (change: Partial<typeof update>) =>
      desktopCommands(desktopStatus({ update: { ...update, ...change } })).map(({ label }) => label)
    expect(labels({})).toContain('Check for updates')
    expect(labels({ state: 'ready', version: '0.2.0' })).toEqual(
      expect.arrayContaining(['Restart to update to Keelson 0.2.0', 'What is new in Keelson 0.2.0']),
    )
    const packaged = { code: 'update/package-manager', message: 'Your package manager brings updates.', action: 'Update it there.' }
    expect(labels({ state: 'off', trouble: packaged }).join()).not.toMatch(/update/i)
    expect(desktopCommands(null).map(({ label }) => label)).toEqual(['About Keelson'])
  })
})

describe('a screen asked for', () => {
  test('opens the sign-in of its connection, over nothing else', () => {
    useSurface.setState({ open: { kind: 'notices' } })
    openScreen({ page: 'brokers', connectionId: 'con_1', act: 'reconnect' }, [connection()])
    expect(useConnect.getState().step).toMatchObject({ kind: 'consent', choice: { reconnect: 'con_1' }, starting: false })
    expect(useSurface.getState().open.kind).toBe('none')
  })

  test('leaves a sign-in under way alone', () => {
    const choice = { broker: 'alpaca', environment: 'live', method: 'oauth', reconnect: null } as const
    toStep({ kind: 'consent', choice, starting: true, error: null })
    openScreen({ page: 'brokers', connectionId: 'con_1', act: 'reconnect' }, [connection()])
    expect(useConnect.getState().step).toMatchObject({ choice: { broker: 'alpaca' }, starting: true })
  })

  test('opens nothing over a sign-in that is open, and loses nothing of it', () => {
    useSurface.setState({ open: { kind: 'none' }, pointed: null })
    toStep({ kind: 'broker' })
    for (const act of ['notices', 'about', 'update', 'diagnostics', 'shortcuts', 'export'] as const) {
      openScreen({ page: 'overview', act }, [])
      expect(useSurface.getState()).toMatchObject({ open: { kind: 'none' }, pointed: null })
      expect(useConnect.getState().step.kind).toBe('broker')
    }
  })

  test('of a connection that is gone opens nothing', () => {
    openScreen({ page: 'brokers', connectionId: 'con_9', act: 'reconnect' }, [connection()])
    expect(useConnect.getState().step.kind).toBe('closed')
  })

  test('opens what it names', () => {
    closeConnect()
    for (const act of ['notices', 'about', 'update', 'diagnostics', 'shortcuts'] as const) {
      openScreen({ page: 'overview', act }, [])
      expect(useSurface.getState().open.kind).toBe(act)
    }
  })
})

test('the licence shown is the licence of the project', () => {
  expect(MIT).toBe(readFileSync(path.resolve(import.meta.dirname, '../../LICENSE'), 'utf8'))
})
