import { describe, expect, test } from 'vitest'
import { z } from 'zod'
import { toActivity as schwabActivity } from '../../../electron/core/brokers/schwab/map.ts'
import { TransactionWire as SchwabWire } from '../../../electron/core/brokers/schwab/wire.ts'
import { toActivity as tastyActivity } from '../../../electron/core/brokers/tastytrade/map.ts'
import { TransactionWire as TastyWire } from '../../../electron/core/brokers/tastytrade/wire.ts'
import { type LotBook, matchLots } from '../../../electron/core/ledger/lots/engine.ts'
import { lotEvents, type LotRow } from '../../../electron/core/ledger/lots/lot-rows.ts'
import { sortMicros } from '../../../electron/core/ledger/sort.ts'
import { parseFile } from '../../../electron/core/imports/catalog.ts'
import type { FileFormat } from '../../../electron/core/imports/format.ts'
import { ibkrFlex } from '../../../electron/core/imports/formats/ibkr-flex.ts'
import { schwabCsv } from '../../../electron/core/imports/formats/schwab-csv.ts'
import { tastytradeCsv } from '../../../electron/core/imports/formats/tastytrade-csv.ts'
import type { ActivityFacts } from '../../../shared/domain/activity.ts'
import { Dec } from '../../../shared/domain/decimal.ts'
import { asList, captures } from '../brokers/support/fixtures.ts'
import { costOfLot } from './lots/support/sums.ts'

/** The books of a file by symbol; files are newest first. */
function booksOf(format: FileFormat, text: string): Map<string, Book> {
  return booksOfFacts(parseFile(format, text).rows.map(({ facts, ownId, line }) => ({ ...facts, externalId: ownId ?? `line ${line}` })))
}

function booksOfFacts(facts: readonly ActivityFacts[]): Map<string, Book> {
  const rows = facts.toReversed().map((each, at): LotRow => ({ ...each, id: at, sortAt: sortMicros(each), isTimed: each.executedAt !== null }))
  return new Map([...Map.groupBy(rows, ({ symbol }) => symbol ?? '')].map(([symbol, own]) => [symbol, { rows: own, ...matchLots(lotEvents(own).events, 'fifo') }]))
}

type Book = LotBook & { readonly rows: readonly LotRow[] }
const realized = (book: LotBook): Dec => Dec.sum(book.realizations.map(({ pnl }) => pnl ?? Dec.zero))
const openCost = (book: LotBook): Dec => Dec.sum(book.lots.map(lot => (Dec.isNegative(lot.quantity) ? Dec.neg(costOfLot(lot) ?? Dec.zero) : (costOfLot(lot) ?? Dec.zero))))

/** What closings brought and took as far as it is known, less what the open lots cost: the cash that went through the book. */
function cashThrough(book: LotBook): Dec {
  const closed = book.realizations.map(({ proceeds, cost }) => Dec.sub(proceeds ?? Dec.zero, cost ?? Dec.zero))
  return Dec.sub(Dec.sum(closed), openCost(book))
}

function gapsOf(books: ReadonlyMap<string, Book>): string[] {
  return [...books].flatMap(([symbol, { gaps }]) => gaps.map(({ quantity }) => `${symbol} ${quantity}`))
}

type Cells = ReadonlyMap<string, string>

/** What columns state by symbol, read without Keelson's own readers. */
function columnsBySymbol(text: string, columns: readonly string[], counts: (cells: Cells) => boolean): Map<string, Dec> {
  const [header = [], ...lines] = text.split(/\r?\n/).filter(line => line !== '').map(cellsOf)
  const sums = new Map<string, Dec>()
  for (const line of lines) {
    const cells = new Map(header.map((name, at) => [name, line[at] ?? '']))
    if (!counts(cells)) continue
    const symbol = (cells.get('Symbol') ?? '').replace(/ +/, '')
    const figures = columns.map(column => Dec.of((cells.get(column) ?? '').replaceAll(/[,$]/g, '').replace(/^(?:--)?$/, '0')))
    sums.set(symbol, Dec.add(sums.get(symbol) ?? Dec.zero, Dec.sum(figures)))
  }
  return sums
}

