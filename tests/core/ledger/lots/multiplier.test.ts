import { describe, expect, test } from 'vitest'
import { matchLots } from '../../../../electron/core/ledger/lots/engine.ts'
import { lotEvents } from '../../../../electron/core/ledger/lots/lot-rows.ts'
import { classBySymbol, heldMultiplier, knownMultiplier, shownMultiplier } from '../../../../electron/core/ledger/lots/multiplier.ts'
import { Dec } from '../../../../shared/domain/decimal.ts'
import type { AssetClass } from '../../../../shared/domain/instrument.ts'
import { LocalDate } from '../../../../shared/domain/time.ts'
import { lotRow } from './support/row.ts'

const dec = Dec.of
const DAY = LocalDate.of('2026-03-02')
const bought = (quantity: string, price: string, amount: string, fees = '0'): ReturnType<typeof lotRow> => lotRow({ id: 1, side: 'buy', quantity, price, amount, fees })

describe('how many units one of an instrument is', () => {
  test.each([
    ['AAPL', 'equity', '1'], ['BTC/USD', 'crypto', '1'], ['AAPL261218C00250000', 'option', '100'], ['AAPL261218C00250000', null, '100'], ['/ESZ26', 'future', '50'], ['/6EZ26', 'future', '125000'],
    ['/MYMZ26', 'future', '0.5'], ['./ESU24 EW4Q24 240823C5750', 'future-option', '50'], ['AAPL', null, '1'], ['/ESZ26', null, '50'], ['./ESU24 EW4Q24 240823C5750', null, '50'],
  ] as const)('%s as %s: %s', (symbol, assetClass, multiplier) => {
    expect(knownMultiplier(symbol, assetClass, DAY)).toBe(dec(multiplier))
  })

  test.each([['AAPL1261218C00250000', 'option'], ['/XXZ26', 'future'], ['no future', 'future'], ['no option', 'future-option'], ['912796ZX9', 'bond'], ['912796ZX9', null], ['XYZ 2026 C', 'option'], ['XYZ', 'other']] as const)('%s as %s is not known by itself', (symbol, assetClass) => {
    expect(knownMultiplier(symbol, assetClass, DAY)).toBeNull()
  })

  test('what a symbol can only be is told by its form', () => {
    expect(['AAPL261218C00250000', '/ESZ26', './ESU24 EW4Q24 240823C5750', '912796ZX9', 'AAPL'].map(classBySymbol)).toEqual(['option', 'future', 'future-option', 'bond', null])
  })

  test('the cash of a row shows it: a whole number, or a hundredth of par', () => {
    expect(shownMultiplier(bought('2', '1.5', '-301.3', '1.3'))).toBe(dec('100'))
    expect(shownMultiplier(bought('1', '2.1', '-279.95', '0.65'))).toBe(dec('133'))
    expect(shownMultiplier(bought('10000', '99.85', '-9985'))).toBe(dec('0.01'))
    expect(shownMultiplier(bought('10', '182.5', '-1827', '2'))).toBe(dec('1'))
    expect([shownMultiplier(bought('2', '0', '-5')), shownMultiplier(bought('2', '3', '0'))]).toEqual([null, null])
  })

  test('a position shows it by what was paid for it; one of a future, whose price is never paid, does not', () => {
    const held = (assetClass: AssetClass, quantity: string, averagePrice: string | null, marketValue: string | null, unrealized: string | null) =>
      heldMultiplier({
        assetClass, quantity: dec(quantity), averagePrice: averagePrice === null ? null : dec(averagePrice), marketValue: marketValue === null ? null : dec(marketValue),
        unrealized: unrealized === null ? null : dec(unrealized),
      })
    expect(held('bond', '10000', '98', '9850', '50')).toBe(dec('0.01'))
    expect(held('option', '2', '3', '700', '100')).toBe(dec('100'))
    expect(held('option', '-2', '3', '-500', '100')).toBe(dec('100'))
    expect(held('future', '1', '6000', '6500', '500')).toBeNull()
    expect(held('bond', '10000', '98', '500', '50')).toBeNull()
    expect(held('option', '2', '0', '500', '500')).toBeNull()
    expect(held('option', '2', '3', '500', '500')).toBeNull()
    for (const [price, value, gain] of [[null, '9850', '50'], ['98', null, '50'], ['98', '9850', null]] as const) expect(held('bond', '10000', price, value, gain)).toBeNull()
  })

  test('a price told of what nobody knows the units of is no cost, of a row as of a lot from before the history', () => {
    const came = lotRow({ id: 1, symbol: '912796ZX9', assetClass: 'bond', kind: 'transfer', quantity: '10000' })
    const opening = { id: 'lot_1', day: DAY, quantity: dec('10000'), price: dec('98') }
    const said = { symbol: '912796ZX9', overrides: new Map([['r1', { price: dec('98') }]]) }
    expect(lotEvents([came], { ...said, openings: [opening] }).events).toMatchObject([{ key: 'lot_1', price: null }, { key: 'r1', price: null }])
    const told = lotEvents([came], { ...said, openings: [{ ...opening, assetClass: 'bond', multiplier: dec('0.01') }] })
    expect(told.events).toMatchObject([{ price: '98', multiplier: '0.01' }, { price: '98', multiplier: '0.01' }])
    // A book that goes on asks its rows again: they may say otherwise.
    expect(told.multiplier).toBeNull()
  })

  test('cash that fits no whole number, and rows that lack a figure, show none', () => {
    expect(shownMultiplier(bought('2', '1.5', '-4.2'))).toBeNull()
    expect(shownMultiplier(bought('2', '0', '-4.2'))).toBeNull()
    expect(shownMultiplier(bought('2', '1.5', '0'))).toBeNull()
    expect(shownMultiplier(bought('2', '0', '0'))).toBeNull()
    expect(shownMultiplier(bought('0', '1.5', '-1.3', '1.3'))).toBeNull()
    expect(shownMultiplier(bought('1', '0.0001', '-100'))).toBeNull()
    expect(shownMultiplier(lotRow({ id: 1, side: 'buy', quantity: '2', price: '1.5' }))).toBeNull()
    expect(shownMultiplier(lotRow({ id: 1, side: 'buy', price: '1.5', amount: '-300' }))).toBeNull()
    expect(shownMultiplier(lotRow({ id: 1, kind: 'transfer', side: 'buy', quantity: '2', price: '1.5', amount: '-300' }))).toBeNull()
    expect(shownMultiplier(lotRow({ id: 1, quantity: '2', price: '1.5', amount: '-300' }))).toBeNull()
  })

  test('cash may be up to a twentieth of the price off, for what the broker rounds; a hundred thousand units and more are none', () => {
    expect(shownMultiplier(bought('1', '100', '-105'))).toBe(dec('1'))
    expect(shownMultiplier(bought('1', '100', '-105.01'))).toBeNull()
    expect(shownMultiplier(bought('1', '100', '-94.99'))).toBeNull()
    expect(shownMultiplier(bought('1', '0.01', '-999.99'))).toBe(dec('99999'))
    expect(shownMultiplier(bought('1', '0.01', '-1000'))).toBeNull()
  })

  test('where nothing says it, what was paid says what it came to', () => {
    const rows = [
      lotRow({ id: 1, symbol: 'ODD', assetClass: 'other', side: 'buy', quantity: '2', amount: '-301', fees: '1', day: '2026-03-01' }),
      lotRow({ id: 2, symbol: 'ODD', assetClass: 'other', side: 'sell', quantity: '2', amount: '349', fees: '1' }),
    ]
    const { events, multiplier } = lotEvents(rows)
    expect(multiplier).toBeNull()
    expect(matchLots(events, 'fifo').realizations).toMatchObject([{ proceeds: dec('349'), cost: dec('301'), pnl: dec('48'), fees: dec('2') }])
  })

  test('a trade without price and cash has a result nobody knows', () => {
    const rows = [
      lotRow({ id: 1, side: 'buy', quantity: '2', price: '10', amount: '-20', day: '2026-03-01' }),
      lotRow({ id: 2, side: 'sell', quantity: '2' }),
    ]
    expect(matchLots(lotEvents(rows).events, 'fifo')).toMatchObject({ lots: [], realizations: [{ proceeds: null, cost: dec('20'), pnl: null }] })
  })

  test('a future that is not listed makes nothing anybody knows', () => {
    const rows = [lotRow({ id: 1, symbol: '/XXZ26', assetClass: 'future', side: 'buy', quantity: '1', price: '10', amount: '-2', fees: '2' })]
    expect(lotEvents(rows)).toMatchObject({ multiplier: null, events: [{ price: null, costs: dec('2') }] })
    expect(lotEvents(rows, { overrides: new Map([['r1', { multiplier: dec('25') }]]) }).events).toMatchObject([{ price: dec('10'), multiplier: dec('25') }])
  })
})
