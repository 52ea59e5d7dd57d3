import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { Dec } from '../../shared/domain/decimal.ts'
import {
  columnFutureOptionSymbol,
  type FutureContract,
  futureOptionSymbol,
  futureSymbol,
  futureTick,
  parseFuture,
  parseFutureOption,
  shortFutureSymbol,
} from '../../shared/domain/futures.ts'
import {
  cryptoPair,
  indexSymbol,
  normalSymbol,
  occSymbol,
  type OptionContract,
  pairCurrency,
  paddedOcc,
  parseOcc,
} from '../../shared/domain/instrument.ts'
import { dashedOsi, etradeKey, parseDashedOsi, parseEtradeKey, parseTdaOption, tdaOption } from '../../shared/domain/option-spellings.ts'
import { LocalDate } from '../../shared/domain/time.ts'

const day = fc.integer({ min: 0, max: 9000 }).map(days => LocalDate.plusDays(LocalDate.of('2010-01-01'), days))
const strike = fc.integer({ min: 1, max: 99_999_999 }).map(thousandths => Dec.mul(Dec.of(String(thousandths)), Dec.of('0.001')))
const right = fc.constantFrom('call' as const, 'put' as const)
const contract: fc.Arbitrary<OptionContract> = fc.record({
  underlying: fc.stringMatching(/^[A-Z]{1,5}[A-Z0-9]?$/),
  expiry: day,
  right,
  strike,
})

describe('an option contract', () => {
  const tesla: OptionContract = { underlying: 'TSLA', expiry: LocalDate.of('2026-10-20'), right: 'call', strike: Dec.of('230') }

  test.each<[string, string | undefined]>([
    ['TSLA261020C00230000', occSymbol(tesla)],
    ['TSLA--261020C00230000', dashedOsi(tesla)],
    ['TSLA:2026:10:20:CALL:230', etradeKey(tesla)],
    ['TSLA_102026C230', tdaOption(tesla)],
    ['TSLA  261020C00230000', paddedOcc('TSLA261020C00230000')],
  ])('is spelled %s', (text, spelled) => expect(spelled).toBe(text))

  test('keeps its value in every spelling and back', () => {
    fc.assert(
      fc.property(contract, option => {
        const symbol = occSymbol(option) ?? ''
        expect(parseOcc(symbol)).toEqual(option)
        expect(paddedOcc(symbol)).toHaveLength(21)
        expect(normalSymbol(paddedOcc(symbol))).toBe(symbol)
        expect(parseDashedOsi(dashedOsi(option) ?? '')).toEqual(option)
        expect(parseEtradeKey(etradeKey(option))).toEqual(option)
        expect(parseTdaOption(tdaOption(option))).toEqual(option)
      }),
    )
  })

  test.each(['FB----181221C00140000', 'IBM---190215C00130000'])("reads E*TRADE's %s", text => expect(parseDashedOsi(text)).toBeDefined())

  test('reads keys with padded parts and a strike with zeros', () => {
    expect(parseEtradeKey('AAPL:2013:3:22:CALL:485.000000')).toEqual({
      underlying: 'AAPL',
      expiry: '2013-03-22',
      right: 'call',
      strike: '485',
    })
    expect(parseTdaOption('AAPL_051724P190')).toEqual({ underlying: 'AAPL', expiry: '2024-05-17', right: 'put', strike: '190' })
    expect(parseTdaOption('F_011720C9.5')).toMatchObject({ strike: '9.5', expiry: '2020-01-17' })
  })

  test.each(['', 'AAPL', 'AAPL_051724X190', 'AAPL_131724P190', 'AAPL_051724P', 'AAPL:2026:2:30:CALL:1', 'TSLA--2310', 'a:2026:2:3:CALL:1'])(
    'is not read from %j',
    text => expect([parseTdaOption(text), parseEtradeKey(text), parseDashedOsi(text)]).toEqual([undefined, undefined, undefined]),
  )

  test.each<[Partial<OptionContract>]>([
    [{ strike: Dec.of('100000') }],
    [{ strike: Dec.of('1.2345') }],
    [{ strike: Dec.of('-1') }],
    [{ underlying: 'TOOLONG' }],
    [{ underlying: '' }],
  ])('that OCC cannot spell has no symbol: %o', part => expect(occSymbol({ ...tesla, ...part })).toBeUndefined())

  test('leaves other symbols as they are', () => expect([paddedOcc('AAPL'), paddedOcc('/ESZ26')]).toEqual(['AAPL', '/ESZ26']))
})

