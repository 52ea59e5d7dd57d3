import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { type Db, openConnection } from '../../../electron/core/db/open.ts'
import { createLedgerWork } from '../../../electron/core/ledger/work.ts'
import { exportPart } from '../../../electron/core/services/ledger-export.ts'
import { closingViews, realizations, trips } from '../../../electron/core/services/ledger-trips.ts'
import { removeConnection } from '../../../electron/core/store/connections.ts'
import { closingsOfTrip } from '../../../electron/core/store/ledger-closings.ts'
import { everyAccount } from '../../../electron/core/store/ledger-scope.ts'
import { tripPage } from '../../../electron/core/store/ledger-trips.ts'
import { setMethod } from '../../../electron/core/store/ledger-words.ts'
import type { LedgerScope, RealizationView } from '../../../shared/contract/ledger.ts'
import { Dec } from '../../../shared/domain/decimal.ts'
import type { AccountId, ConnectionId } from '../../../shared/domain/ids.ts'
import { Instant, LocalDate } from '../../../shared/domain/time.ts'
import { AT, tempDatabase } from '../../support/data-folder.ts'
import { type Row, save, withAccounts } from '../store/support.ts'
import { settled } from './support/ledger-dump.ts'
import { type ExpectedWash, washOracle } from './support/wash-oracle.ts'

const SYMBOLS = ['AAPL', 'AAPL', 'AAPL260618C00050000', 'BF.B', 'BF/B', 'BFB260618C00050000', 'AAPL260618P00050000', 'BTC/USD'] as const
const START = LocalDate.of('2023-01-02')
const ENVIRONMENT = { environment: 'paper' } as const

interface Told {
  readonly account: number
  readonly symbol: (typeof SYMBOLS)[number]
  readonly side: 'buy' | 'sell'
  readonly effect: 'open' | 'close' | null
  readonly quantity: number
  readonly price: number
  /** Days behind the row before. */
  readonly after: number
}

const told: fc.Arbitrary<Told> = fc.record({
  account: fc.integer({ min: 0, max: 2 }), symbol: fc.constantFrom(...SYMBOLS), side: fc.constantFrom('buy', 'buy', 'sell'), effect: fc.constantFrom(null, null, null, 'open', 'close'),
  quantity: fc.integer({ min: 1, max: 9 }), price: fc.integer({ min: 30, max: 60 }), after: fc.oneof(fc.integer({ min: 0, max: 9 }), fc.constantFrom(20, 31, 45)),
})

/** Rows that follow each other; their ids do not tell their order. */
function rowsOf(all: readonly Told[], accounts: readonly AccountId[]): Row[] {
  let day = START
  return all.map(({ account, symbol, side, effect, quantity, price, after }, at): Row => {
    day = LocalDate.plusDays(day, after)
    return {
      accountId: accounts[account] ?? ('' as AccountId), raw: '{}',
      facts: {
        externalId: `r${(at * 37) % 101}`, kind: 'trade', brokerType: 'FILL', symbol, assetClass: symbol.includes('USD') ? 'crypto' : symbol.length > 8 ? 'option' : 'equity', side, positionEffect: effect,
        quantity: Dec.of(String(quantity)), price: Dec.of(String(price)), amount: null, fees: Dec.zero, currency: 'USD', executedAt: Instant.plus(Instant.parse(`${day}T15:00:00Z`), at * 1000), tradeDate: day,
        orderId: null, description: null, status: 'final',
      },
    }
  })
}

function computed(db: Db, rows: readonly Row[]): void {
  save(db, rows)
  settled(createLedgerWork(db.writer))
}

/** All closings of a question, page by page. */
function paged(db: Db, scope: LedgerScope, limit: number): RealizationView[] {
  const rows: RealizationView[] = []
  let after: string | undefined
  do {
    const page = realizations(db.reader, { ...ENVIRONMENT, ...scope, limit, after })
    rows.push(...page.rows)
    after = page.next ?? undefined
  } while (after !== undefined)
  return rows
}

const nameOf = ({ accountId, symbol, openKey, closeKey }: RealizationView): string => [accountId, symbol, openKey, closeKey].join('|')

