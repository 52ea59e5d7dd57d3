import type * as Electron from 'electron'
import { record } from './log.ts'
import { strict } from './strict.ts'

const done =
  (what: string) =>
  (...args: readonly unknown[]): Promise<void> => {
    record(what, ...args)
    return Promise.resolve()
  }

/** What the app hands to the system is written down and goes nowhere. */
export const shell = strict('shell', {
  openExternal: done('shell.openExternal'),
  trashItem: done('shell.trashItem'),
  showItemInFolder: (file: string): void => record('shell.showItemInFolder', file),
  beep: (): void => record('shell.beep'),
  openPath(file: string): Promise<string> {
    record('shell.openPath', file)
    return Promise.resolve('')
  },
}) satisfies Pick<Electron.Shell, 'openExternal' | 'trashItem' | 'showItemInFolder' | 'beep' | 'openPath'>
