import { describe, expect, test } from 'vitest'
import { type LotBook, matchLots } from '../../../../electron/core/ledger/lots/engine.ts'
import { doubles, TooLarge } from '../../../../electron/core/ledger/lots/kernel.ts'
import type { LotEvent } from '../../../../electron/core/ledger/lots/lot-event.ts'
import { Dec } from '../../../../shared/domain/decimal.ts'
import { LocalDate } from '../../../../shared/domain/time.ts'

const dec = Dec.of

function event(quantity: string, price: string | null, more: Partial<LotEvent> = {}): LotEvent {
  return { key: `${quantity} at ${price}`, kind: 'fill', day: LocalDate.of('2026-03-02'), quantity: dec(quantity), price: price === null ? null : dec(price), multiplier: dec('1'), costs: Dec.zero, effect: 'open', ...more }
}
const book = (...events: LotEvent[]): LotBook => matchLots(events, 'fifo')
const scales = (...events: LotEvent[]): unknown => book(...events).closings.scales

describe('the whole numbers a book is counted in', () => {
  test('hold every quantity, and prices times quantities, at eight decimals or more', () => {
    expect(scales(event('10', '5'))).toEqual({ quantity: 0, money: 8 })
    expect(scales(event('1.25', '5'), event('0.5', '5.1234'))).toEqual({ quantity: 2, money: 8 })
    expect(scales(event('1.25', '5.123456789'), event('0.5', '5'))).toEqual({ quantity: 2, money: 11 })
  })

  test('hold what several units of one contract come to', () => {
    expect(scales(event('1.25', '5.12345678', { multiplier: dec('0.01') }))).toEqual({ quantity: 2, money: 12 })
    expect(scales(event('1.25', '5.12345678', { multiplier: dec('100') }))).toEqual({ quantity: 2, money: 10 })
  })

  test('hold costs, and what all of it came to where no price is known', () => {
    expect(scales(event('1', '5', { costs: dec('0.0000000001') }))).toEqual({ quantity: 0, money: 10 })
    expect(scales(event('1', null, { value: dec('0.00000000001') }), event('1', '5'))).toEqual({ quantity: 0, money: 11 })
  })

  test('hold what is picked of a lot', () => {
    expect(scales(event('10', '5'), event('-10', '6', { picks: [{ lot: '10 at 5', quantity: dec('2.125') }] }))).toEqual({ quantity: 3, money: 8 })
  })

  test('have room for the parts of a split where there are fractions, and only there', () => {
    const split = (quantity: string): LotEvent => event(quantity, null, { kind: 'split' })
    expect(scales(event('10', '5'), split('10'))).toEqual({ quantity: 0, money: 8 })
    expect(scales(event('10.5', '5.25'), split('10'))).toEqual({ quantity: 9, money: 11 })
    expect(scales(event('10.5', '5.25'), event('3', '5'))).toEqual({ quantity: 1, money: 8 })
  })

  test('hold the lots a book goes on with', () => {
    const after = (...events: LotEvent[]): unknown => matchLots([event('-1', '5')], 'fifo', book(...events)).closings.scales
    expect(after(event('2.125', '5.1234567'))).toEqual({ quantity: 3, money: 10 })
    expect(after(event('2', '5', { costs: dec('0.000000001') }))).toEqual({ quantity: 0, money: 9 })
    expect(after(event('2', null, { value: dec('5.0000000001') }))).toEqual({ quantity: 0, money: 10 })
    expect(after(event('2', null, { kind: 'receive' }))).toEqual({ quantity: 0, money: 8 })
  })

  test('are doubles as long as none rounds', () => {
    expect(book(event('10', '5'), event('-10', '6')).closings.kind).toBe('doubles')
    expect(book(event('12345678901', '5.12345678'), event('-12345678901', '6')).closings.kind).toBe('bigs')
  })

  test('of more digits than a double may have are left to arithmetic that never ends', () => {
    expect(doubles.read(dec('0.0000000000000001'), 16)).toBe(1)
    expect(doubles.read(dec('-0.000000000000001'), 15)).toBe(-1)
    expect(() => doubles.read(dec('0.00000000000000001'), 17)).toThrow(TooLarge)
  })

  test('hold a long book of which only later events need more', () => {
    const many = Array.from({ length: 33 }, (_, at) => event('2', '5', { key: `b${at}` }))
    const sale = (more: Partial<LotEvent>): LotBook => book(...many, event('-1', '6', { key: 's', ...more }))
    expect(sale({}).closings.scales).toEqual({ quantity: 0, money: 8 })
    expect(sale({ quantity: dec('-0.125') })).toMatchObject({ closings: { kind: 'doubles', scales: { quantity: 3, money: 8 } }, realizations: [{ quantity: '0.125', pnl: '0.125' }] })
    expect(sale({ price: dec('5.0000000001') })).toMatchObject({ closings: { scales: { quantity: 0, money: 10 } }, realizations: [{ pnl: '0.0000000001' }] })
    expect(sale({ costs: dec('0.0000000001') }).realizations).toMatchObject([{ pnl: '0.9999999999', fees: '0.0000000001' }])
    expect(sale({ price: dec('12345678901.123') })).toMatchObject({ closings: { kind: 'bigs' }, realizations: [{ pnl: '12345678896.123' }] })
  })

  test('hold what is picked of a lot', () => {
    expect(scales(event('10', '5'), event('-10', '6', { picks: [{ lot: '10 at 5', quantity: dec('2.125') }] }))).toEqual({ quantity: 3, money: 8 })
  })

  test('have room for the parts of a split that comes late in a long book', () => {
    const many = Array.from({ length: 33 }, (_, at) => event('0.5', '5', { key: `b${at}` }))
    const { lots } = book(...many, event('0.1', null, { key: 'p', kind: 'split' }))
    expect([lots[0]?.quantity, lots.at(-1)?.quantity, Dec.sum(lots.map(({ quantity }) => quantity))]).toEqual(['0.503030303', '0.503030304', '16.6'].map(dec))
  })

  test('are none where nothing was closed, however large it is', () => {
    const none = { opened: [], closed: [], trip: [], quantity: [], proceeds: [], cost: [], pnl: [], fees: [] }
    expect(book(event('1', '12345678901')).closings).toMatchObject({ kind: 'bigs', ...none })
    expect(book(event('1', '5')).closings).toMatchObject({ kind: 'doubles', ...none })
  })
})
