import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { ActivityFacts } from '../../../shared/domain/activity.ts'
import { AppError } from '../../../shared/contract/errors.ts'
import { Dec } from '../../../shared/domain/decimal.ts'
import { accountsOf } from '../../../electron/core/store/accounts.ts'
import { contentHash } from '../../../electron/core/ledger/content-hash.ts'
import { scriptedBroker } from './support/scripted-broker.ts'
import { syncDesk } from './support/sync-desk.ts'

/** What happens before a run: some of the newest rows are corrected, some are added, and the connection breaks after so many pages. */
const round = fc.record({
  corrections: fc.array(fc.record({ row: fc.nat({ max: 80 }), fees: fc.integer({ min: 0, max: 99 }) }), { maxLength: 4 }),
  added: fc.nat({ max: 3 }),
  breaksAfter: fc.option(fc.nat({ max: 12 }), { freq: 1 }),
})

test('whatever breaks, repeats or is corrected in between, the table ends as the broker has it', { timeout: 120_000 }, async () => {
  await using desk = syncDesk()
  let connections = 0
  const story = fc.record({
    rows: fc.integer({ min: 0, max: 200 }),
    pageSize: fc.integer({ min: 3, max: 60 }),
    rounds: fc.array(round, { maxLength: 5 }),
  })
  await fc.assert(
    fc.asyncProperty(story, async ({ rows, pageSize, rounds }) => {
      connections += 1
      const key = `K${connections}`
      const broker = scriptedBroker({ accounts: [key], rows, pageSize, rowsPerDay: 20, overlapDays: 7 })
      const id = desk.connect(broker)
      for (const { corrections, added, breaksAfter } of [...rounds, { corrections: [], added: 0, breaksAfter: null }]) {
        const history = broker.history.get(key) ?? []
        for (const { row, fees } of corrections) {
          const found = history[row]
          if (found) history[row] = { ...found, facts: corrected(found.facts, fees) }
        }
        const [newest] = history
        for (let more = 0; more < added && newest; more += 1) {
          history.unshift({ ...newest, facts: { ...newest.facts, externalId: `${newest.facts.externalId}+${history.length}` } })
        }
        let pages = 0
        broker.before = ({ call }) => {
          if (call !== 'activities' || breaksAfter === null) return
          pages += 1
          if (pages > breaksAfter) throw new AppError('net/timeout')
        }
        await desk.run(id)
      }
      const [account] = accountsOf(desk.db.reader, id)
      const stored = desk.db.raw
        .prepare(
          'SELECT external_id, content_hash FROM activities WHERE account = (SELECT n FROM accounts WHERE id = ?) ORDER BY external_id',
        )
        .raw()
        .all(account?.id)
      const expected = (broker.history.get(key) ?? []).map(({ facts }) => [facts.externalId, contentHash(facts)])
      expect(stored).toEqual(expected.sort(([a = ''], [b = '']) => (a < b ? -1 : 1)))
    }),
    { numRuns: 100 },
  )
})

function corrected(facts: ActivityFacts, fees: number): ActivityFacts {
  return { ...facts, fees: Dec.of(`0.${String(fees).padStart(2, '0')}`), status: 'corrected' }
}
