import { describe, expect, test } from 'vitest'
import { countedId, fingerprint, isFuture, readCountedId, toldDay, type Told } from '../../../electron/core/ledger/fingerprint.ts'
import { Dec } from '../../../shared/domain/decimal.ts'
import { Instant, LocalDate } from '../../../shared/domain/time.ts'

const dec = Dec.of
const fill: Told = { kind: 'trade', tradeDate: LocalDate.of('2026-03-02'), symbol: 'AAPL', side: 'buy', quantity: dec('10'), price: dec('5'), amount: dec('-50'), executedAt: null }
/** The facts whose change makes it another row. */
function telling(row: Told, changes: Readonly<Record<string, Partial<Told>>>): string[] {
  return Object.entries(changes).filter(([, change]) => fingerprint({ ...row, ...change }) !== fingerprint(row)).map(([name]) => name)
}

const CHANGES = {
  kind: { kind: 'transfer' }, day: { tradeDate: LocalDate.of('2026-03-03') }, symbol: { symbol: 'MSFT' }, 'no symbol': { symbol: null }, side: { side: 'sell' }, quantity: { quantity: dec('11') },
  price: { price: dec('6') }, amount: { amount: dec('-51') }, 'no amount': { amount: null },
} as const

describe('what two sources of one history agree on', () => {
  test('is all there is of a trade', () => {
    expect(telling(fill, CHANGES)).toEqual(Object.keys(CHANGES))
  })

  test('is the day and the instrument of an option that ended, because not every source says how many', () => {
    expect(telling({ ...fill, kind: 'option-event' }, CHANGES)).toEqual(['kind', 'day', 'symbol', 'no symbol'])
  })

  test('is what moved of anything else, whatever its source calls it', () => {
    const dividend: Told = { ...fill, kind: 'dividend' }
    expect(telling(dividend, CHANGES)).toEqual(['day', 'symbol', 'no symbol', 'quantity', 'amount', 'no amount'])
    expect(telling(dividend, { trade: { kind: 'trade' }, end: { kind: 'option-event' }, interest: { kind: 'interest' } })).toEqual(['trade', 'end'])
  })

  test('keeps figures apart that look the same in a row', () => {
    expect(telling({ ...fill, quantity: dec('1'), price: dec('23') }, { shifted: { quantity: dec('12'), price: dec('3') } })).toEqual(['shifted'])
    expect(telling({ ...fill, symbol: null }, { empty: { symbol: '' } })).toEqual(['empty'])
  })

  test('is the day of the moment of a future, because one source counts its evening to the next session and another does not', () => {
    const evening: Told = { ...fill, symbol: '/ESZ26', tradeDate: LocalDate.of('2026-11-15'), executedAt: Instant.parse('2026-11-15T23:30:00Z') }
    expect(telling(evening, { session: { tradeDate: LocalDate.of('2026-11-16') }, 'another minute': { executedAt: Instant.parse('2026-11-15T23:40:00Z') } })).toEqual([])
    expect(telling({ ...evening, symbol: './ESZ26 EW4X26 261127C6000' }, { session: { tradeDate: LocalDate.of('2026-11-16') } })).toEqual([])
    expect(telling({ ...evening, symbol: 'AAPL' }, { session: { tradeDate: LocalDate.of('2026-11-16') } })).toEqual(['session'])
    expect(fingerprint({ ...evening, executedAt: null })).toBe(fingerprint(evening))
  })

  test('stays the same from version to version, or rows of files would be added again', () => {
    expect(fingerprint(fill)).toBe('df48d298b1f952c4bce02ed4474733f2')
    expect(fingerprint({ ...fill, kind: 'option-event' })).toBe('db7a87b2e29b35dbd7a774b3d480dbe0')
    expect(fingerprint({ ...fill, kind: 'fee' })).toBe('f515feb152d5306333b9d42f27ae585b')
  })
})

test('Only what begins as a future does has the day of New York: a coin keeps the day its broker says', () => {
  const evening = { tradeDate: LocalDate.of('2026-03-03'), executedAt: Instant.parse('2026-03-03T01:00:00Z') }
  const days = ['/ESZ26', './ESU24 EW4Q24 240823C5750', 'BTC/USD', null].map(symbol => toldDay({ ...evening, symbol }))
  expect(days).toEqual(['2026-03-02', '2026-03-02', '2026-03-03', '2026-03-03'])
  expect(isFuture('BTC/USD')).toBe(false)
})

describe('the id of a row of a file', () => {
  const print = fingerprint(fill)

  test('says what it was made of', () => {
    expect(countedId(print, 12)).toBe(`file-${print}-12`)
    expect(readCountedId(countedId(print, 12))).toEqual({ print, ordinal: 12 })
  })

  test.each([`xfile-${print}-1`, `file-${print}-1x`, `file-${print}-`, `file-${print.slice(1)}-1`, `file-${print}-1234567890`, `file-${print.toUpperCase()}-1`, '20260302-1'])('%s is none', id => {
    expect(readCountedId(id)).toBeNull()
  })
})
