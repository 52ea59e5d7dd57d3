import { expect, test } from 'vitest'
import { statistics } from '../../../electron/core/services/ledger-figures.ts'
import type { ActivityFacts } from '../../../shared/domain/activity.ts'
import { Dec } from '../../../shared/domain/decimal.ts'
import { Instant } from '../../../shared/domain/time.ts'
import { buy, desk, sale } from '../ledger/support/desk.ts'
import { settled } from '../ledger/support/ledger-dump.ts'
import { save } from '../store/support.ts'

const NOW = Instant.parse('2025-04-01T15:00:00Z')

/** Ten bought at 100 and sold at 30, with what was seen of its price in between: day and price. */
function excursion(
  prices: readonly (readonly [string, string])[],
  more: readonly (Partial<ActivityFacts> & { readonly externalId: string })[],
  sold: string,
) {
  const { db, row, work } = desk()
  const rows = [
    buy('in', '2025-03-03', { price: Dec.of('100') }),
    sale('out', '2025-03-20', { quantity: Dec.of(sold), price: Dec.of('30') }),
    ...more,
  ]
  save(
    db,
    rows.map(one => row(one)),
  )
  settled(work)
  const put = db.raw.prepare('INSERT INTO price_marks (account, symbol, at, price) VALUES (1, ?, ?, ?)')
  for (const [day, price] of prices) put.run('AAPL', Instant.toEpochMicros(Instant.parse(`${day}T15:00:00Z`)), price)
  return statistics(db.reader, { environment: 'paper' }, NOW)[0]?.excursion
}

test('a run went as far as the prices seen while it was open', () => {
  expect(
    excursion(
      [
        ['2025-03-04', '95'],
        ['2025-03-05', '112'],
      ],
      [],
      '10',
    ),
  ).toMatchObject({ adverse: '-50', favorable: '120', samples: 2 })
})

test('prices from before a split are of other shares, and tell nothing of the ones after it', () => {
  const split = buy('split', '2025-03-10', { kind: 'split', brokerType: 'SPLIT', side: null, price: null, quantity: Dec.of('30') })
  expect(
    excursion(
      [
        ['2025-03-05', '112'],
        ['2025-03-11', '28'],
      ],
      [split],
      '40',
    ),
  ).toMatchObject({ adverse: '0', favorable: '120', samples: 1 })
})
