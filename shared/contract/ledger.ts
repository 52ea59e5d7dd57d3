import { z } from 'zod'
import { LOT_METHODS } from '../domain/lot-method.ts'
import { defineRoute } from './route.ts'
import {
  AccountIdSchema, ActivityIdSchema, BrokerIdSchema, ConnectionIdSchema, DecSchema, EnvironmentSchema, InstantSchema, LocalDateSchema, SideSchema,
} from './schemas.ts'

const currency = z.string().min(1).max(16)
const symbol = z.string().trim().min(1).max(64)
const tag = z.string().trim().min(1).max(40)

/** What a question of the ledger is about. Accounts left out by the user never count; practice and real money are never mixed: `environment` is live where it is not named. */
const scope = {
  environment: EnvironmentSchema.optional(),
  broker: BrokerIdSchema.optional(),
  connectionId: ConnectionIdSchema.optional(),
  accountId: AccountIdSchema.optional(),
  assetClass: z.string().max(32).optional(),
  symbol: symbol.optional(),
  tag: tag.optional(),
  /** Days in the exchange's zone, both included. */
  from: LocalDateSchema.optional(),
  to: LocalDateSchema.optional(),
}
export const LedgerScopeSchema = z.strictObject(scope)
export type LedgerScope = z.infer<typeof LedgerScopeSchema>

const count = z.int().min(0)

/** Realized results of some closings, in one currency. `fees` are inside `realized` already. */
const ResultSchema = z.object({ currency, realized: DecSchema, fees: DecSchema, closings: count, unknown: count.describe('closings whose cost nobody knows; they are in no sum') })
export type ResultView = z.infer<typeof ResultSchema>

export const DayResultSchema = ResultSchema.extend({ day: LocalDateSchema, dividends: DecSchema, interest: DecSchema, otherFees: DecSchema })
export type DayResult = z.infer<typeof DayResultSchema>

export const LotSchema = z.object({
  accountId: AccountIdSchema, symbol: z.string(), currency,
  /** Stays the same through every recompute; what picks name. */
  key: z.string(), activityId: ActivityIdSchema.nullable(),
  day: LocalDateSchema, quantity: DecSchema,
  /** With costs, for all of it; null when nobody knows. */
  cost: DecSchema.nullable(), costPerUnit: DecSchema.nullable(),
  marketValue: DecSchema.nullable(), unrealized: DecSchema.nullable(),
  /** Held over a year (US long term). */
  isLongTerm: z.boolean(),
})
export type LotView = z.infer<typeof LotSchema>

export const RealizationSchema = z.object({
  accountId: AccountIdSchema, symbol: z.string(), currency, openKey: z.string(), closeKey: z.string(), openId: ActivityIdSchema.nullable(), closeId: ActivityIdSchema.nullable(),
  openDay: LocalDateSchema, closeDay: LocalDateSchema, isShort: z.boolean(), quantity: DecSchema, proceeds: DecSchema.nullable(), cost: DecSchema.nullable(), pnl: DecSchema.nullable(),
  /** The part of a loss that a purchase within 30 days, in any account and at any broker, may disallow (IRC § 1091). A flag, no tax return. */
  wash: z.object({ disallowed: DecSchema, replacements: z.array(z.object({ accountId: AccountIdSchema, day: LocalDateSchema, quantity: DecSchema })) }).nullable(),
})
export type RealizationView = z.infer<typeof RealizationSchema>

/** From flat to flat in one instrument of one account. */
export const TripSchema = z.object({
  /** Named by its opening fill, so it stays the same through every recompute. */
  id: z.string(), accountId: AccountIdSchema, connectionId: ConnectionIdSchema, symbol: z.string(), assetClass: z.string().nullable(), currency,
  direction: z.enum(['long', 'short']), isOpen: z.boolean(),
  openDay: LocalDateSchema, openedAt: InstantSchema.nullable(), closeDay: LocalDateSchema.nullable(), closedAt: InstantSchema.nullable(),
  /** The largest position of the trip, unsigned. */
  quantity: DecSchema, fills: count, averageEntry: DecSchema.nullable(), averageExit: DecSchema.nullable(),
  realized: DecSchema.nullable(), fees: DecSchema, hasWash: z.boolean(),
  tags: z.array(z.string()), rating: z.int().min(1).max(5).nullable(), hasNotes: z.boolean(),
})
export type TripView = z.infer<typeof TripSchema>

/** How far it went against and for the trader while it was open, by the prices Keelson saw; null with the reason where it saw none. */
const ExcursionSchema = z.object({ adverse: DecSchema.nullable(), favorable: DecSchema.nullable(), samples: count, because: z.string().nullable() })

