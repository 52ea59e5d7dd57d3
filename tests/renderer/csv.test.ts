import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { harmlessCell, harmlessCsv, parseCsv } from '../../renderer/lib/csv.ts'

const quote = (cell: string) => `"${cell.replaceAll('"', '""')}"`

describe('the CSV export', () => {
  test('reads any cell back as it was written', () => {
    fc.assert(
      fc.property(fc.array(fc.array(fc.string(), { minLength: 1, maxLength: 5 }), { minLength: 1, maxLength: 5 }), records => {
        const text = records.map(record => `${record.map(quote).join(',')}\r\n`).join('')
        expect(parseCsv(text)).toEqual(records)
      }),
    )
  })

  test('makes every formula harmless and leaves numbers alone', () => {
    expect(['=1+1', '+cmd', '-cmd', '@SUM(A1)', '\tx', '-2270.5', '+7', '-', '2', 'NVDA'].map(harmlessCell)).toEqual([
      "'=1+1",
      "'+cmd",
      "'-cmd",
      "'@SUM(A1)",
      "'\tx",
      '-2270.5',
      '+7',
      "'-",
      '2',
      'NVDA',
    ])
  })

  test('leaves no cell that a spreadsheet would run', () => {
    fc.assert(
      fc.property(fc.array(fc.string({ minLength: 1 }), { minLength: 1, maxLength: 6 }), cells => {
        const [record = []] = parseCsv(harmlessCsv(`${cells.map(quote).join(',')}\r\n`))
        expect(record).toHaveLength(cells.length)
        for (const cell of record) expect(cell).not.toMatch(/^(?:[=@\t\r]|[+-](?![\d.]))/)
      }),
    )
  })

  test('changes nothing the second time', () => {
    const once = harmlessCsv('a,"=x, ""y"""\r\n-1,-x\r\n')
    expect(harmlessCsv(once)).toBe(once)
  })

  test('writes several parts as one file', () => {
    expect(harmlessCsv('date,symbol\r\n') + harmlessCsv('2026-11-20,NVDA\n')).toBe('date,symbol\r\n2026-11-20,NVDA\r\n')
  })
})
