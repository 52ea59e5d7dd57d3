import { z } from 'zod'
import { defineRoute } from './route.ts'
import { AccountIdSchema, BrokerIdSchema, ConnectionIdSchema, DecSchema, EnvironmentSchema, InstantSchema } from './schemas.ts'

const currency = z.string().min(1).max(16)
const count = z.int().min(0)

/** A figure that may be missing, with the sentence that says why. */
const FigureSchema = z.object({ amount: DecSchema.nullable(), because: z.string().nullable() })
export type FigureView = z.infer<typeof FigureSchema>

/** The figures of some accounts in one currency; currencies are never added together. */
const WorthSchema = z.object({
  currency,
  /** Net liquidation as the brokers state it. */
  value: DecSchema.nullable(), cash: DecSchema.nullable(), marketValue: DecSchema.nullable(),
  /** Since the last value of the day before, deposits and withdrawals taken out; beside an amount `because` says which accounts are not in it. */
  day: FigureSchema, dayPercent: DecSchema.nullable(),
  /** Null where nothing of it is known. */
  realized: DecSchema.nullable(), realizedThisYear: DecSchema.nullable(), unrealized: FigureSchema, income: DecSchema, fees: DecSchema, feesThisYear: DecSchema,
  /** Accounts in it whose broker's history was never read to its end: what was realized, earned and paid there is not all known. */
  unread: count,
  /** Sales in it whose result nobody knows: what was sold has no cost, or the history never shows it bought. They are in no sum. */
  unmeasured: count,
  /** Realized, unrealized and income together, less fees charged apart from trades. */
  total: FigureSchema,
  asOf: InstantSchema.nullable(), fetchedAt: InstantSchema.nullable(),
  /** In one currency of the user's, by the rate the broker itself used; null where no broker states one. */
  rate: z.object({ base: currency, rate: DecSchema, value: DecSchema, asOf: InstantSchema, source: z.string() }).nullable(),
})
export type WorthView = z.infer<typeof WorthSchema>

const HoldingSchema = z.object({
  accountId: AccountIdSchema, connectionId: ConnectionIdSchema, broker: BrokerIdSchema, symbol: z.string(), quantity: DecSchema, averagePrice: DecSchema.nullable(), marketValue: DecSchema.nullable(),
  /** By the broker, and by our lots. */
  unrealized: DecSchema.nullable(), ledgerCost: DecSchema.nullable(), ledgerUnrealized: DecSchema.nullable(), ledgerQuantity: DecSchema.nullable(), agrees: z.boolean().nullable(),
  asOf: InstantSchema, fetchedAt: InstantSchema,
})
export const GroupedPositionSchema = z.object({
  /** `symbols` are all names it has at the brokers that hold it, `symbol` first: an option on a future is spelled differently. */
  symbol: z.string(), symbols: z.array(z.string()), assetClass: z.string(), currency, quantity: DecSchema, marketValue: DecSchema.nullable(), cost: DecSchema.nullable(), averageCost: DecSchema.nullable(),
  /** What one is worth now, by the values the brokers state; null where one is unknown, and of futures, whose value is their gain. */
  price: DecSchema.nullable(),
  unrealized: DecSchema.nullable(),
  /** What closing it made; null where nothing of that is known. `unknown` closings are not in it. */
  realized: DecSchema.nullable(), unknown: count, /** Percent of all market value in this currency. */ weight: DecSchema.nullable(),
  asOf: InstantSchema, fetchedAt: InstantSchema, holdings: z.array(HoldingSchema),
})
export type GroupedPosition = z.infer<typeof GroupedPositionSchema>

export const DRIFT_REASONS = ['missing-transfer', 'split', 'assignment', 'range-not-fetched', 'opening-balance', 'fee', 'dividend', 'pending', 'own-entry', 'short-sale', 'unknown'] as const

/** Where the ledger and a broker differ. */
export const DriftSchema = z.object({
  id: z.string(), accountId: AccountIdSchema, connectionId: ConnectionIdSchema, kind: z.enum(['position', 'cash']), symbol: z.string().nullable(), currency,
  ledger: DecSchema, broker: DecSchema, difference: DecSchema,
  reason: z.enum(DRIFT_REASONS), sentence: z.string(),
  /** What one click does about it; null where only the broker can. */
  fix: z.object({ kind: z.enum(['opening-lot', 'opening-balance', 'split', 'close-out', 'read-history', 'cash-adjustment', 'wait', 'take-back', 'short-sale']), label: z.string(), detail: z.string() }).nullable(),
  since: InstantSchema, checkedAt: InstantSchema, asOf: InstantSchema, accepted: z.boolean(),
})
export type DriftView = z.infer<typeof DriftSchema>

/** What is held and worth, and whether the ledger agrees with the brokers. */
export const portfolioRoutes = {
  /** Real money first: figures are of one environment (live, else paper, else sandbox, where it is not named). */
  'portfolio.overview': defineRoute({
    kind: 'query', input: z.strictObject({ environment: EnvironmentSchema.optional(), by: z.enum(['broker', 'account', 'asset-class']).default('broker') }),
    output: z.object({
      environment: EnvironmentSchema.nullable(), leftOut: z.array(EnvironmentSchema), totals: z.array(WorthSchema),
      groups: z.array(z.object({ key: z.string(), label: z.string(), accountIds: z.array(AccountIdSchema), totals: z.array(WorthSchema) })),
      reconciled: z.object({ agree: count, accounts: count, drifts: count, worst: z.string().nullable(), checkedAt: InstantSchema.nullable() }),
    }),
  }),
  'portfolio.grouped': defineRoute({ kind: 'query', input: z.strictObject({ environment: EnvironmentSchema.optional() }), output: z.array(GroupedPositionSchema) }),
  'reconciliation.drifts': defineRoute({ kind: 'query', input: z.strictObject({ accountId: AccountIdSchema.optional() }), output: z.array(DriftSchema) }),
  /** Does what the drift's `fix` says, then looks again. Throws app/not-found for one that is gone. */
  'reconciliation.fix': defineRoute({ kind: 'command', input: z.strictObject({ id: z.string().max(200) }), output: z.object({ isGone: z.boolean() }) }),
  /** Leaves a difference as it is until it changes. */
  'reconciliation.accept': defineRoute({ kind: 'command', input: z.strictObject({ id: z.string().max(200) }), output: z.object({}) }),
  'reconciliation.undoFix': defineRoute({ kind: 'command', input: z.strictObject({ id: z.string().max(200) }), output: z.object({}) }),
  'reconciliation.fixes': defineRoute({
    kind: 'query', input: z.strictObject({}),
    output: z.array(z.object({ id: z.string(), accountId: AccountIdSchema, kind: z.string(), symbol: z.string().nullable(), currency, amount: DecSchema, day: z.string(), label: z.string(), at: InstantSchema })),
  }),
} as const
