import { expect, test } from 'vitest'
import { remembered } from '../../../electron/core/ledger/remembered.ts'

test('an answer is asked for once, and forgotten when there are too many', () => {
  const asked: string[] = []
  const lengthOf = remembered(2, (text: string) => {
    asked.push(text)
    return text.length
  })
  expect(['', 'ab', '', 'ab'].map(lengthOf)).toEqual([0, 2, 0, 2])
  expect(asked).toEqual(['', 'ab'])
  expect(['abc', 'abc', ''].map(lengthOf)).toEqual([3, 3, 0])
  expect(asked).toEqual(['', 'ab', 'abc', ''])
})