function cellsOf(line: string): string[] {
  return [...line.matchAll(/(?:"([^"]*)"|([^,]*))(?:,|$)/g)].map(([, quoted, plain = '']) => quoted ?? plain)
}

describe.skipIf(!captures.present('tastytrade'))('tastytrade exports', () => {
  const movesMoney = (cells: Cells): boolean => cells.get('Type') === 'Money Movement'

  test.each([
    ['Binnaculum__TsllImportTest', ['Total'], 100],
    ['Binnaculum__MPWImportTest', ['Total'], 60],
    ['Binnaculum__TastytradeOptionsTest', ['Value', 'Commissions', 'Fees'], 5],
  ] as const)('%s: the cash that went through each instrument is the sum of its own figures, without a gap', (name, columns, most) => {
    const text = captures.text('tastytrade', `csv/${name}.csv`)
    const books = booksOf(tastytradeCsv, text)
    const stated = columnsBySymbol(text, columns, cells => !movesMoney(cells))
    expect(stated.size).toBeGreaterThan(most / 10)
    expect(new Map([...stated.keys()].map(symbol => [symbol, cashThrough(books.get(symbol) ?? NO_BOOK)]))).toEqual(stated)
    expect(gapsOf(books)).toEqual([])
  })

  test('a contract that a special dividend changed goes on at the value the file names', () => {
    const books = booksOf(tastytradeCsv, captures.text('tastytrade', 'csv/Binnaculum__TsllImportTest.csv'))
    expect(books.get('TSLL260116C00010730')).toMatchObject({ lots: [], gaps: [] })
    expect(books.get('TSLL241220C00035700')?.realizations.length).toBeGreaterThan(0)
  })

  test('rows of the interface come to the cash they name', () => {
    const rows = captures.json('tastytrade', 'transactions_paged.json')
    const items = z.object({ data: z.object({ items: z.array(TastyWire) }) }).parse(rows).data.items
    const books = booksOfFacts(items.map(tastyActivity))
    for (const [, book] of books) expect(cashThrough(book)).toBe(Dec.sum(book.rows.map(({ kind, amount }) => (kind === 'trade' ? (amount ?? Dec.zero) : Dec.zero))))
    expect(books.size).toBeGreaterThan(0)
  })
})

describe.skipIf(!captures.present('schwab'))('Schwab exports', () => {
  test('three rounding cases make what their amounts say', () => {
    const text = captures.text('schwab', 'csv/capital-gains-calculator__2023__transactions.csv')
    const books = booksOf(schwabCsv, text)
    const stated = columnsBySymbol(text, ['Amount'], cells => cells.get('Symbol') !== '')
    expect([...stated.keys()]).toEqual(['BAR', 'FOO', 'QUX'])
    expect(new Map([...stated.keys()].map(symbol => [symbol, realized(books.get(symbol) ?? NO_BOOK)]))).toEqual(stated)
    expect(gapsOf(books)).toEqual([])
  })

  test('shares taken for cash, told in two rows, are a sale of them', () => {
    const books = booksOf(schwabCsv, captures.text('schwab', 'csv/capital-gains-calculator__cash_merger__transactions.csv'))
    expect(books.get('FOO')).toMatchObject({ lots: [], gaps: [], realizations: [{ quantity: '100', proceeds: '1000', cost: '2506', pnl: '-1506' }] })
  })

  test('a split keeps what was paid', () => {
    const books = booksOf(schwabCsv, captures.text('schwab', 'csv/Export-To-Ghostfolio__schwab-export.csv'))
    expect(books.get('AVGO')).toMatchObject({ lots: [{ quantity: '10', principal: '1680' }], gaps: [] })
  })

  test('rows of the interface come to the cash they name', () => {
    const facts = asList(captures.json('schwab', 'rb_transactions.json')).map(row => schwabActivity(SchwabWire.parse(row)))
    const books = booksOfFacts(facts)
    expect([...books.values()].map(book => cashThrough(book))).toEqual([...books.values()].map(({ rows }) => Dec.sum(rows.map(({ amount }) => amount ?? Dec.zero))))
    expect(books.size).toBe(2)
  })
})

describe.skipIf(!captures.present('ibkr'))('Flex statements', () => {
  test('shares made what the trades themselves say', () => {
    const text = captures.text('ibkr', 'flex/synthetic-multilevel-flex.xml')
    const stated = elements(text, 'Trade').filter(({ levelOfDetail }) => levelOfDetail === 'EXECUTION').map(({ fifoPnlRealized = '0' }) => Dec.of(fifoPnlRealized))
    expect(Dec.sum(stated)).toBe('154.48')
    expect(realized(booksOf(ibkrFlex, text).get('AAPL') ?? NO_BOOK)).toBe('154.48')
  })

  test('what went worthless is a loss of all of it, and what was taken for cash a sale', () => {
    const books = booksOf(ibkrFlex, captures.text('ibkr', 'flex/activity_corporate_actions.xml'))
    expect(gapsOf(books)).toEqual(expect.arrayContaining(['ACQUIRED -100', 'DELIST -50', 'SPLIT -900', 'TSLA 100']))
    expect(books.get('GOOG')).toMatchObject({ lots: [{ quantity: '50', unit: null, principal: null }] })
  })
})

const NO_BOOK: LotBook = matchLots([], 'fifo')

/** The attributes of every element of a name. */
function elements(text: string, name: string): Readonly<Record<string, string>>[] {
  return [...text.matchAll(new RegExp(`<${name}\\s([^>]*)>`, 'g'))].map(([, inside = '']) =>
    Object.fromEntries([...inside.matchAll(/(\w+)="([^"]*)"/g)].flatMap(([, key = '', value = '']) => (value === '' ? [] : [[key, value]]))),
  )
}
