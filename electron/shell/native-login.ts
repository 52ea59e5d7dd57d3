import { homedir } from 'node:os'
import { app } from 'electron'
import { LINK_SCHEME } from './deep-link.ts'
import {
  autostartFolder,
  createLinuxLoginItem,
  createMacLoginItem,
  createWindowsLoginItem,
  HIDDEN_FLAG,
  type LoginItem,
  NO_LOGIN_ITEM,
  type StartCommand,
} from './login-item.ts'
import { appImageOf } from './updates/copy.ts'

/** The login item of the system this runs on. `dataDir` is null for the usual folder. */
export function createNativeLogin(dataDir: string | null): LoginItem {
  if (!app.isPackaged) return NO_LOGIN_ITEM
  if (process.platform === 'darwin') return createMacLoginItem(app)
  const command: StartCommand = {
    program: startProgram(process.env, process.execPath),
    args: [HIDDEN_FLAG, ...dataArgs(dataDir)],
  }
  return process.platform === 'win32'
    ? createWindowsLoginItem(app, command)
    : createLinuxLoginItem(autostartFolder(process.env, homedir()), command)
}

/** The arguments that lead to a data folder; none for the usual one, which is null. */
export function dataArgs(dataDir: string | null): string[] {
  return dataDir === null ? [] : [`--data-dir=${dataDir}`]
}

/** What starts this copy again: the file the user has, where the program itself lies in a folder that goes with every end. */
export function startProgram(env: Readonly<Record<string, string | undefined>>, execPath: string): string {
  return appImageOf({ env, execPath }) ?? env['PORTABLE_EXECUTABLE_FILE'] ?? execPath
}

/** Ends the app in order and starts it again as by hand: with its window, and without a link it was started with. */
export function relaunch(quit: () => void): void {
  const program = startProgram(process.env, process.execPath)
  const args = process.argv.slice(1).filter(arg => arg !== HIDDEN_FLAG && !arg.startsWith(`${LINK_SCHEME}:`))
  app.relaunch(program === process.execPath ? { args } : { args, execPath: program })
  quit()
}