describe('a future', () => {
  const near = LocalDate.of('2026-11-20')

  test.each<[string, string]>([
    ['/ESZ26', '/ESZ26'],
    ['/ESZ6', '/ESZ26'],
    ['/ESZ26:XCME', '/ESZ26'],
    ['/6EH7', '/6EH27'],
    ['/M2KZ5', '/M2KZ25'],
    ['/CLF4', '/CLF34'],
    ['/10YU5', '/10YU25'],
    [' /MESH7 ', '/MESH27'],
  ])('%s is %s', (text, symbol) => {
    const contract = parseFuture(text, near)
    expect(contract && futureSymbol(contract)).toBe(symbol)
  })

  test.each(['ESZ26', '/ES', '/ESA26', '/ESZ126', '/', '', './ESZ26', 'BTC/USD'])('%j is none', text =>
    expect(parseFuture(text, near)).toBeUndefined(),
  )

  const future: fc.Arbitrary<FutureContract> = fc.record({
    root: fc.constantFrom('ES', 'MES', '6E', 'M2K', 'CL', 'ZB', 'RTY'),
    month: fc.constantFrom(...'FGHJKMNQUVXZ'.split('')),
    year: fc.integer({ min: 2020, max: 2029 }),
  })

  test('keeps its contract in both spellings, read near its life', () => {
    fc.assert(
      fc.property(future, fc.integer({ min: -8, max: 1 }), (contract, years) => {
        const then = LocalDate.of(`${contract.year + years}-06-15`)
        expect(parseFuture(futureSymbol(contract), near)).toEqual(contract)
        expect(parseFuture(shortFutureSymbol(contract, then) ?? '', then)).toEqual(contract)
      }),
    )
  })

  test.each([2016, 2024, 2035, 2036, 2126])('of %d has no year of one digit near 2026, because that would be read as another', year =>
    expect(shortFutureSymbol({ root: 'ES', month: 'Z', year }, LocalDate.of('2026-11-20'))).toBeUndefined(),
  )

  test('has the step of its product', () =>
    expect([futureTick('ES'), futureTick('ZB'), futureTick('??')]).toEqual(['0.25', '0.03125', undefined]))
})

describe('an option on a future', () => {
  test.each<[string, string, string]>([
    ['./ESU4 EW4Q4 240823C5750', './ESU24 EW4Q24 240823C5750', './ESU4 EW4Q4 240823C5750'],
    ['./ESZ9 EW4U9 190927P2975', './ESZ19 EW4U19 190927P2975', './ESZ9 EW4U9 190927P2975'],
    ['./MESZ5EXV5  251031P5400', './MESZ25 EXV25 251031P5400', './MESZ5EXV5  251031P5400'],
    ['./6EZ6  2EUZ6 261211C1.085', './6EZ26 2EUZ26 261211C1.085', './6EZ6 2EUZ6 261211C1.085'],
  ])('%s is %s', (text, symbol, columns) => {
    const option = parseFutureOption(text)
    if (!option) throw new Error('not read')
    expect(futureOptionSymbol(option)).toBe(symbol)
    expect(parseFutureOption(symbol)).toEqual(option)
    expect(columnFutureOptionSymbol(option)).toBe(columns)
    expect(parseFutureOption(columns)).toEqual(option)
  })

  test.each(['./ESZ36 EW4Z26 261211C1', './ESZ26 EW4Z36 261211C1', './ESZ16 EW4Z26 261211C1'])(
    '%s has no columns: they would name another',
    text => {
      const option = parseFutureOption(text)
      if (!option) throw new Error('not read')
      expect(columnFutureOptionSymbol(option)).toBeUndefined()
    },
  )

  test.each(['', './ES', './ESZ6 EW4Z6', './ESZ6 EW4Z6 261399C1', '/ESZ6', './ESZ6 EW4Z6 261211X1'])('%j is none', text =>
    expect(parseFutureOption(text)).toBeUndefined(),
  )
})

describe('a pair and an index', () => {
  test.each<[string, string | undefined]>([
    ['BTC/USD', 'BTC/USD'],
    ['BTCUSD', 'BTC/USD'],
    ['btc-usd', 'BTC/USD'],
    ['ETH/BTC', 'ETH/BTC'],
    ['SHIBUSDT', 'SHIB/USDT'],
    ['USDCUSD', 'USDC/USD'],
    ['AAPL', undefined],
    ['', undefined],
  ])('%s is the pair %s', (text, pair) => expect(cryptoPair(text)).toBe(pair))

  test('names what it is priced in', () => expect([pairCurrency('ETH/BTC'), pairCurrency('AAPL')]).toEqual(['BTC', undefined]))

  test.each(['SPX', '$SPX', '$SPX.X', ' spx '])('%s is the index $SPX', text => expect(indexSymbol(text)).toBe('$SPX'))
})
