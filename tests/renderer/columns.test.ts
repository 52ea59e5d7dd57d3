import { expect, test } from 'vitest'
import { columnWidths, lineTemplate } from '../../renderer/features/history/columns.ts'
import { activity } from './examples.ts'

test('columns of figures grow with the longest figure, and the line with them', () => {
  const short = columnWidths([activity()], 'USD', false)
  const long = columnWidths([activity(), activity({ id: 'act_2', side: 'buy', quantity: '123456.123456789' })], 'USD', false)
  expect(long.quantity).toBeGreaterThan(short.quantity)
  expect(long.line - short.line).toBe(long.quantity - short.quantity)
  expect(lineTemplate(long, false)).toContain(`minmax(${long.quantity}px`)
})

test('amounts that name their own currency need more room, and so do badges', () => {
  const row = activity({ currency: 'CHF', amount: '1234567.89' })
  expect(columnWidths([row], null, false).amount).toBeGreaterThan(columnWidths([row], 'CHF', false).amount)
  expect(columnWidths([row], null, true).line).toBeGreaterThan(columnWidths([row], null, false).line)
})