/** Whether a flag says what it has to, the part of the loss within its last decimal. */
function expectFlag({ wash, pnl }: RealizationView, expected: ExpectedWash | undefined): void {
  expect(wash?.replacements.map(({ accountId, day, quantity }) => [accountId, day, quantity])).toEqual(
    expected?.replacements.map(([account, day, hundredths]) => [account, day, Dec.mul(Dec.of(String(hundredths)), Dec.of('0.01'))]),
  )
  if (!wash || !expected) return
  const [numerator, denominator] = expected.part.map(value => Dec.of(String(value))) as [Dec, Dec]
  const off = Dec.abs(Dec.sub(Dec.mul(wash.disallowed, denominator), Dec.mul(Dec.neg(pnl ?? Dec.zero), numerator)))
  expect(Dec.cmp(off, Dec.mul(denominator, Dec.of('0.00000001')))).toBeLessThanOrEqual(0)
}

/** Asks in every way there is; each closing has the flag that its whole history gives it. */
function expectFlags(db: Db, rows: readonly Row[], accounts: readonly AccountId[]): void {
  const all = paged(db, {}, 500)
  const expected = new Map([...washOracle(rows, all, new Set(accounts.slice(2)))].map(([one, wash]) => [nameOf(one), wash]))
  const days = all.map(({ closeDay }) => closeDay).toSorted()
  const middle = days[days.length >> 1]
  const scopes: LedgerScope[] = [{}, ...accounts.map(accountId => ({ accountId })), ...new Set(SYMBOLS)].map(one => (typeof one === 'string' ? { symbol: one } : one))
  for (const scope of [...scopes, { from: middle }, { to: middle }, { from: middle, to: middle }]) for (const one of paged(db, scope, 25)) expectFlag(one, expected.get(nameOf(one)))
  const exported = exportPart(db.reader, { ...ENVIRONMENT, what: 'realizations', format: 'json', from: middle }, AT).text.split('\n').filter(Boolean)
  const later = paged(db, { from: middle }, 500)
  expect(exported.map(line => (JSON.parse(line) as { washDisallowed: string | null }).washDisallowed)).toEqual(later.map(({ wash }) => wash?.disallowed ?? null))
  const runs = tripPage(db.reader, everyAccount(db.reader), ENVIRONMENT, { limit: 500 }).rows
  const holds = runs.map(({ book, trip }) => closingViews(db.reader, closingsOfTrip(db.reader, book, trip)).some(one => expected.has(nameOf(one))))
  expect(trips(db.reader, { ...ENVIRONMENT, limit: 500 }).rows.map(({ hasWash }) => hasWash)).toEqual(holds)
}

