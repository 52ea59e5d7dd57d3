import { describe, expect, test } from 'vitest'
import { exportPart } from '../../../electron/core/services/ledger-export.ts'
import { lotViews } from '../../../electron/core/services/ledger-lots.ts'
import { bySymbol } from '../../../electron/core/services/ledger-sums.ts'
import { overview } from '../../../electron/core/services/portfolio-overview.ts'
import { groupedPositions } from '../../../electron/core/services/portfolio-grouped.ts'
import { removeConnection } from '../../../electron/core/store/connections.ts'
import { everyAccount } from '../../../electron/core/store/ledger-scope.ts'
import { countedAccounts } from '../../../electron/core/store/portfolio-accounts.ts'
import { positionsOf, replacePositions } from '../../../electron/core/store/positions.ts'
import type { ActivityFacts } from '../../../shared/domain/activity.ts'
import { Dec } from '../../../shared/domain/decimal.ts'
import type { ConnectionId } from '../../../shared/domain/ids.ts'
import type { Position } from '../../../shared/domain/position.ts'
import { LocalDate } from '../../../shared/domain/time.ts'
import { AT } from '../../support/data-folder.ts'
import { buy, desk, sale } from '../ledger/support/desk.ts'
import { settled } from '../ledger/support/ledger-dump.ts'
import { save } from '../store/support.ts'

const d = Dec.of
const paper = { environment: 'paper' } as const
const TODAY = LocalDate.of('2026-06-01')

type Stated = Partial<Pick<Position, 'symbol' | 'assetClass' | 'currency'>> & {
  readonly quantity: string
  readonly marketValue?: string
  readonly unrealized?: string
  readonly averagePrice?: string
}

const decOr = (value: string | undefined): Dec | null => (value === undefined ? null : d(value))

/** An account with a history and what its broker states, and what every way to look says of it. */
function looked() {
  const { db, work, row } = desk()
  const [account] = everyAccount(db.reader)
  if (!account) throw new Error('no account')
  type Told = Parameters<typeof row>[0]
  const lines = (what: 'positions' | 'lots' | 'days'): Record<string, unknown>[] =>
    exportPart(db.reader, { ...paper, what, format: 'json' }, AT)
      .text.split('\n')
      .flatMap(line => (line === '' ? [] : [JSON.parse(line) as Record<string, unknown>]))
  return {
    db,
    write(...rows: Told[]) {
      save(
        db,
        rows.map(one => row(one)),
      )
      settled(work)
    },
    hold(...stated: Stated[]) {
      const rest = { symbol: 'AAPL', assetClass: 'equity', currency: 'USD', asOf: AT } as const
      replacePositions(
        db.writer,
        account.accountId,
        stated.map(({ quantity, marketValue, unrealized, averagePrice, ...more }) => ({
          ...rest,
          ...more,
          quantity: d(quantity),
          marketValue: decOr(marketValue),
          unrealized: decOr(unrealized),
          averagePrice: decOr(averagePrice),
        })),
        AT,
      )
    },
    lines,
    grouped: () => groupedPositions(db.reader, countedAccounts(db.reader)),
    symbols: () => bySymbol(db.reader, paper),
    lots: () => lotViews(db.reader, everyAccount(db.reader), {}, TODAY),
    worth: (by: 'account' | 'asset-class' = 'account', today = TODAY) =>
      overview({ reader: db.reader, today, brokerName: id => id }, { environment: 'paper', by }),
  }
}

/** Value, cost and gain as the positions say them, and the same of the export. */
function bothFigures(app: ReturnType<typeof looked>) {
  const figures = ({ quantity, marketValue, cost, unrealized, realized }: Record<string, unknown>) => ({
    quantity,
    marketValue,
    cost,
    unrealized,
    realized,
  })
  return { positions: app.grouped().map(one => figures({ ...one })), exported: app.lines('positions').map(figures) }
}

const moved = (externalId: string, day: string, quantity: string, more: Partial<ActivityFacts> = {}) =>
  buy(externalId, day, { kind: 'transfer', side: null, price: null, quantity: d(quantity), ...more })

