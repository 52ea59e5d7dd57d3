import { describe, expect, test } from 'vitest'
import { multiplierOf, multiplierOfSymbol } from '../../../electron/core/orders/multiplier.ts'
import type { AssetClass } from '../../../shared/domain/instrument.ts'

describe('what one of the quantity of an order counts', () => {
  test.each<[AssetClass, string, string | null]>([
    ['equity', 'AAPL', '1'],
    ['fund', 'VTSAX', '1'],
    ['crypto', 'BTC/USD', '1'],
    ['option', 'AAPL261218C00250000', '100'],
    // A digit ends the root: its deliverable is not a hundred shares.
    ['option', 'AAPL1261218C00250000', null],
    ['future', '/ESZ26', '50'],
    ['future', '/MCLZ26', '100'],
    ['future', '/ZZZZ26', null],
    ['future', 'ESZ26', null],
    ['future-option', './ESZ26 EW4X26 261127C6000', '50'],
    ['future-option', './CLZ26 LOZ26 261117P60', '1000'],
    ['future-option', './ZZZZ26 ZZZZ26 261117P60', null],
    ['future-option', '/ESZ26', null],
    ['bond', '912828XG8', null],
    ['forex', 'EUR/USD', null],
    ['index', '$SPX', null],
    ['cash', 'USD', null],
    ['other', 'AAPL', null],
  ])('for %s %s is %s', (assetClass, symbol, multiplier) => {
    expect(multiplierOf({ symbol, assetClass })).toBe(multiplier)
  })
})

describe('what one of the quantity of an order at its broker counts', () => {
  test.each<[string, string | null]>([
    ['AAPL', '1'],
    ['AAPL261218C00250000', '100'],
    ['AAPL1261218C00250000', null],
    ['/ESZ26', '50'],
    ['/ZZZZ26', null],
    ['/ES', null],
    ['./ESZ26 EW4X26 261127C6000', '50'],
    ['./ZZZZ26 ZZZZ26 261117P60', null],
    ['BTC/USD', '1'],
    // A stroke at its end makes no future of it.
    ['AAPL/', '1'],
  ])('is told by its symbol: %s is %s', (symbol, multiplier) => {
    expect(multiplierOfSymbol(symbol)).toBe(multiplier)
  })
})