describe('what replaces losses', () => {
  test('is the same whoever asks for whatever, what a slow and plain look at everything finds, before and after more arrives', () => {
    fc.assert(
      fc.property(fc.array(told, { minLength: 20, maxLength: 60 }), fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { maxLength: 2 }), fc.boolean(), (history, cuts, isBackwards) => {
        const db = tempDatabase()
        const accounts = withAccounts(db, { con_1: ['1001', '1002'], con_2: ['2002'] })
        setMethod(db.writer, 3, 'average')
        const rows = rowsOf(history, accounts)
        const places = [0, ...cuts.map(cut => Math.floor(cut * rows.length)).toSorted((a, b) => a - b), rows.length]
        const batches = places.slice(1).map((to, at) => rows.slice(places[at], to))
        let there: Row[] = []
        for (const batch of isBackwards ? batches.toReversed() : batches) {
          computed(db, batch)
          there = [...there, ...batch]
          expectFlags(db, there, accounts)
        }
        const fresh = openConnection(db.raw.name, { readonly: true })
        expect(paged(fresh, {}, 500)).toEqual(paged(db, {}, 500))
        fresh.close()
      }),
      { numRuns: 12 },
    )
  })

  const bought = { account: 0, symbol: 'AAPL', side: 'buy', effect: null, quantity: 4, price: 50, after: 0 } as const
  /** Twenty months of losses out of one old lot, each with a purchase within its days and those of the next: a chain without a pause. */
  const chain: Told[] = [
    { ...bought, quantity: 400 }, { ...bought, side: 'sell', price: 40, after: 60 },
    ...Array.from({ length: 12 }, (): Told[] => [{ ...bought, after: 25 }, { ...bought, side: 'sell', price: 40, after: 25 }]).flat(),
  ]
  const again = (accountId: AccountId, day: string): Row[] => {
    const [row] = rowsOf([bought], [accountId])
    return row ? [{ ...row, facts: { ...row.facts, externalId: `again-${day}`, tradeDate: LocalDate.of(day), executedAt: Instant.parse(`${day}T10:00:00Z`) } }] : []
  }
  const flagsOf = (db: Db): (readonly [day: string, disallowed: string | null])[] => paged(db, {}, 500).map(({ closeDay, wash }) => [closeDay, wash?.disallowed ?? null])

  test('reaches through a chain of losses and purchases as long as it is, whichever days are asked for', () => {
    const db = tempDatabase()
    const accounts = withAccounts(db, { con_1: ['1001'], con_2: ['2002'] })
    computed(db, rowsOf(chain, accounts))
    const whole = paged(db, {}, 500)
    for (const { closeDay } of whole) expect(paged(db, { from: closeDay, to: closeDay }, 5)).toEqual(whole.filter(one => one.closeDay === closeDay))
    computed(db, again(accounts[1] as AccountId, '2023-02-20'))
    const after = paged(db, {}, 500)
    expect(after).not.toEqual(whole)
    for (const { closeDay } of after) expect(paged(openConnection(db.raw.name, { readonly: true }), { from: closeDay, to: closeDay }, 5)).toEqual(after.filter(one => one.closeDay === closeDay))
  })

  test('goes to the lot a sale closed first, on whichever page of one row, for one sale that closed several at a loss', () => {
    const db = tempDatabase()
    const accounts = withAccounts(db, { con_1: ['1001'], con_2: ['2002'] })
    computed(db, [...rowsOf([bought, { ...bought, price: 60 }, { ...bought, side: 'sell', quantity: 8, price: 40, after: 100 }], accounts), ...again(accounts[1] as AccountId, '2023-05-01')])
    for (const limit of [1, 500]) {
      const flags = new Map(paged(db, {}, limit).map(({ openKey, wash }) => [openKey, wash?.disallowed ?? null]))
      expect(flags).toEqual(new Map([['r0', '40'], ['r37', null]]))
    }
  })

  test('changes at once with a purchase another process adds, early or late, corrects or takes back', () => {
    const db = tempDatabase()
    const accounts = withAccounts(db, { con_1: ['1001'], con_2: ['2002'] })
    const other = accounts[1] as AccountId
    const loss = { ...bought, side: 'sell', price: 40, after: 100 } as const
    computed(db, rowsOf([bought, loss], accounts))
    const elsewhere = openConnection(db.raw.name)
    const add = (rows: readonly Row[]): void => computed(elsewhere, rows)
    const late = again(other, '2023-05-01')
    expect(flagsOf(db)).toEqual([['2023-04-12', null]])
    add(late)
    expect(flagsOf(db)).toEqual([['2023-04-12', '40']])
    add(late.map(row => ({ ...row, facts: { ...row.facts, quantity: Dec.of('1') } })))
    expect(flagsOf(db)).toEqual([['2023-04-12', '10']])
    add(again(other, '2023-04-01'))
    expect(flagsOf(db)).toEqual([['2023-04-12', '40']])
    add([...late, ...again(other, '2023-04-01')].map(row => ({ ...row, facts: { ...row.facts, status: 'canceled' as const } })))
    expect(flagsOf(db)).toEqual([['2023-04-12', null]])
    elsewhere.close()
  })

  test('leaves out accounts that are left out, and keeps those whose connection is removed', () => {
    const db = tempDatabase()
    const accounts = withAccounts(db, { con_1: ['1001'], con_2: ['2002'] })
    const loss = { ...bought, side: 'sell', price: 40, after: 100 } as const
    computed(db, [...rowsOf([bought, loss], accounts), ...again(accounts[1] as AccountId, '2023-05-01')])
    expect(flagsOf(db)).toEqual([['2023-04-12', '40']])
    db.raw.exec('UPDATE accounts SET excluded = 1 WHERE n = 2')
    expect(flagsOf(db)).toEqual([['2023-04-12', null]])
    db.raw.exec('UPDATE accounts SET excluded = 0 WHERE n = 2')
    expect(flagsOf(db)).toEqual([['2023-04-12', '40']])
    db.writer.tx(w => removeConnection(w, 'con_2' as ConnectionId, AT))
    expect(flagsOf(db)).toEqual([['2023-04-12', '40']])
  })
})
