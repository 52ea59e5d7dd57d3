import { setImmediate } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { inTurns } from '../../../electron/core/sync/turns.ts'

test('many rows are worked through in order, part by part, and everything else has its turn in between', async () => {
  const rows = Array.from({ length: 2600 }, (_, at) => at)
  const seen: string[] = []
  const working = inTurns(rows, part => {
    seen.push('part')
    return part
  })
  for (let turn = 0; turn < 20; turn += 1) {
    await setImmediate()
    seen.push('else')
  }
  const parts = await working
  expect(parts.flat()).toEqual(rows)
  expect(Math.max(...parts.map(({ length }) => length))).toBeLessThanOrEqual(250)
  // The first two may come before the first turn of the test's own loop.
  expect(seen.join(' ')).not.toContain('part part part')
})

test('few rows, or none, are worked on at once', async () => {
  expect(await inTurns([1, 2], part => part)).toEqual([[1, 2]])
  expect(await inTurns([], part => part)).toEqual([[]])
})
