import { expect, test } from 'vitest'
import { decodeText } from '../../renderer/lib/file-text.ts'

const bytes = (...values: number[]) => new Uint8Array(values)

test('a file is read as UTF-8, without its mark', () => {
  expect(decodeText(bytes(0xef, 0xbb, 0xbf, 0x41, 0xe2, 0x82, 0xac))).toBe('A€')
})

test('a file that says it is UTF-16 is read so', () => {
  expect(decodeText(bytes(0xff, 0xfe, 0x41, 0x00, 0xac, 0x20))).toBe('A€')
  expect(decodeText(bytes(0xfe, 0xff, 0x00, 0x41, 0x20, 0xac))).toBe('A€')
})

test('a file of an older program keeps its accents', () => {
  expect(decodeText(bytes(0x43, 0x61, 0x66, 0xe9, 0x20, 0x80))).toBe('Café €')
})
