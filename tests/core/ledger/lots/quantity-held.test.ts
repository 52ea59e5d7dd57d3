import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { matchLots } from '../../../../electron/core/ledger/lots/engine.ts'
import type { LotEvent } from '../../../../electron/core/ledger/lots/lot-event.ts'
import { quantitiesHeld } from '../../../../electron/core/ledger/lots/quantity-held.ts'
import { Dec } from '../../../../shared/domain/decimal.ts'
import { LocalDate } from '../../../../shared/domain/time.ts'
import { anything } from './support/events.ts'

const event = (kind: LotEvent['kind'], quantity: string, effect: LotEvent['effect'] = null): Omit<LotEvent, 'key'> => ({
  kind,
  day: LocalDate.of('2026-03-02'),
  quantity: Dec.of(quantity),
  price: Dec.of('10'),
  multiplier: Dec.of('1'),
  costs: Dec.zero,
  effect,
})
const held = (...events: Omit<LotEvent, 'key'>[]): string[] => quantitiesHeld(events.map((one, at) => ({ ...one, key: `e${at}` })))

test('What is held before and after each event is what its lots come to, whatever happens', () => {
  fc.assert(
    fc.property(anything, events => {
      const lots = [...events.keys(), events.length].map(count =>
        Dec.sum(matchLots(events.slice(0, count), 'fifo').lots.map(({ quantity }) => quantity)),
      )
      expect(quantitiesHeld(events)).toEqual(lots)
    }),
    { numRuns: 150 },
  )
})

describe('what is held', () => {
  test('grows by what is bought, comes in and is split, and is never less than none by what merely left', () => {
    expect(
      held(event('fill', '10'), event('receive', '5'), event('split', '15'), event('exchange', '-20'), event('deliver', '-20')),
    ).toEqual(['0', '10', '15', '30', '10', '0'])
  })

  test('is short only by what says that it opens, or what comes in short', () => {
    expect(held(event('fill', '-5'), event('fill', '-5', 'close'), event('fill', '-5', 'open'))).toEqual(['0', '0', '0', '-5'])
    expect(held(event('receive', '-5'), event('fill', '8'))).toEqual(['0', '-5', '3'])
    expect(held(event('fill', '-5', 'open'), event('fill', '8', 'close'))).toEqual(['0', '-5', '0'])
    expect(held(event('fill', '5', 'close'))).toEqual(['0', '0'])
    expect(held(event('fill', '5'), event('fill', '-8', 'open'))).toEqual(['0', '5', '-3'])
  })

  test('is short, of a sale that may be, by no more than that and by no more than was not held', () => {
    const upTo = (quantity: string, most: string): Omit<LotEvent, 'key'> => ({ ...event('fill', quantity), shortUpTo: Dec.of(most) })
    const both = (...events: Omit<LotEvent, 'key'>[]): unknown => {
      const told = events.map((one, at) => ({ ...one, key: `e${at}` }))
      const { lots, gaps } = matchLots(told, 'fifo')
      expect(held(...events).at(-1)).toBe(Dec.sum(lots.map(({ quantity }) => quantity)))
      return [held(...events).at(-1), gaps.map(({ quantity }) => quantity)]
    }
    expect(both(upTo('-8', '3'))).toEqual(['-3', ['-5']])
    expect(both(event('fill', '5'), upTo('-8', '2'))).toEqual(['-2', ['-1']])
    expect(both(event('fill', '5'), upTo('-8', '7'))).toEqual(['-3', []])
    expect(both(event('fill', '10'), upTo('-8', '7'))).toEqual(['2', []])
    expect(both(event('fill', '-4', 'open'), upTo('-8', '3'))).toEqual(['-7', ['-5']])
    expect(both(event('fill', '-4', 'open'), upTo('-8', '8'))).toEqual(['-12', []])
  })

  test('is ended on either side, in part or in whole, and never beyond', () => {
    for (const quantity of ['2', '-2']) {
      expect(held(event('fill', '5'), event('end', quantity), event('end', '0'))).toEqual(['0', '5', '3', '0'])
      expect(held(event('fill', '-5', 'open'), event('end', quantity), event('end', '9'))).toEqual(['0', '-5', '-3', '0'])
    }
    expect(held(event('end', '3'))).toEqual(['0', '0'])
  })

  test('is what it was where a split would turn it round or leave none', () => {
    expect(held(event('split', '3'), event('fill', '5'), event('split', '-5'), event('split', '-6'), event('split', '-4'))).toEqual([
      '0',
      '0',
      '5',
      '5',
      '5',
      '1',
    ])
  })
})
