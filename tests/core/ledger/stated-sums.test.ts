import { describe, expect, test } from 'vitest'
import { flexBalances } from '../../../electron/core/brokers/ibkr/flex/holdings.ts'
import { parseFlexStatement } from '../../../electron/core/brokers/ibkr/flex/statement.ts'
import { parseFile } from '../../../electron/core/imports/catalog.ts'
import type { FileFormat } from '../../../electron/core/imports/format.ts'
import { ibkrFlex } from '../../../electron/core/imports/formats/ibkr-flex.ts'
import { schwabCsv } from '../../../electron/core/imports/formats/schwab-csv.ts'
import { tastytradeCsv } from '../../../electron/core/imports/formats/tastytrade-csv.ts'
import { matchLots } from '../../../electron/core/ledger/lots/engine.ts'
import { lotEvents, type LotRow } from '../../../electron/core/ledger/lots/lot-rows.ts'
import { sortMicros } from '../../../electron/core/ledger/sort.ts'
import type { ActivityFacts } from '../../../shared/domain/activity.ts'
import { Dec } from '../../../shared/domain/decimal.ts'
import { Instant } from '../../../shared/domain/time.ts'
import { captures } from '../brokers/support/fixtures.ts'

const factsOf = (format: FileFormat, text: string): ActivityFacts[] =>
  parseFile(format, text).rows.map(({ facts, ownId, line }) => ({ ...facts, externalId: ownId ?? `line ${line}` }))

const signedQuantity = ({ side, quantity }: ActivityFacts): Dec => (side === 'sell' ? Dec.neg(Dec.abs(quantity ?? Dec.zero)) : Dec.abs(quantity ?? Dec.zero))

interface Sums {
  readonly quantity: Dec
  readonly cash: Dec
  readonly fees: Dec
}

function sumsOf(facts: readonly ActivityFacts[]): Sums {
  return {
    quantity: Dec.sum(facts.map(signedQuantity)),
    cash: Dec.sum(facts.map(({ amount }) => amount ?? Dec.zero)),
    fees: Dec.sum(facts.map(({ fees }) => fees)),
  }
}

