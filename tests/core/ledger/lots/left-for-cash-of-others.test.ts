import { describe, expect, test } from 'vitest'
import { lotEvents } from '../../../../electron/core/ledger/lots/lot-rows.ts'
import { lotRow } from './support/row.ts'

type Told = Parameters<typeof lotRow>[0]

const bought = (quantity: string): Told => ({ id: 1, side: 'buy', quantity, price: '10', day: '2025-01-02' })
const out = (id: number, quantity: string, day: string, more: Partial<Told> = {}): Told => ({ kind: 'corporate-action', brokerType: 'REORG', quantity, day, ...more, id })
const split = (id: number, quantity: string, day: string, description: string): Told => ({ id, kind: 'split', brokerType: 'RS', quantity, day, description })
const cash = (id: number, amount: string, day: string, more: Partial<Told> = {}): Told => ({ id, kind: 'corporate-action', brokerType: 'Cash In Lieu', amount, day, ...more })

/** What became of all but the purchase: sold for something, closed for nobody knows what, or merely gone. */
const made = (rows: readonly Told[]) =>
  lotEvents(rows.map(lotRow))
    .events.filter(({ key }) => key !== 'r1')
    .map(({ key, kind, quantity, value = null }) => `${key} ${kind} ${quantity}${value === null ? '' : ` for ${value}`}`)

describe('cash in lieu that was paid for the fraction of a split', () => {
  const fraction = [bought('105'), split(2, '-95', '2025-02-03', '1 for 10')]

  test.each(['2025-02-20', '2025-03-01'])('is for no shares that left after it, on %s', day => {
    expect(made([...fraction, out(3, '-5', day), cash(4, '4.5', '2025-03-03')])).toEqual(['r2 split -94.5', 'r3 deliver -5', 'r4 fill -0.5 for 4.5'])
  })

  test('is for none that left either where its ratio would fit them too', () => {
    const told = [...fraction, out(3, '-5', '2025-03-01'), cash(4, '4.5', '2025-03-03', { description: 'CASH IN LIEU 1 FOR 10' })]
    expect(made(told)).toEqual(['r2 split -94.5', 'r3 deliver -5', 'r4 fill -0.5 for 4.5'])
  })

  test('is for those that left where their own row states a ratio by which it is', () => {
    const told = [...fraction, out(3, '-10', '2025-03-01', { description: '1 FOR 100' }), cash(4, '4.5', '2025-03-03')]
    expect(made(told)).toEqual(['r2 split -95', 'r3 fill -10 for 4.5'])
  })

  test('leaves other cash to what left', () => {
    const told = [...fraction, out(3, '-10', '2025-03-01'), cash(4, '4.5', '2025-03-03'), cash(5, '30', '2025-03-04')]
    expect(made(told)).toEqual(['r2 split -94.5', 'r3 fill -10', 'r4 fill -0.5 for 4.5'])
  })

  test('is for nothing else once it is taken back and paid again', () => {
    const told = [...fraction, out(3, '-5', '2025-03-01'), cash(4, '4.5', '2025-03-03'), cash(5, '-4.5', '2025-03-04'), cash(6, '4.6', '2025-03-05')]
    expect(made(told)).toContain('r3 deliver -5')
  })

  test('is for what left where a split before left no fraction', () => {
    expect(made([bought('100'), split(2, '-90', '2025-02-03', '1 for 10'), out(3, '-10', '2025-03-01'), cash(4, '4.5', '2025-03-03')])).toEqual(['r2 split -90', 'r3 fill -10'])
  })
})

test('Cash for the fractions of a spin-off, weeks after shares were moved, is for none of them', () => {
  const spun = cash(3, '4.5', '2025-03-28', { description: 'CASH IN LIEU OF FRACTIONAL SHARES OF SPUNOFF' })
  expect(made([bought('100'), out(2, '-60', '2025-02-03'), spun])).toEqual(['r2 deliver -60'])
})

describe('cash in lieu that was taken back', () => {
  const ten = (description?: string) => [bought('10'), out(2, '-10', '2025-03-03', description === undefined ? {} : { description })]
  const [first, back, again] = [cash(3, '5', '2025-03-10'), cash(4, '-5', '2025-03-11', { description: 'CASH IN LIEU REVERSED' }), cash(5, '5.20', '2025-03-12')]

  test('and paid again counts once', () => {
    expect(made([...ten('REVERSE SPLIT 1 FOR 100'), first, back, again])).toEqual(['r2 fill -10 for 5.2'])
  })

  test('and not paid again was paid for nothing', () => {
    expect(made([...ten('REVERSE SPLIT 1 FOR 100'), first, back])).toEqual(['r2 deliver -10'])
    expect(made([...ten(), { ...first, day: '2025-03-04' }, back])).toEqual(['r2 deliver -10'])
  })

  test('in part is the rest', () => {
    expect(made([...ten('REVERSE SPLIT 1 FOR 100'), first, { ...back, amount: '-1' }])).toEqual(['r2 fill -10 for 4'])
  })
})

describe('shares that left for cash of another row, whose own words speak of cash in lieu', () => {
  const merged = out(3, '-100', '2025-03-03', { brokerType: 'MERGER', description: 'MERGER, CASH IN LIEU OF FRACTIONS' })
  const paid: Told = { id: 4, kind: 'corporate-action', brokerType: 'MERGER CASH', amount: '5000', day: '2025-03-03' }

  test.each(['2025-02-03', '2025-03-01'])('are no cash in lieu for what left before, on %s', day => {
    expect(made([bought('180'), out(2, '-80', day), merged, paid])).toEqual(['r2 deliver -80', 'r3 fill -100 for 5000'])
  })

  test('are none either where they left by a split that names its value', () => {
    const valued = split(3, '-100', '2025-03-03', 'SPLIT, CASH IN LIEU OF FRACTIONS')
    expect(made([bought('180'), out(2, '-80', '2025-03-01'), { ...valued, amount: '5000' }])).toEqual(['r2 deliver -80', 'r3 fill -100 for 5000'])
  })

  test('are what the cash in lieu of days later belongs to, and nothing that left before', () => {
    expect(made([bought('180'), out(2, '-80', '2025-03-01'), merged, paid, cash(5, '4.5', '2025-03-05')])).toEqual(['r2 deliver -80', 'r3 fill -100 for 5000'])
  })

  test('are it where their row brought its amount itself', () => {
    expect(made([bought('9'), out(2, '-5', '2025-03-01'), cash(3, '4.5', '2025-03-03', { quantity: '-0.5' })])).toEqual(['r2 fill -5', 'r3 fill -0.5 for 4.5'])
  })
})
