import type * as Electron from 'electron'
import { record } from './log.ts'
import { options } from './options.ts'
import { strict } from './strict.ts'

const held = new Map<string, () => void>()
const taken = new Set(options.takenShortcuts)

export const globalShortcut = strict('globalShortcut', {
  register(keys: string, run: () => void): boolean {
    record('globalShortcut.register', keys)
    if (taken.has(keys) || held.has(keys)) return false
    held.set(keys, run)
    return true
  },
  registerAll(all: string[], run: () => void): void {
    for (const keys of all) globalShortcut.register(keys, run)
  },
  isRegistered: (keys: string): boolean => held.has(keys),
  unregister: (keys: string): void => void held.delete(keys),
  unregisterAll: (): void => held.clear(),
}) satisfies Pick<Electron.GlobalShortcut, 'registerAll' | 'isRegistered' | 'unregister' | 'unregisterAll' | 'register'>

/** Presses keys as the user would, for tests. Answers whether the app holds them. */
export function press(keys: string): boolean {
  held.get(keys)?.()
  return held.has(keys)
}