export const StatisticsSchema = z.object({
  currency, trips: count, wins: count, losses: count, flat: count, unknown: count,
  /** Percent of the trips with a known result: won, lost and even. */
  winRate: DecSchema.nullable(), averageWin: DecSchema.nullable(), averageLoss: DecSchema.nullable(), grossProfit: DecSchema, grossLoss: DecSchema,
  /** Gross profit by gross loss; null without a loss. */
  profitFactor: DecSchema.nullable(), expectancy: DecSchema.nullable(), best: DecSchema.nullable(), worst: DecSchema.nullable(),
  maxDrawdown: DecSchema.nullable(), averageDaysHeld: DecSchema.nullable(), fees: DecSchema, excursion: ExcursionSchema,
})
export type StatisticsView = z.infer<typeof StatisticsSchema>

/** History that closes more than it opens, or brings something in at a cost nobody knows. */
export const GapSchema = z.object({
  id: z.string(), accountId: AccountIdSchema, symbol: z.string(), assetClass: z.string().nullable(), currency, day: LocalDateSchema,
  /** What is missing, signed as it would have been held. */
  quantity: DecSchema, activityId: ActivityIdSchema.nullable(),
  kind: z.enum(['needs-opening-lot', 'unknown-cost']), sentence: z.string(),
  /** A trade of which only the price is not known: telling a lot of its row tells that. */
  lacksPrice: z.boolean(),
  /** Whether it may be a short sale, of which the broker says only that it sold; `likely` where the broker holds it short now. */
  shortSale: z.enum(['possible', 'likely']).nullable(),
  /** What Keelson could fill in: lots that left another account, or the broker's own average price. */
  suggestions: z.array(z.object({ label: z.string(), day: LocalDateSchema, quantity: DecSchema, price: DecSchema.nullable(), source: z.string() })),
})
export type GapView = z.infer<typeof GapSchema>

export const OpeningLotSchema = z.object({
  id: z.string(), accountId: AccountIdSchema, symbol: z.string(), currency, day: LocalDateSchema, quantity: DecSchema, price: DecSchema.nullable(), note: z.string(), createdAt: InstantSchema,
})

/** What the user says about a row. */
const OverrideSchema = z.strictObject({
  ignored: z.boolean().optional(), multiplier: DecSchema.optional(), price: DecSchema.optional(), fees: DecSchema.optional(), quantity: DecSchema.optional(), effect: z.enum(['open', 'close']).optional(),
})

export const MethodSchema = z.enum(LOT_METHODS)

/** Runs that ended, those of them whose result is known, and those at a gain: wins are always of the known ones. */
const runs = { trips: count, known: count, wins: count }

