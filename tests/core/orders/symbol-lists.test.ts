import { describe, expect, test } from 'vitest'
import { isDenied, isListed } from '../../../electron/core/orders/symbol-lists.ts'

describe('a symbol of a list', () => {
  test.each<[string, string]>([
    ['AAPL', 'AAPL'],
    ['AAPL', ' aapl '],
    ['aapl', 'AAPL'],
    ['AAPL261218C00250000', 'aapl'],
    ['AAPL261218C00250000', 'AAPL261218C00250000'],
    ['/ESZ26', '/es'],
    ['/ESZ26', '/ESZ26'],
    ['./ESZ26 EW4X26 261127C6000', '/ES'],
    ['BRK.B', 'BRK.B'],
    ['BTC/USD', 'BTC/USD'],
  ])('is %s where the list has %s', (symbol, listed) => {
    expect(isListed({ symbol }, ['MSFT', listed])).toBe(true)
    expect(isDenied({ symbol }, ['MSFT', listed])).toBe(true)
  })

  test.each<[string, string]>([
    ['AAPL', 'AAP'],
    ['AAPL', 'AAPL261218C00250000'],
    ['/ESZ26', 'ES'],
    ['/ESZ26', '/MES'],
    ['/ESZ26', '/ESH27'],
    ['ES', '/ES'],
    ['BTC/USD', 'USD'],
    ['BTC/USD', 'ETH/USD'],
    ['MSFT', ''],
    ['AAPL', '/undefined'],
  ])('is not %s where the list has %s', (symbol, listed) => {
    expect(isListed({ symbol }, [listed])).toBe(false)
    expect(isDenied({ symbol }, [listed])).toBe(false)
  })

  test('is none of an empty list', () => {
    expect([isListed({ symbol: 'AAPL' }, []), isDenied({ symbol: 'AAPL' }, [])]).toEqual([false, false])
  })
})

describe('a symbol not to trade', () => {
  test.each<[string, string]>([
    ['BRK.B', 'BRK/B'],
    ['BRK.B', ' brk b '],
    ['BRK.B', 'brkb'],
    ['BTC/USD', 'BTC'],
    ['btc/usd', 'BTC'],
    ['BTC/USDT', 'btc'],
    ['BTC/USD', 'BTC-USD'],
    ['/ESZ26', ' /es'],
    ['./ESZ26 EW4X26 261127C6000', '/es'],
  ])('is %s however it is spelled: %s', (symbol, denied) => {
    expect(isDenied({ symbol }, [denied])).toBe(true)
  })

  test('is allowed by no other spelling, and no pair by its coin', () => {
    expect(isListed({ symbol: 'BRK.B' }, ['BRK/B', 'BRKB'])).toBe(false)
    expect(isListed({ symbol: 'BTC/USD' }, ['BTC', 'BTC-USD'])).toBe(false)
  })
})

describe('an index that is not to be traded', () => {
  test.each([
    ['SPX', 'SPXW'],
    ['NDX', 'NDXP'],
    ['RUT', 'RUTW'],
    ['VIX', 'VIXW'],
    ['DJX', 'DJXW'],
  ])('keeps options of %s back under all their roots', (index, root) => {
    for (const listed of [index, `$${index.toLowerCase()}`]) {
      expect(isDenied({ symbol: `${index}261218C00100000` }, [listed])).toBe(true)
      expect(isDenied({ symbol: `${root}261218C00100000` }, [listed])).toBe(true)
    }
    expect(isDenied({ symbol: `${root}261218C00100000` }, [root])).toBe(true)
    expect(isDenied({ symbol: `${index}261218C00100000` }, [root])).toBe(false)
    expect(isDenied({ symbol: root }, [index])).toBe(false)
    // What is allowed has to be named.
    expect(isListed({ symbol: `${root}261218C00100000` }, [index])).toBe(false)
  })
})
