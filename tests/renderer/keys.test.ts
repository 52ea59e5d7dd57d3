import { describe, expect, test } from 'vitest'
import { acceleratorKeys, type KeyPress, recordPress } from '../../renderer/lib/keys.ts'

const press = (key: string, code: string, held: Partial<KeyPress> = {}): KeyPress => ({
  key,
  code,
  ctrlKey: false,
  altKey: false,
  shiftKey: false,
  metaKey: false,
  ...held,
})
const two = { ctrlKey: true, altKey: true }

describe('keys pressed for a shortcut of the whole system', () => {
  test('are written as Electron reads them, with the main key of each platform', () => {
    expect(recordPress(press('k', 'KeyK', two), 'linux')).toEqual({ kind: 'keys', keys: 'CommandOrControl+Alt+K' })
    expect(recordPress(press('˚', 'KeyK', { metaKey: true, altKey: true }), 'macos')).toEqual({
      kind: 'keys',
      keys: 'CommandOrControl+Alt+K',
    })
    expect(recordPress(press('K', 'KeyK', { ctrlKey: true, shiftKey: true }), 'macos')).toEqual({ kind: 'keys', keys: 'Control+Shift+K' })
    expect(recordPress(press('k', 'KeyK', { metaKey: true, shiftKey: true }), 'windows')).toEqual({ kind: 'keys', keys: 'Super+Shift+K' })
    expect(recordPress(press('!', 'Digit1', { ctrlKey: true, shiftKey: true }), 'linux')).toEqual({
      kind: 'keys',
      keys: 'CommandOrControl+Shift+1',
    })
    expect(recordPress(press('ArrowUp', 'ArrowUp', two), 'linux')).toEqual({ kind: 'keys', keys: 'CommandOrControl+Alt+Up' })
  })

  test('follow what is printed on the keyboard, where that is a letter', () => {
    expect(recordPress(press('a', 'KeyQ', two), 'linux')).toMatchObject({ keys: 'CommandOrControl+Alt+A' })
    expect(recordPress(press('й', 'KeyQ', two), 'linux')).toMatchObject({ keys: 'CommandOrControl+Alt+Q' })
  })

  test('are shown while only modifiers are held', () => {
    expect(recordPress(press('Alt', 'AltLeft', two), 'windows')).toEqual({ kind: 'holding', keys: 'CommandOrControl+Alt' })
  })

  test('never take a key from every other program', () => {
    const kinds = [
      press('c', 'KeyC', { ctrlKey: true }),
      press('c', 'KeyC'),
      press('C', 'KeyC', { shiftKey: true }),
      press('F5', 'F5'),
      press('F5', 'F5', { shiftKey: true }),
      press('-', 'Minus', two),
      press('AudioVolumeUp', 'AudioVolumeUp', two),
    ].map(one => recordPress(one, 'linux').kind)
    expect(kinds).toEqual(['refused', 'refused', 'refused', 'refused', 'refused', 'refused', 'refused'])
    expect(recordPress(press('F9', 'F9', { ctrlKey: true }), 'linux')).toEqual({ kind: 'keys', keys: 'CommandOrControl+F9' })
  })
})

test('keys are named as they are printed on each platform', () => {
  expect(acceleratorKeys('CommandOrControl+Alt+Shift+K', 'macos')).toEqual(['⌘', '⌥', '⇧', 'K'])
  expect(acceleratorKeys('CommandOrControl+Super+Return', 'windows')).toEqual(['Ctrl', 'Win', 'Enter'])
  expect(acceleratorKeys('', 'linux')).toEqual([])
})