describe('a position a broker states in two rows', () => {
  test('is worth both, and gained both, wherever it is shown', () => {
    const app = looked()
    app.write(buy('a', '2025-03-03', { quantity: d('15') }))
    app.hold({ quantity: '10', marketValue: '80', unrealized: '1' }, { quantity: '5', marketValue: '40', unrealized: '2' })
    const { positions, exported } = bothFigures(app)
    expect(positions).toEqual([{ quantity: '15', marketValue: '120', cost: '75', unrealized: '45', realized: '0' }])
    expect(exported).toEqual(positions)
    expect(app.symbols()).toMatchObject([{ unrealized: '45' }])
    expect(app.lots()).toMatchObject([{ marketValue: '120', unrealized: '45' }])
  })

  test('is worth what nobody knows where one row states no value', () => {
    const app = looked()
    app.write(buy('a', '2025-03-03', { quantity: d('15') }))
    app.hold({ quantity: '10', marketValue: '80' }, { quantity: '5' })
    const { positions, exported } = bothFigures(app)
    expect(positions).toMatchObject([{ quantity: '15', marketValue: null, unrealized: null }])
    expect(exported).toEqual(positions)
    expect(app.symbols()).toMatchObject([{ unrealized: null }])
    expect(app.lots()).toMatchObject([{ marketValue: null, unrealized: null }])
  })
})

describe('one figure of what is open', () => {
  test("is the broker's where our lots have no cost and the quantity agrees", () => {
    const app = looked()
    app.write(moved('in', '2025-03-01', '10'))
    app.hold({ quantity: '10', marketValue: '80', averagePrice: '3', unrealized: '50' })
    const { positions, exported } = bothFigures(app)
    expect(positions).toMatchObject([{ quantity: '10', marketValue: '80', cost: '30', unrealized: '50' }])
    expect(exported).toEqual(positions)
    expect(app.symbols()).toMatchObject([{ unrealized: '50' }])
    expect(app.worth().totals).toMatchObject([{ unrealized: { amount: '50' } }])
  })

  test('adds up on a line where holding and history differ: all of it is of what the broker holds', () => {
    const app = looked()
    app.write(buy('a', '2025-03-03'))
    app.hold({ quantity: '20', marketValue: '200', unrealized: '100', averagePrice: '5' })
    const { positions, exported } = bothFigures(app)
    expect(positions).toMatchObject([{ quantity: '20', marketValue: '200', cost: '100', unrealized: '100' }])
    expect(exported).toEqual(positions)
    expect(app.lines('positions')).toMatchObject([{ ledgerQuantity: '10' }])
    expect(app.symbols()).toMatchObject([{ unrealized: '100' }])
  })

  test('of a holding its broker names in another currency is in that currency, and unknown in that of the history', () => {
    const app = looked()
    app.write(buy('a', '2025-03-03', { symbol: 'BTC/USDT', assetClass: 'crypto', currency: 'USDT' }))
    app.write(sale('s', '2025-03-04', { symbol: 'BTC/USDT', assetClass: 'crypto', currency: 'USDT', quantity: d('4') }))
    app.hold({ symbol: 'BTC/USDT', assetClass: 'crypto', quantity: '6', marketValue: '80', unrealized: '30' })
    const { positions, exported } = bothFigures(app)
    expect(positions).toEqual([{ quantity: '6', marketValue: '80', cost: null, unrealized: '30', realized: null }])
    expect(exported).toEqual(positions)
    expect(app.lines('positions')).toMatchObject([{ currency: 'USD', ledgerQuantity: '6' }])
    expect(app.symbols()).toMatchObject([{ currency: 'USDT', realized: '12', unrealized: null }])
  })

  test('is there for what the history does not tell of, and unknown for what the broker does not list', () => {
    const app = looked()
    app.write(buy('a', '2025-03-03'))
    app.hold({ symbol: 'MSFT', quantity: '2', marketValue: '20', unrealized: '3' })
    expect(app.lines('positions')).toMatchObject([
      { symbol: 'AAPL', quantity: '10', ledgerQuantity: '10', cost: '50', marketValue: null, unrealized: null, valueAsOf: null },
      { symbol: 'MSFT', quantity: '2', ledgerQuantity: '0', cost: null, marketValue: '20', unrealized: '3', valueAsOf: AT },
    ])
    expect(app.symbols()).toMatchObject([{ symbol: 'AAPL', unrealized: null }])
  })
})

