import { expect, test } from 'vitest'
import { matchLots } from '../../../../electron/core/ledger/lots/engine.ts'
import type { LotEvent } from '../../../../electron/core/ledger/lots/lot-event.ts'
import { Dec } from '../../../../shared/domain/decimal.ts'
import { LocalDate } from '../../../../shared/domain/time.ts'

const event = (key: string, day: string, quantity: string, kind: LotEvent['kind'] = 'fill'): LotEvent => ({
  key,
  kind,
  day: LocalDate.of(day),
  quantity: Dec.of(quantity),
  price: Dec.of('10'),
  multiplier: Dec.of('1'),
  costs: Dec.zero,
  effect: null,
})

test('A lot that came from elsewhere stands where the day it was bought puts it, behind those of that day', () => {
  const events = [
    event('a', '2026-03-02', '5'),
    event('b', '2026-03-04', '5'),
    event('c', '2026-03-06', '5'),
    event('d', '2026-03-04', '5', 'receive'),
    event('e', '2026-03-01', '5', 'receive'),
  ]
  expect(matchLots(events, 'fifo').lots.map(({ key }) => key)).toEqual(['e', 'a', 'b', 'd', 'c'])
  const { realizations } = matchLots([...events, event('s', '2026-03-09', '-18')], 'fifo')
  expect(realizations.map(({ openKey, quantity }) => `${openKey} ${quantity}`)).toEqual(['e 5', 'a 5', 'b 5', 'd 3'])
})
