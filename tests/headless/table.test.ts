import { describe, expect, test } from 'vitest'
import { momentWords } from '../../electron/headless/moment.ts'
import { printTable } from '../../electron/headless/table.ts'
import { Instant } from '../../shared/domain/time.ts'
import { fakeTerminal } from './support/fake-terminal.ts'

const rows = [
  ['symbol', 'quantity', 'value', 'as of'],
  ['AAPL', '12', '1000 USD', '20 Nov 2026, 15:59 EST'],
  ['BRK.B', '7.5', '3000.25 USD', '20 Nov 2026, 15:59 EST'],
]

function printed(width: number | null): string[] {
  const terminal = fakeTerminal({ width })
  printTable(terminal, rows, [1, 2])
  return terminal.output.join('\n').split('\n')
}

describe('a table', () => {
  test('is columns where it fits, and always for a program that reads it', () => {
    const table = [
      'symbol  quantity        value  as of',
      'AAPL          12     1000 USD  20 Nov 2026, 15:59 EST',
      'BRK.B        7.5  3000.25 USD  20 Nov 2026, 15:59 EST',
    ]
    expect(printed(null)).toEqual(table)
    expect(printed(53)).toEqual(table)
  })

  test('names each figure in lines that fit, where the terminal is narrower', () => {
    const found = printed(40)
    expect(found).toEqual([
      'AAPL',
      '  quantity: 12   value: 1000 USD',
      '  as of: 20 Nov 2026, 15:59 EST',
      'BRK.B',
      '  quantity: 7.5   value: 3000.25 USD',
      '  as of: 20 Nov 2026, 15:59 EST',
    ])
  })
})

describe('a moment', () => {
  test.each([
    ['America/New_York', '20 Nov 2026, 15:59 EST'],
    ['Europe/Berlin', '20 Nov 2026, 21:59 GMT+1'],
    ['Asia/Tokyo', '21 Nov 2026, 05:59 GMT+9'],
    ['UTC', '20 Nov 2026, 20:59 UTC'],
  ])('is told on the clock of %s, which is named', (zone, words) => {
    expect(momentWords(Instant.parse('2026-11-20T20:59:58Z'), { zone })).toBe(words)
  })

  test('at midnight is hour 00 of the new day', () => {
    expect(momentWords(Instant.parse('2026-11-21T05:00:00Z'), { zone: 'America/New_York' })).toBe('21 Nov 2026, 00:00 EST')
  })
})