/** The cells of a line of CSV, read without Keelson's own readers. */
function cellsOf(line: string): string[] {
  return [...line.matchAll(/(?:"([^"]*)"|([^,]*))(?:,|$)/g)].map(([, quoted, plain = '']) => quoted ?? plain)
}

const figure = (cell: string | undefined): Dec => Dec.of((cell ?? '').replaceAll(/[,$]/g, '').replace(/^(?:--)?$/, '0'))

/** The sum of some columns of a file. */
function columnSum(text: string, names: readonly string[]): Dec {
  const [header = [], ...lines] = text.split(/\r?\n/).filter(line => line !== '').map(cellsOf)
  return Dec.sum(lines.flatMap(cells => names.map(name => figure(cells[header.indexOf(name)]))))
}

describe.skipIf(!captures.present('tastytrade'))('tastytrade exports state', () => {
  test.each([
    ['Binnaculum__TsllImportTest', ['Total']],
    ['Binnaculum__MPWImportTest', ['Total']],
    ['Binnaculum__FutureOptions', ['Total']],
    ['Binnaculum__TastytradeDeposits', ['Total']],
    ['Binnaculum__tastytrade_options_heavy_sample', ['Total']],
    ['Binnaculum__tastytrade_acat_transfer_sample', ['Total']],
    ['Binnaculum__TastytradeOptionsTest', ['Value', 'Commissions', 'Fees']],
    ['Binnaculum__LendingRebate', ['Value', 'Commissions', 'Fees']],
  ] as const)('%s: the cash and the costs of all its rows', (name, columns) => {
    const text = captures.text('tastytrade', `csv/${name}.csv`)
    const { cash, fees } = sumsOf(factsOf(tastytradeCsv, text))
    expect(cash).toBe(columnSum(text, columns))
    expect(Dec.neg(fees)).toBe(columnSum(text, ['Commissions', 'Fees']))
  })
})

describe.skipIf(!captures.present('schwab'))('Schwab exports state', () => {
  // The last line of one file states a total that its own rows do not come to: its author added some below.
  test.each([
    'capital-gains-calculator__2023__transactions', 'capital-gains-calculator__cash_merger__transactions', 'Export-To-Ghostfolio__schwab-export',
  ])('%s: cash and costs', name => {
    const text = captures.text('schwab', `csv/${name}.csv`).replace(/^Transactions Total.*$/m, '')
    const facts = factsOf(schwabCsv, text)
    expect(sumsOf(facts).cash).toBe(columnSum(text, ['Amount']))
    // What an adviser takes is a row of its own, with an amount.
    expect(sumsOf(facts.filter(({ kind }) => kind !== 'fee')).fees).toBe(columnSum(text, ['Fees & Comm']))
  })
})

type Attributes = Readonly<Record<string, string>>

/** The attributes of every element of a name. */
function elements(text: string, name: string): Attributes[] {
  return [...text.matchAll(new RegExp(`<${name}\\s([^>]*)>`, 'g'))].map(([, inside = '']) =>
    Object.fromEntries([...inside.matchAll(/(\w+)="([^"]*)"/g)].map(([, key = '', value = '']) => [key, value])),
  )
}

describe.skipIf(!captures.present('ibkr'))('Flex statements state', () => {
  const sumOf = (rows: readonly Attributes[], name: string): Dec => Dec.sum(rows.map(row => figure(row[name])))

  test('by asset, symbol and order: quantity, proceeds and commission of the executions in them', () => {
    const text = captures.text('ibkr', 'flex/synthetic-multilevel-flex.xml')
    const trades = factsOf(ibkrFlex, text).filter(({ kind }) => kind === 'trade')
    const { quantity, cash, fees } = sumsOf(trades)
    for (const level of ['AssetSummary', 'SymbolSummary', 'Order'])
      expect([level, sumOf(elements(text, level), 'quantity'), sumOf(elements(text, level), 'ibCommission')]).toEqual([level, quantity, Dec.neg(fees)])
    expect(Dec.add(sumOf(elements(text, 'AssetSummary'), 'proceeds'), sumOf(elements(text, 'AssetSummary'), 'ibCommission'))).toBe(cash)
    expect(cash).toBe(sumOf(elements(text, 'Trade'), 'netCash'))
  })

  test('what each closed lot realized, in whole cents', () => {
    const text = captures.text('ibkr', 'flex/synthetic-multilevel-flex.xml')
    const rows = factsOf(ibkrFlex, text).filter(({ kind }) => kind === 'trade').map((each, at): LotRow => ({ ...each, id: at, sortAt: sortMicros(each), isTimed: each.executedAt !== null }))
    const { realizations } = matchLots(lotEvents(rows).events, 'fifo')
    const stated = elements(text, 'Lot').filter(({ levelOfDetail }) => levelOfDetail === 'CLOSED_LOT')
    expect(stated).toHaveLength(3)
    expect(realizations.map(({ quantity, pnl }) => [quantity, pnl === null ? null : Dec.round(pnl, 2)])).toEqual(stated.map(({ quantity, fifoPnlRealized }) => [quantity, fifoPnlRealized]))
  })

  test('in confirmations, by symbol and by order: quantity, cash and commission', () => {
    const text = captures.text('ibkr', 'flex/trade-confirmations.xml')
    const trades = factsOf(ibkrFlex, text).filter(({ kind }) => kind === 'trade')
    for (const symbol of elements(text, 'SymbolSummary')) {
      const mine = trades.filter(trade => trade.symbol === symbol['symbol'] && (trade.side === 'buy') === (symbol['buySell'] === 'BUY'))
      expect(sumsOf(mine)).toEqual({ quantity: figure(symbol['quantity']), cash: figure(symbol['netCash']), fees: Dec.neg(figure(symbol['commission'])) })
    }
    const orders = elements(text, 'Order')
    expect(orders).toHaveLength(39)
    for (const order of orders) {
      const mine = trades.filter(({ orderId }) => orderId === order['orderID'])
      expect(sumsOf(mine)).toEqual({ quantity: figure(order['quantity']), cash: figure(order['netCash']), fees: Dec.neg(figure(order['commission'])) })
    }
  })

  test('cash and net asset value at the end of each day', () => {
    const text = captures.text('ibkr', 'flex/activity_backfill.xml')
    const days = parseFlexStatement(text).map(statement => flexBalances({ statements: [statement], asOf: Instant.parse('2025-01-04T13:00:00Z') }, 'U1234567'))
    expect(days.map(([balance]) => [balance?.cash, balance?.netLiquidation])).toEqual(
      elements(text, 'CashReportCurrency').map(({ endingCash }, at) => [endingCash, elements(text, 'EquitySummaryByReportDateInBase')[at]?.['total']]),
    )
    expect(days).toHaveLength(3)
  })

  test('money that came and went, once however often it is told', () => {
    const text = captures.text('ibkr', 'flex/cash-transactions.xml')
    const details = elements(text, 'CashTransaction').filter(({ levelOfDetail }) => levelOfDetail !== 'SUMMARY')
    expect(sumsOf(factsOf(ibkrFlex, text)).cash).toBe(sumOf(details, 'amount'))
  })
})