/** One engine for every screen, export and command: what was held, what it made, and what is missing to know it. */
export const ledgerRoutes = {
  /** How current the ledger is. While `pending` is above 0 figures may still move; `unread` accounts lack history their broker has. */
  'ledger.status': defineRoute({
    kind: 'query', input: z.strictObject({}),
    output: z.object({ pending: count, computedAt: InstantSchema.nullable(), gaps: count, books: count, unread: count }),
  }),
  'ledger.totals': defineRoute({ kind: 'query', input: LedgerScopeSchema, output: z.array(ResultSchema) }),
  /** Oldest day first; days without anything are left out. */
  'ledger.days': defineRoute({ kind: 'query', input: LedgerScopeSchema, output: z.array(DayResultSchema) }),
  'ledger.bySymbol': defineRoute({
    kind: 'query', input: LedgerScopeSchema,
    output: z.array(ResultSchema.extend({ symbol: z.string(), assetClass: z.string().nullable(), unrealized: DecSchema.nullable(), ...runs })),
  }),
  'ledger.byTag': defineRoute({ kind: 'query', input: LedgerScopeSchema, output: z.array(ResultSchema.extend({ tag: z.string().nullable(), ...runs })) }),
  'ledger.lots': defineRoute({ kind: 'query', input: z.strictObject({ accountId: AccountIdSchema.optional(), symbol }), output: z.array(LotSchema) }),
  'ledger.realizations': defineRoute({
    kind: 'query', input: z.strictObject({ ...scope, limit: z.int().min(1).max(500), after: z.string().max(100).optional() }),
    output: z.object({ rows: z.array(RealizationSchema), next: z.string().nullable() }),
  }),
  /** Newest first by their last fill. */
  'ledger.trips': defineRoute({
    kind: 'query',
    input: z.strictObject({ ...scope, state: z.enum(['open', 'closed']).optional(), outcome: z.enum(['win', 'loss']).optional(), limit: z.int().min(1).max(500), after: z.string().max(100).optional() }),
    output: z.object({ rows: z.array(TripSchema), next: z.string().nullable() }),
  }),
  'ledger.trip': defineRoute({
    kind: 'query', input: z.strictObject({ id: z.string().max(100) }),
    output: z.object({
      trip: TripSchema, excursion: ExcursionSchema,
      fills: z.array(z.object({
        activityId: ActivityIdSchema.nullable(), kind: z.string(), day: LocalDateSchema, at: InstantSchema.nullable(), side: SideSchema.nullable(), quantity: DecSchema, price: DecSchema.nullable(),
        fees: DecSchema, positionAfter: DecSchema, realized: DecSchema.nullable(), brokerType: z.string(),
      })),
      realizations: z.array(RealizationSchema),
    }),
  }),
  /** The trip a fill belongs to; null where it belongs to none. */
  'ledger.tripOf': defineRoute({ kind: 'query', input: z.strictObject({ activityId: ActivityIdSchema }), output: z.object({ id: z.string().nullable() }) }),
  'ledger.statistics': defineRoute({ kind: 'query', input: LedgerScopeSchema, output: z.array(StatisticsSchema) }),
  /** By day and currency: what was realized until then (dividends, interest and fees included), and what the brokers said all was worth, on days they were asked. */
  'ledger.equity': defineRoute({
    kind: 'query', input: LedgerScopeSchema,
    output: z.array(z.object({ currency, points: z.array(z.object({ day: LocalDateSchema, realized: DecSchema, netLiquidation: DecSchema.nullable() })) })),
  }),
  'ledger.gaps': defineRoute({ kind: 'query', input: z.strictObject({ accountId: AccountIdSchema.optional() }), output: z.array(GapSchema) }),
  'ledger.openingLots': defineRoute({ kind: 'query', input: z.strictObject({ accountId: AccountIdSchema.optional() }), output: z.array(OpeningLotSchema) }),
  /**
   * Tells the ledger of a lot from before its history. Quantity signed; a price of null says that nobody knows it. With the row that brought it in (a gap of unknown cost) it
   * is part of what that row brought, and no more is held for it. Throws ledger/opening-lot-invalid.
   */
  'ledger.addOpeningLot': defineRoute({
    kind: 'command',
    input: z.strictObject({ accountId: AccountIdSchema, symbol, currency, day: LocalDateSchema, quantity: DecSchema, price: DecSchema.nullable(), note: z.string().trim().max(500).default(''), activityId: ActivityIdSchema.nullish() }),
    output: OpeningLotSchema,
  }),
  'ledger.removeOpeningLot': defineRoute({ kind: 'command', input: z.strictObject({ id: z.string().max(100) }), output: z.object({}) }),
  'ledger.methods': defineRoute({ kind: 'query', input: z.strictObject({}), output: z.array(z.object({ accountId: AccountIdSchema, method: MethodSchema })) }),
  'ledger.setMethod': defineRoute({ kind: 'command', input: z.strictObject({ accountId: AccountIdSchema, method: MethodSchema }), output: z.object({}) }),
  /** Which lots a closing takes (specific identification); an empty list leaves it to the account's method. Throws ledger/picks-invalid. */
  'ledger.setPicks': defineRoute({
    kind: 'command', input: z.strictObject({ activityId: ActivityIdSchema, picks: z.array(z.strictObject({ lot: z.string().max(100), quantity: DecSchema })).max(200) }), output: z.object({}),
  }),
  /** What the user says about a row where the broker says it wrong or not at all. Survives every re-sync; null takes it back. */
  'ledger.setOverride': defineRoute({
    kind: 'command',
    input: z.strictObject({
      activityId: ActivityIdSchema,
      override: OverrideSchema.nullable(),
    }),
    output: z.object({}),
  }),
  /** Says that a sale opened a short position, which its broker does not tell: what was not held is short. Throws ledger/override-invalid for any other row. */
  'ledger.tellShortSale': defineRoute({ kind: 'command', input: z.strictObject({ activityId: ActivityIdSchema }), output: z.object({}) }),
  /** The states a row had before its broker corrected or canceled it, newest first, and what the user says about it. */
  'ledger.versions': defineRoute({
    kind: 'query', input: z.strictObject({ activityId: ActivityIdSchema }),
    output: z.object({
      override: z.object(OverrideSchema.shape).nullable(),
      versions: z.array(z.object({ replacedAt: InstantSchema, status: z.string(), side: SideSchema.nullable(), quantity: DecSchema.nullable(), price: DecSchema.nullable(), amount: DecSchema.nullable(), fees: DecSchema, tradeDate: LocalDateSchema })),
    }),
  }),
  /** The next part of an export; the first part has the header. JSON is one object a line (NDJSON), flat and typed alike on every line, as Parquet readers want it. Every row carries its as-of. */
  'ledger.export': defineRoute({
    kind: 'query',
    input: z.strictObject({ ...scope, what: z.enum(['realizations', 'trips', 'lots', 'days', 'positions']), format: z.enum(['csv', 'json']), after: z.string().max(100).optional() }),
    output: z.object({ text: z.string(), rows: count, next: z.string().nullable() }),
  }),
} as const
