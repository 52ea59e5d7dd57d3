import path from 'node:path'
import { AppError } from '../../shared/contract/errors.ts'
import { readIfThere, writePrivateFile } from '../node/private-file.ts'
import { rmSync } from 'node:fs'

/** How the app is started so that it comes up in the tray. */
export const HIDDEN_FLAG = '--hidden'

/** Whether the app starts with the session of the user. */
export interface LoginItem {
  /** False for a copy the system cannot start by itself, such as one run from its source. */
  readonly can: boolean
  isOn(): boolean
  /** Throws desktop/login-refused; then nothing is changed. */
  set(on: boolean): void
}

/** The part of Electron's app that is used, on macOS and Windows. */
export interface LoginApp {
  getLoginItemSettings(options?: { path?: string; args?: string[] }): {
    readonly openAtLogin: boolean
    readonly status?: string
    /** Windows only: false where somebody switched it off in the system's own settings. */
    readonly executableWillLaunchAtLogin?: boolean
  }
  setLoginItemSettings(settings: { openAtLogin: boolean; path?: string; args?: string[] }): void
}

/** What starts this copy: a program and what it is told. */
export interface StartCommand {
  readonly program: string
  readonly args: readonly string[]
}

/** The login item of macOS, which takes neither a program nor arguments: Electron says at the start whether it was the login. */
export function createMacLoginItem(app: LoginApp): LoginItem {
  const isOn = (): boolean => app.getLoginItemSettings().openAtLogin
  return {
    can: true,
    isOn,
    set(on) {
      guarded(() => app.setLoginItemSettings({ openAtLogin: on }))
      const { status } = app.getLoginItemSettings()
      if (isOn() === on) return
      throw refused(status === 'requires-approval' ? 'it waits for your approval' : 'it was not taken')
    },
  }
}

/** The run key of Windows. Electron writes what it is given, one after the other, so each part comes in quotes. */
export function createWindowsLoginItem(app: LoginApp, { program, args }: StartCommand): LoginItem {
  const item = { path: inQuotes(program), args: args.map(inQuotes) }
  const isOn = (): boolean => {
    const { openAtLogin, executableWillLaunchAtLogin = true } = app.getLoginItemSettings(item)
    return openAtLogin && executableWillLaunchAtLogin
  }
  return {
    can: true,
    isOn,
    set(on) {
      guarded(() => app.setLoginItemSettings({ openAtLogin: on, ...item }))
      if (isOn() !== on) throw refused('it was not taken')
    },
  }
}

/** One part of a command line of Windows; no path there has a quote in it. A backslash before the last quote would take it away. */
export function inQuotes(text: string): string {
  return `"${text.replace(/\\+$/, '$&$&')}"`
}

/** The autostart folder of Linux desktops (the Desktop Application Autostart Specification of freedesktop.org). */
export function createLinuxLoginItem(folder: string, command: StartCommand): LoginItem {
  const file = path.join(folder, 'app.keelson.desktop')

  function isOn(): boolean {
    try {
      const lines = (readIfThere(file) ?? '').split(/\r?\n/)
      // An entry of a copy that was moved starts nothing; some settings of desktops switch one off without taking it away.
      return lines.includes(execLine(command)) && !lines.some(line => /^(?:Hidden=true|X-GNOME-Autostart-enabled=false)\s*$/.test(line))
    } catch {
      return false
    }
  }

  return {
    can: true,
    isOn,
    set: on => guarded(() => (on ? writePrivateFile(file, autostartEntry(command)) : rmSync(file, { force: true }))),
  }
}

/** Where nothing starts by itself. */
export const NO_LOGIN_ITEM: LoginItem = {
  can: false,
  isOn: () => false,
  set(on) {
    if (on) throw refused('this copy of Keelson is not installed')
  },
}

/** Where a Linux desktop looks for what to start. A relative path in the environment is to be ignored (XDG base directories). */
export function autostartFolder(env: Readonly<Record<string, string | undefined>>, home: string): string {
  const set = env['XDG_CONFIG_HOME']
  return path.join(set !== undefined && path.isAbsolute(set) ? set : path.join(home, '.config'), 'autostart')
}

export function autostartEntry(command: StartCommand): string {
  return [
    '[Desktop Entry]',
    'Type=Application',
    'Version=1.0',
    'Name=Keelson',
    'Comment=Renews sign-ins and syncs your brokers in the background',
    execLine(command),
    'Icon=keelson',
    'Terminal=false',
    'X-GNOME-Autostart-enabled=true',
    '',
  ].join('\n')
}

function execLine({ program, args }: StartCommand): string {
  return `Exec=${[program, ...args].map(quoted).join(' ')}`
}

/** One argument of an Exec line: quoted, its special characters escaped, then escaped once more as a string (Desktop Entry Specification). */
function quoted(text: string): string {
  // A line break would begin another line of the file, and with it another command.
  if (/\p{Cc}/u.test(text)) throw new Error('control characters in a path')
  const argument = `"${text.replace(/["`$\\]/g, '\\$&')}"`.replaceAll('%', '%%')
  return argument.replaceAll('\\', '\\\\')
}

function guarded(change: () => void): void {
  try {
    change()
  } catch (cause) {
    throw refused(cause instanceof Error && 'code' in cause ? String(cause.code) : 'it was not taken', cause)
  }
}

function refused(reason: string, cause?: unknown): AppError {
  return new AppError('desktop/login-refused', { details: { reason }, cause })
}
