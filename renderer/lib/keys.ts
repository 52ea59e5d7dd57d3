/** True on Apple's systems, where ⌘ does what Ctrl does elsewhere. */
export const IS_MAC = /Mac|iPhone|iPad/.test(navigator.userAgent)

/** What the main modifier key is called here. */
export const MAIN_KEY = IS_MAC ? '⌘' : 'Ctrl'
export const SHIFT_KEY = IS_MAC ? '⇧' : 'Shift'

/** The platform whose names of keys are shown. */
export type KeyPlatform = 'macos' | 'windows' | 'linux' | 'other'

export type KeyPress = Pick<KeyboardEvent, 'key' | 'code' | 'ctrlKey' | 'altKey' | 'shiftKey' | 'metaKey'>

/** What a press would be as a shortcut: nothing yet while only modifiers are held, the keys as Electron writes them, or why it cannot be one. */
export type Recorded =
  | { readonly kind: 'holding'; readonly keys: string }
  | { readonly kind: 'keys'; readonly keys: string }
  | { readonly kind: 'refused'; readonly because: string }

const MODIFIERS = new Set(['Control', 'Alt', 'Shift', 'Meta', 'OS', 'AltGraph', 'Fn', 'CapsLock', 'NumLock', 'Dead'])
const NAMED: Readonly<Record<string, string>> = {
  Space: 'Space',
  ArrowUp: 'Up',
  ArrowDown: 'Down',
  ArrowLeft: 'Left',
  ArrowRight: 'Right',
  Enter: 'Return',
  Home: 'Home',
  End: 'End',
  PageUp: 'PageUp',
  PageDown: 'PageDown',
  Insert: 'Insert',
  Delete: 'Delete',
  Backspace: 'Backspace',
}

/** Reads a key press as a shortcut for the whole system. One modifier and a letter would take keys away from every other program. */
export function recordPress(press: KeyPress, platform: KeyPlatform): Recorded {
  const held = modifiersOf(press, platform)
  if (MODIFIERS.has(press.key)) return { kind: 'holding', keys: held.join('+') }
  const key = keyOf(press)
  if (key === null)
    return { kind: 'refused', because: 'This key cannot be part of a shortcut. Choose a letter, a digit or a function key.' }
  const isFunction = /^F\d+$/.test(key)
  const strong = held.filter(name => name !== 'Shift')
  if (strong.length === 0 || (held.length < 2 && !isFunction)) {
    const example = acceleratorKeys('CommandOrControl+Alt+K', platform).join(' ')
    return { kind: 'refused', because: `Hold two keys such as ${example}: with fewer it would be taken from other programs.` }
  }
  return { kind: 'keys', keys: [...held, key].join('+') }
}

function modifiersOf({ ctrlKey, altKey, shiftKey, metaKey }: KeyPress, platform: KeyPlatform): string[] {
  const mac = platform === 'macos'
  return [
    ...((mac ? metaKey : ctrlKey) ? ['CommandOrControl'] : []),
    ...((mac ? ctrlKey : metaKey) ? [mac ? 'Control' : 'Super'] : []),
    ...(altKey ? ['Alt'] : []),
    ...(shiftKey ? ['Shift'] : []),
  ]
}

function keyOf({ key, code }: KeyPress): string | null {
  if (/^F([1-9]|1\d|2[0-4])$/.test(key)) return key
  // Alt changes what a key writes, so that the place of the key says more than its character then.
  if (/^Key[A-Z]$/.test(code)) return /^[a-z]$/i.test(key) ? key.toUpperCase() : code.slice(3)
  if (/^Digit\d$/.test(code)) return code.slice(5)
  return NAMED[code] ?? null
}

const WORDS: Readonly<Record<KeyPlatform, Readonly<Record<string, string>>>> = {
  macos: { CommandOrControl: '⌘', Command: '⌘', Cmd: '⌘', Control: '⌃', Ctrl: '⌃', Alt: '⌥', Option: '⌥', Shift: '⇧', Return: '↩' },
  windows: { CommandOrControl: 'Ctrl', Control: 'Ctrl', Super: 'Win', Meta: 'Win', Return: 'Enter' },
  linux: { CommandOrControl: 'Ctrl', Control: 'Ctrl', Meta: 'Super', Return: 'Enter' },
  other: { CommandOrControl: 'Ctrl', Control: 'Ctrl', Meta: 'Super', Return: 'Enter' },
}
const SPOKEN: Readonly<Record<string, string>> = { '⌘': 'Command', '⌃': 'Control', '⌥': 'Option', '⇧': 'Shift', '↩': 'Return' }

/** The keys of an accelerator as they are printed on the platform's keyboards: `Ctrl`, `Alt`, `K`. */
export function acceleratorKeys(accelerator: string, platform: KeyPlatform): string[] {
  return accelerator
    .split('+')
    .filter(Boolean)
    .map(part => WORDS[platform][part] ?? part)
}

/** A key's name for a screen reader, which does not know the signs. */
export function spokenKey(key: string): string {
  return SPOKEN[key] ?? key
}
