import { describe, expect, test } from 'vitest'
import { guard, STOPS } from '../../../electron/core/orders/guardrails.ts'
import { dice } from '../../torture/support/dice.ts'
import { factsOf } from './support/order-generator.ts'
import { reasonsOf } from './support/oracle.ts'

const ORDERS = 100_000
const SEED = 20_261_121

describe('the guard against the rules written a second time', () => {
  test('lets none of 100,000 orders through that must not go, and gives every reason', () => {
    const next = dice(SEED)
    const seen = new Map<string, number>()
    const count = (name: string): void => void seen.set(name, (seen.get(name) ?? 0) + 1)
    const different: unknown[] = []
    for (let run = 0; run < ORDERS && different.length < 5; run += 1) {
      const facts = factsOf(next)
      const { stops, needs } = guard(facts)
      const said = [...stops.map(({ stop }) => stop), ...needs.map(one => `needs ${one}`)].sort()
      const expected = reasonsOf(facts).sort()
      if (said.join() !== expected.join()) different.push({ run, said, expected, facts })
      if (expected.length === 0) count('may go')
      if (expected.length === 1) count(`only ${expected[0]}`)
      expected.forEach(count)
    }
    expect(different).toEqual([])
    // An order that may go, and each reason alone, or the agreement above says little.
    expect(seen.get('may go')).toBeGreaterThan(500)
    const rare = [...STOPS, 'needs duplicate', 'needs market-closed', 'needs off-market', 'needs unread-orders'].filter(
      name => (seen.get(`only ${name}`) ?? 0) < 5,
    )
    expect(rare).toEqual([])
  })
})
