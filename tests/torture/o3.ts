import { guard } from '../../electron/core/orders/guardrails.ts'
import { factsOf } from '../core/orders/support/order-generator.ts'
import { reasonsOf } from '../core/orders/support/oracle.ts'
import { dice } from './support/dice.ts'
import { judge, type TortureOptions, type TortureResult } from './support/result.ts'

/** O3: generated orders, by another seed than the tests have, against the rules written a second time. None passes that must not. */
export function torture({ fast, seed }: TortureOptions): Promise<TortureResult[]> {
  const began = performance.now()
  const runs = fast ? 10_000 : 100_000
  const next = dice(seed + 3)
  const failures: string[] = []
  let [escaped, different, passed] = [0, 0, 0]
  for (let run = 0; run < runs; run += 1) {
    const facts = factsOf(next)
    const { stops, needs } = guard(facts)
    const said = [...stops.map(({ stop }) => stop), ...needs.map(one => `needs ${one}`)].toSorted().join(', ')
    const expected = reasonsOf(facts).toSorted().join(', ')
    if (expected === '') passed += 1
    if (said === '' && expected !== '') escaped += 1
    if (said === expected) continue
    different += 1
    failures.push(`order ${run} of seed ${seed + 3}: stopped for "${said}" and should be for "${expected}"`)
  }
  const note = `${runs} orders, ${passed} of which may go: ${escaped} got past the guard, ${different} were judged otherwise than by the rules written a second time`
  return Promise.resolve([judge({ id: 'O3', runs, lost: escaped, value: different, unit: 'orders judged wrongly', note, failures }, began)])
}
