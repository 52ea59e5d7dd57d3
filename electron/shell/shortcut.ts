import { AppError } from '../../shared/contract/errors.ts'

/** The part of Electron's globalShortcut that is used. */
export interface Shortcuts {
  register(keys: string, run: () => void): boolean
  unregister(keys: string): void
}

/** The keys that bring the window to the front from anywhere. */
export interface Shortcut {
  /** Throws desktop/shortcut-taken; the keys before then stay in use. */
  use(keys: string | null): void
}

/** One global shortcut. With a key that others may have, only the system knows whether it can be had. */
export function createShortcut(shortcuts: Shortcuts, onPress: () => void): Shortcut {
  let inUse: string | null = null
  return {
    use(keys) {
      if (keys === inUse) return
      if (keys !== null && !isOurs(shortcuts, keys, onPress)) throw new AppError('desktop/shortcut-taken', { details: { keys } })
      if (inUse !== null) shortcuts.unregister(inUse)
      inUse = keys
    },
  }
}

/** A shortcut without a modifier would take a key away from every other program. */
const SHAPE = /^(?:(?:Command|Cmd|Control|Ctrl|CommandOrControl|CmdOrCtrl|Alt|Option|AltGr|Shift|Super|Meta)\+)+[A-Za-z0-9]+$/

function isOurs(shortcuts: Shortcuts, keys: string, onPress: () => void): boolean {
  try {
    return SHAPE.test(keys) && !/^(?:Shift\+)+[^+]+$/.test(keys) && shortcuts.register(keys, onPress)
  } catch {
    // Electron throws for keys it cannot read.
    return false
  }
}
