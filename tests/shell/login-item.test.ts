import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { describe, expect, test } from 'vitest'
import { autostartEntry, autostartFolder, createLinuxLoginItem, createMacLoginItem, createWindowsLoginItem, type LoginApp, NO_LOGIN_ITEM } from '../../electron/shell/login-item.ts'
import { tempFolder } from '../support/fake-ports.ts'

const refused = (reason: string): unknown => expect.objectContaining({ code: 'desktop/login-refused', details: { reason } })

/** The system's list of what to start; one that `refuses` leaves it as it is. */
function loginApp(refuses: string | null = null) {
  let openAtLogin = false
  const asked: unknown[] = []
  const app: LoginApp = {
    getLoginItemSettings: () => ({ openAtLogin, status: refuses ?? 'enabled' }),
    setLoginItemSettings(settings) {
      asked.push(settings)
      if (refuses === null) ({ openAtLogin } = settings)
    },
  }
  return { app, asked }
}

const COMMAND = { program: '/opt/Keelson/keelson', args: ['--hidden'] }

describe('the login item', () => {
  test('is the system\u2019s own on macOS', () => {
    const { app } = loginApp()
    const item = createMacLoginItem(app)
    item.set(true)
    expect(item.isOn()).toBe(true)
    item.set(false)
    expect(item.isOn()).toBe(false)
  })

  test('says on macOS that it waits for an approval', () => {
    expect(() => createMacLoginItem(loginApp('requires-approval').app).set(true)).toThrow(refused('it waits for your approval'))
    expect(() => createMacLoginItem(loginApp('not-found').app).set(true)).toThrow(refused('it was not taken'))
  })

  test('starts the app in the tray on Windows, with each part of the command in quotes', () => {
    const { app, asked } = loginApp()
    const args = ['--hidden', '--data-dir=C:\\Users\\Jane Doe\\']
    createWindowsLoginItem(app, { program: 'C:\\Users\\Jane Doe\\Keelson.exe', args }).set(true)
    expect(asked).toEqual([
      { openAtLogin: true, path: '"C:\\Users\\Jane Doe\\Keelson.exe"', args: ['"--hidden"', '"--data-dir=C:\\Users\\Jane Doe\\\\"'] },
    ])
  })

  test('is off on Windows while the system\u2019s own settings keep it from running', () => {
    const { app } = loginApp()
    const item = createWindowsLoginItem({ ...app, getLoginItemSettings: () => ({ ...app.getLoginItemSettings(), executableWillLaunchAtLogin: false }) }, COMMAND)
    app.setLoginItemSettings({ openAtLogin: true })
    expect(item.isOn()).toBe(false)
    expect(createWindowsLoginItem(app, COMMAND).isOn()).toBe(true)
  })

  test('says when Windows did not take it', () => {
    expect(() => createWindowsLoginItem(loginApp('refused').app, { program: 'x', args: [] }).set(true)).toThrow(refused('it was not taken'))
    const throwing: LoginApp = { ...loginApp().app, setLoginItemSettings: () => { throw Object.assign(new Error('no'), { code: 'EACCES' }) } }
    expect(() => createWindowsLoginItem(throwing, { program: 'x', args: [] }).set(true)).toThrow(refused('EACCES'))
  })

  test('is nothing for a copy that is not installed', () => {
    expect([NO_LOGIN_ITEM.can, NO_LOGIN_ITEM.isOn()]).toEqual([false, false])
    expect(() => NO_LOGIN_ITEM.set(true)).toThrow(refused('this copy of Keelson is not installed'))
    expect(() => NO_LOGIN_ITEM.set(false)).not.toThrow()
  })
})

describe('the autostart entry of Linux', () => {
  test('comes and goes, and can be switched off by the desktop', () => {
    using folder = tempFolder()
    const item = createLinuxLoginItem(path.join(folder.path, 'autostart'), COMMAND)
    const file = path.join(folder.path, 'autostart/app.keelson.desktop')
    expect(item.isOn()).toBe(false)
    item.set(true)
    expect([item.isOn(), readFileSync(file, 'utf8').includes('\nExec="/opt/Keelson/keelson" "--hidden"\n')]).toEqual([true, true])
    writeFileSync(file, readFileSync(file, 'utf8').replace('enabled=true', 'enabled=false'))
    expect(item.isOn()).toBe(false)
    item.set(true)
    writeFileSync(file, `${readFileSync(file, 'utf8')}Hidden=true\n`)
    expect(item.isOn()).toBe(false)
    item.set(false)
    expect([item.isOn(), existsSync(file)]).toEqual([false, false])
    item.set(false)
  })

  test('is off where it would start another copy, such as one that was moved or deleted', () => {
    using folder = tempFolder()
    createLinuxLoginItem(folder.path, { ...COMMAND, program: '/home/me/Downloads/Keelson.AppImage' }).set(true)
    const item = createLinuxLoginItem(folder.path, COMMAND)
    expect(item.isOn()).toBe(false)
    item.set(true)
    expect(item.isOn()).toBe(true)
  })

  test('says why it could not be written', () => {
    using folder = tempFolder()
    writeFileSync(path.join(folder.path, 'autostart'), 'in the way')
    expect(() => createLinuxLoginItem(path.join(folder.path, 'autostart'), COMMAND).set(true)).toThrow(expect.objectContaining({ code: 'desktop/login-refused' }))
  })

  test('is off when it cannot be read', () => {
    using folder = tempFolder()
    mkdirSync(path.join(folder.path, 'app.keelson.desktop'))
    expect(createLinuxLoginItem(folder.path, COMMAND).isOn()).toBe(false)
  })

  test.each([
    ['/home/me/My Apps/Keelson.AppImage', '"/home/me/My Apps/Keelson.AppImage"'],
    ['/a/100%', '"/a/100%%"'],
    ['/a/"b"', '"/a/\\\\"b\\\\""'],
    ['/a/$HOME`id`', '"/a/\\\\$HOME\\\\`id\\\\`"'],
    ['/a\\b', '"/a\\\\\\\\b"'],
  ])('starts %s and nothing else', (program, quoted) => {
    expect(autostartEntry({ program, args: [] })).toContain(`\nExec=${quoted}\n`)
  })

  test('takes no path that would begin another line of the file', () => {
    using folder = tempFolder()
    const item = createLinuxLoginItem(folder.path, { program: '/a\nExec=evil', args: [] })
    expect(() => item.set(true)).toThrow(refused('it was not taken'))
    expect(item.isOn()).toBe(false)
  })

  test('lies where the desktop looks', () => {
    expect(autostartFolder({}, '/home/me')).toBe(path.join('/home/me', '.config', 'autostart'))
    expect(autostartFolder({ XDG_CONFIG_HOME: '/etc/me' }, '/home/me')).toBe(path.join('/etc/me', 'autostart'))
    expect(autostartFolder({ XDG_CONFIG_HOME: 'relative' }, '/home/me')).toBe(path.join('/home/me', '.config', 'autostart'))
  })
})
