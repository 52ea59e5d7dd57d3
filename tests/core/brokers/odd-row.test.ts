import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { oddRow } from '../../../electron/core/brokers/odd-row.ts'
import { LocalDate } from '../../../shared/domain/time.ts'

const NAMES = { id: 'id', type: 'activity_type', days: ['transaction_time', 'date'] } as const
const usual = LocalDate.of('2026-11-20')

describe('a row that cannot be read', () => {
  test('keeps its own id, word and day, and claims no figure', () => {
    const raw = '{"id":"2026::x","activity_type":"FILL","transaction_time":"2026-11-18T02:00:00Z","net_amount":"abc","price":"1"}'
    expect(oddRow(raw, NAMES, usual)).toMatchObject({
      externalId: '2026::x', kind: 'other', brokerType: 'FILL', tradeDate: '2026-11-17', amount: null, price: null, quantity: null, fees: '0',
    })
  })

  test('without an id is known by its own text, so that reading it again adds nothing', () => {
    const one = oddRow('{"activity_type":"FILL"}', NAMES, usual)
    expect(one.externalId).toMatch(/^odd-[0-9a-f]{32}$/)
    expect(oddRow('{"activity_type":"FILL"}', NAMES, usual)).toEqual(one)
    expect(oddRow('{"activity_type":"FEE"}', NAMES, usual).externalId).not.toBe(one.externalId)
    expect(one.tradeDate).toBe(usual)
  })

  test('is kept whatever it holds', () => {
    fc.assert(fc.property(fc.json(), raw => {
      const facts = oddRow(raw, NAMES, usual)
      expect(facts.externalId.length).toBeGreaterThan(0)
      expect(LocalDate.is(facts.tradeDate)).toBe(true)
    }))
  })
})