test('What gained nothing because nothing is open is 0, and unknown only where something is', () => {
  const app = looked()
  app.write(buy('a', '2025-03-03'), sale('s', '2025-03-04'), buy('k', '2025-03-03', { symbol: 'KO' }), sale('t', '2025-03-04', { symbol: 'KO', quantity: d('4') }))
  app.hold()
  expect(app.symbols()).toMatchObject([{ symbol: 'AAPL', unrealized: '0' }, { symbol: 'KO', unrealized: null }])
})

describe('what an account made whose connection was removed', () => {
  test('stays in every result, while it holds nothing any more', () => {
    const app = looked()
    app.write(buy('a', '2025-03-03'), sale('s', '2025-03-04', { quantity: d('4') }))
    app.hold({ quantity: '6', marketValue: '48', unrealized: '18' })
    removeConnection(app.db.writer, 'con_1' as ConnectionId, AT)
    expect(app.grouped()).toEqual([])
    expect(positionsOf(app.db.reader)).toEqual([])
    expect(app.lines('positions')).toEqual([])
    expect(app.lines('lots')).toEqual([])
    expect(app.lots()).toEqual([])
    expect(app.symbols()).toMatchObject([{ realized: '12', unrealized: '0' }])
    expect(app.lines('days')).toMatchObject([{ realized: '12' }])
  })
})

describe('a result nobody knows', () => {
  const unknown = () => {
    const app = looked()
    app.write(moved('in', '2026-03-01', '10'), sale('s', '2026-03-10', { quantity: d('5') }))
    app.hold({ quantity: '5', marketValue: '40', averagePrice: '3' })
    return app
  }

  test('is not nothing: positions, their export, worth and its classes say that it is unknown', () => {
    const app = unknown()
    expect(app.grouped()).toMatchObject([{ realized: null, unknown: 1 }])
    expect(app.lines('positions')).toMatchObject([{ realized: null, fees: null, unknown: 1 }])
    expect(app.lines('days')).toMatchObject([{ realized: null, fees: null, closings: 0, unknown: 1 }])
    for (const by of ['account', 'asset-class'] as const)
      expect(app.worth(by).groups.flatMap(({ totals }) => totals)[0]).toMatchObject({
        realized: null,
        realizedThisYear: null,
        unmeasured: 1,
      })
    expect(app.worth().totals).toMatchObject([{ realized: null, realizedThisYear: null, unmeasured: 1 }])
    const nextYear = LocalDate.of('2027-02-01')
    expect(app.worth('account', nextYear).totals).toMatchObject([{ realized: null, realizedThisYear: '0' }])
    expect(app.worth('asset-class', nextYear).groups[0]?.totals).toMatchObject([{ realized: null, realizedThisYear: '0' }])
  })

  test('leaves what is known beside it, and is counted', () => {
    const app = unknown()
    app.write(buy('b', '2026-04-01', { symbol: 'MSFT' }), sale('bs', '2026-04-02', { symbol: 'MSFT', fees: d('1') }))
    expect(app.worth().totals).toMatchObject([{ realized: '29', realizedThisYear: '29', unmeasured: 1 }])
    expect(app.symbols()).toMatchObject([
      { symbol: 'AAPL', closings: 0, unknown: 1 },
      { symbol: 'MSFT', realized: '29', unknown: 0 },
    ])
  })

  test('of a sale of what the history never shows bought is unknown, too', () => {
    const app = looked()
    app.write(sale('s', '2026-03-10', { quantity: d('5') }))
    app.hold({ quantity: '5', marketValue: '40' })
    expect(app.grouped()).toMatchObject([{ realized: null, unknown: 1 }])
    expect(app.worth().totals).toMatchObject([{ realized: null, realizedThisYear: null }])
    expect(app.worth('asset-class').groups[0]?.totals).toMatchObject([{ realized: null, realizedThisYear: null }])
  })

  test('is counted once a sale, however many lots it took', () => {
    const app = looked()
    app.write(moved('i1', '2026-01-02', '3'), moved('i2', '2026-01-03', '3'), sale('s', '2026-01-06'))
    app.hold({ quantity: '0', marketValue: '0' })
    expect(app.worth().totals).toMatchObject([{ unmeasured: 1 }])
    expect(app.worth('asset-class').groups[0]?.totals).toMatchObject([{ unmeasured: 1 }])
    expect(app.worth().totals).toMatchObject([{ total: { amount: null } }])
  })
})
