import { describe, expect, test } from 'vitest'
import { heldWith } from '../../../electron/core/ledger/held-with.ts'
import { addOpening, setMethod, setOverride, setPicks } from '../../../electron/core/store/ledger-words.ts'
import { Dec } from '../../../shared/domain/decimal.ts'
import { LocalDate } from '../../../shared/domain/time.ts'
import { AT } from '../../support/data-folder.ts'
import { save } from '../store/support.ts'
import { buy, type Desk, desk, sale } from './support/desk.ts'
import { ledgerDump, settled } from './support/ledger-dump.ts'

const dec = Dec.of
type Told = ReturnType<typeof buy>

function deskOf(...rows: readonly Told[]): Desk {
  const own = desk()
  save(own.db, rows.map(told => own.row(told)))
  settled(own.work)
  return own
}

/** What would be held with one more lot of February. */
function heldIn({ db }: Desk, quantity: string, { account = 1, symbol = 'AAPL', currency = 'USD', day = '2025-02-03' } = {}): string {
  return heldWith(db.writer, account, symbol, currency)({ day: LocalDate.of(day), quantity: dec(quantity) })
}

describe('what an account would hold with one more lot from before its history', () => {
  test('is that much more, and less what sales closed of it that found nothing', () => {
    expect(heldIn(deskOf(buy('a', '2025-03-03')), '4')).toBe('14')
    expect(heldIn(deskOf(buy('a', '2025-03-03'), sale('s', '2025-03-04', { quantity: dec('13') })), '4')).toBe('1')
    expect(heldIn(deskOf(sale('s', '2025-03-04', { quantity: dec('3') })), '4')).toBe('1')
    expect(heldIn(deskOf(buy('a', '2025-03-03')), '-4')).toBe('6')
  })

  test('is counted by the splits behind its day', () => {
    const own = deskOf(buy('a', '2025-03-03'), buy('p', '2025-03-05', { kind: 'split', side: null, price: null, quantity: dec('10') }))
    expect(heldIn(own, '10')).toBe('30')
    expect(heldIn(deskOf(buy('d', '2025-03-03', { kind: 'dividend', brokerType: 'DIV', side: null, price: null, amount: dec('4') })), '10')).toBe('10')
  })

  test('is of its instrument, currency and account alone, with the lots told of these before', () => {
    const own = deskOf(buy('a', '2025-03-03'), buy('x', '2025-03-03', { symbol: 'XYZ', quantity: dec('100') }), buy('c', '2025-03-03', { currency: 'CAD', quantity: dec('1000') }))
    const told = { symbol: 'AAPL', currency: 'USD', day: LocalDate.of('2025-01-02'), quantity: dec('2'), price: dec('1'), note: '', createdAt: AT }
    own.db.writer.tx(w => {
      for (const [id, more] of Object.entries({ o1: {}, o2: { symbol: 'XYZ', quantity: dec('30') }, o3: { currency: 'CAD', quantity: dec('500') } })) addOpening(w, 1, { ...told, id, ...more })
      addOpening(w, 2, { ...told, id: 'o4', quantity: dec('9000') })
    })
    expect([heldIn(own, '4'), heldIn(own, '4', { symbol: 'XYZ' }), heldIn(own, '4', { currency: 'CAD' }), heldIn(own, '4', { account: 2 })]).toEqual(['16', '134', '1504', '9004'])
  })

  test('goes by what the user says of rows', () => {
    const own = deskOf(buy('a', '2025-03-03'), sale('s', '2025-03-04'))
    own.db.writer.tx(w => setOverride(w, 1, 's', { quantity: dec('3') }, AT))
    expect(heldIn(own, '4')).toBe('11')
    own.db.writer.tx(w => setOverride(w, 1, 's', { ignored: true }, AT))
    expect(heldIn(own, '4')).toBe('14')
  })

  test('goes by the lots that went on in another instrument', () => {
    const change = (symbol: string, quantity: string, id: string): Told => buy(id, '2025-03-05', { kind: 'corporate-action', brokerType: 'NAME CHANGE', side: null, price: null, symbol, quantity: dec(quantity) })
    const own = deskOf(buy('a', '2025-03-03'), change('AAPL', '-10', 'out'), change('NEWX', '20', 'in'))
    expect([heldIn(own, '4'), heldIn(own, '4', { symbol: 'NEWX' })]).toEqual(['4', '24'])
  })

  test('is the same by each method and whatever is picked, and nothing is written for it', () => {
    const own = deskOf(buy('a', '2025-03-03'), sale('s', '2025-03-04', { quantity: dec('4') }))
    for (const method of ['fifo', 'lifo', 'hifo', 'average'] as const) {
      own.db.writer.tx(w => {
        setMethod(w, 1, method)
        setPicks(w, 1, 's', [{ lot: 'before', quantity: dec('4') }])
      })
      const before = ledgerDump(own.db)
      expect(heldIn(own, '4')).toBe('10')
      expect(ledgerDump(own.db)).toEqual(before)
    }
  })
})
