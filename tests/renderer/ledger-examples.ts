import type { DayResult, GapView, LotView, RealizationView, ResultView, StatisticsView, TripView } from '../../shared/contract/ledger.ts'
import { DayResultSchema, GapSchema, LotSchema, RealizationSchema, StatisticsSchema, TripSchema } from '../../shared/contract/ledger.ts'
import { type DriftView, DriftSchema, type GroupedPosition, GroupedPositionSchema } from '../../shared/contract/portfolio.ts'
import { NOW } from './examples.ts'

type Change = Readonly<Record<string, unknown>>

/** Results of a day, parsed; `change` replaces parts of them. */
export function dayResult(change: Change = {}): DayResult {
  return DayResultSchema.parse({
    day: '2026-11-20',
    currency: 'USD',
    realized: '120.5',
    fees: '1.3',
    closings: 3,
    unknown: 0,
    dividends: '0',
    interest: '0',
    otherFees: '0',
    ...change,
  })
}

export function result(change: Change = {}): ResultView {
  const { currency, realized, fees, closings, unknown } = dayResult(change)
  return { currency, realized, fees, closings, unknown }
}

export function statistics(change: Change = {}): StatisticsView {
  return StatisticsSchema.parse({
    currency: 'USD',
    trips: 3,
    wins: 2,
    losses: 1,
    flat: 0,
    unknown: 0,
    winRate: '66.67',
    averageWin: '10',
    averageLoss: '-4',
    grossProfit: '20',
    grossLoss: '-4',
    profitFactor: '5',
    expectancy: '5.33',
    best: '12',
    worst: '-4',
    maxDrawdown: '-4',
    averageDaysHeld: '2.5',
    fees: '1',
    excursion: { adverse: null, favorable: null, samples: 0, because: 'No price was seen while it was open.' },
    ...change,
  })
}

export function trip(change: Change = {}): TripView {
  return TripSchema.parse({
    id: 'trp_1',
    accountId: 'acc_1',
    connectionId: 'con_1',
    symbol: 'NVDA',
    assetClass: 'equity',
    currency: 'USD',
    direction: 'long',
    isOpen: false,
    openDay: '2026-11-18',
    openedAt: null,
    closeDay: '2026-11-20',
    closedAt: null,
    quantity: '40',
    fills: 2,
    averageEntry: '180',
    averageExit: '188.421',
    realized: '336.53',
    fees: '0.31',
    hasWash: false,
    tags: [],
    rating: null,
    hasNotes: false,
    ...change,
  })
}

export function lot(change: Change = {}): LotView {
  return LotSchema.parse({
    accountId: 'acc_1',
    symbol: 'NVDA',
    currency: 'USD',
    key: 'k1',
    activityId: null,
    day: '2026-01-05',
    quantity: '10',
    cost: '1000',
    costPerUnit: '100',
    marketValue: '1200',
    unrealized: '200',
    isLongTerm: false,
    ...change,
  })
}

export function realization(change: Change = {}): RealizationView {
  return RealizationSchema.parse({
    accountId: 'acc_1',
    symbol: 'NVDA',
    currency: 'USD',
    openKey: 'k0',
    closeKey: 'x1',
    openId: null,
    closeId: 'act_1',
    openDay: '2026-01-02',
    closeDay: '2026-11-20',
    isShort: false,
    quantity: '4',
    proceeds: '400',
    cost: '300',
    pnl: '100',
    wash: null,
    ...change,
  })
}

export function gap(change: Change = {}): GapView {
  return GapSchema.parse({
    id: 'g1',
    accountId: 'acc_1',
    symbol: 'VTI',
    assetClass: 'equity',
    currency: 'USD',
    day: '2026-03-10',
    quantity: '12',
    activityId: null,
    kind: 'needs-opening-lot',
    lacksPrice: false,
    sentence: 'Sold 12 VTI that the history never bought.',
    suggestions: [],
    shortSale: null,
    ...change,
  })
}

export function drift(change: Change = {}): DriftView {
  return DriftSchema.parse({
    id: 'd1',
    accountId: 'acc_1',
    connectionId: 'con_1',
    kind: 'position',
    symbol: 'VTI',
    currency: 'USD',
    ledger: '10',
    broker: '12',
    difference: '2',
    reason: 'missing-transfer',
    sentence: 'No row says where 2 VTI came from.',
    fix: { kind: 'opening-lot', label: 'Add 2 VTI', detail: 'From before the history.' },
    since: NOW,
    checkedAt: NOW,
    asOf: NOW,
    accepted: false,
    ...change,
  })
}

export function grouped(change: Change = {}): GroupedPosition {
  return GroupedPositionSchema.parse({
    symbol: 'VTI',
    symbols: ['VTI'],
    assetClass: 'equity',
    currency: 'USD',
    quantity: '12',
    marketValue: '4000',
    cost: '3600',
    averageCost: '300',
    price: '333.333333',
    unrealized: '400',
    realized: '0',
    unknown: 0,
    weight: '50',
    asOf: NOW,
    fetchedAt: NOW,
    holdings: [],
    ...change,
  })
}
