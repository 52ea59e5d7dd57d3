import { createSecretKey } from 'node:crypto'
import { describe, expect, test } from 'vitest'
import { headOf, isStamped, readBody, sameBytes } from '../../../electron/core/orders/audit-chain.ts'

const keyOf = (byte: number) => createSecretKey(Buffer.alloc(32, byte))

describe('the stamp of how far the record reaches', () => {
  const head = headOf(keyOf(1), { seq: 7, mac: Buffer.alloc(32, 9) })

  test('holds for its number of rows and its hash, by its own key', () => {
    expect(head).toMatchObject({ rows: 7, mac: '09'.repeat(32) })
    expect(isStamped(keyOf(1), head)).toBe(true)
    expect(isStamped(keyOf(2), head)).toBe(false)
    expect(isStamped(keyOf(1), { ...head, rows: 6 })).toBe(false)
    expect(isStamped(keyOf(1), { ...head, mac: '08'.repeat(32) })).toBe(false)
  })

  test('is none where it was cut off', () => {
    expect(isStamped(keyOf(1), { ...head, stamp: head.stamp.slice(1) })).toBe(false)
    expect(isStamped(keyOf(1), { ...head, stamp: '' })).toBe(false)
    expect(sameBytes(Buffer.from('a'), Buffer.from('ab'))).toBe(false)
  })
})

test('A row says what is written in it, and that it cannot be read where that is something else', () => {
  const facts = { text: 'a', count: 1, isOn: true, nothing: null }
  expect(readBody(JSON.stringify({ sentence: 'Sent.', facts }))).toEqual({ sentence: 'Sent.', facts })
  for (const body of ['', '{}', '{"sentence":"Sent."}', '{"sentence":1,"facts":{}}', '{"sentence":"Sent.","facts":{"list":[]}}'])
    expect(readBody(body)).toEqual({ sentence: 'This row cannot be read.', facts: {} })
})
