import { z } from 'zod'
import { TOKEN_BADGES } from '../domain/connection.ts'
import { HEALTH_KINDS, SEVERITIES } from '../domain/connection-health.ts'
import { RUN_KINDS } from '../domain/metric-run.ts'
import { VaultSchema } from './app.ts'
import { defineRoute } from './route.ts'
import {
  BrokerIdSchema,
  ConnectionIdSchema,
  EnvironmentSchema,
  ErrorShape,
  InstantSchema,
  LocalDateSchema,
  MethodSchema,
} from './schemas.ts'

/** As long as calls are kept. */
export const MOST_HOURS = 24 * 90

/** A share from 0 to 1; null when nothing ran. */
const share = z.number().min(0).max(1).nullable()
const ms = z.number().nonnegative()
const count = z.int().nonnegative()
const where = { broker: BrokerIdSchema, environment: EnvironmentSchema }

/** How runs went. `runs` leaves out those that were given up (`canceled`), which are in no other figure either. */
const RunStatsSchema = z.object({
  runs: count,
  succeeded: count,
  partial: count,
  failed: count,
  canceled: count,
  rate: share,
  averageMs: ms.nullable(),
  /** Exact, by nearest rank. */
  p95Ms: ms.nullable(),
  rows: count,
})
export type RunStatsView = z.infer<typeof RunStatsSchema>

/** Read from bands of duration: the true figure lies between `fromMs` and `toMs`, at most 9 % from `ms`. */
const BandedSchema = z.object({ ms, fromMs: ms, toMs: ms })
const callStats = { calls: count, failed: count, limited: count, bytes: count, p50: BandedSchema.nullable(), p95: BandedSchema.nullable() }

/** What a button beside a finding does. `route` is the route it calls; `open` shows a part of the window instead. */
export const FIX_KINDS = ['reconnect', 'sync', 'unlock', 'retry', 'resume', 'backup', 'end-access', 'open'] as const
export type FixKind = (typeof FIX_KINDS)[number]
const FixSchema = z.object({
  kind: z.enum(FIX_KINDS),
  label: z.string(),
  route: z.string(),
  connectionId: ConnectionIdSchema.optional(),
  /** Of `end-access`: the `id` its route takes. */
  revocationId: z.string().optional(),
})
export type FixView = z.infer<typeof FixSchema>

const FindingSchema = z.object({
  /** The same for as long as the finding stands, such as `vault-locked` or `sign-in:con_1`. */
  id: z.string(),
  severity: z.enum(SEVERITIES),
  title: z.string(),
  sentence: z.string(),
  fix: FixSchema.nullable(),
})
export type FindingView = z.infer<typeof FindingSchema>

const TokenHealthSchema = z.object({
  connectionId: ConnectionIdSchema,
  ...where,
  name: z.string(),
  kind: z.enum(HEALTH_KINDS),
  severity: z.enum(SEVERITIES),
  badge: z.enum(TOKEN_BADGES),
  /** When the user has to act at the latest. */
  deadline: InstantSchema.nullable(),
  /** When a failed renewal is tried again. */
  retryAt: InstantSchema.nullable(),
  /** When it is renewed by itself. */
  dueAt: InstantSchema.nullable(),
  lastAttemptAt: InstantSchema.nullable(),
  lastError: ErrorShape.pick({ code: true, message: true, action: true }).nullable(),
})

export const HealthSummarySchema = z.object({
  at: InstantSchema,
  /** The hours the figures are about, but where they say otherwise. */
  hours: count,
  /** The worst of the findings; `good` without any. */
  severity: z.enum(SEVERITIES),
  /** Worst first. */
  findings: z.array(FindingSchema),
  /** Refreshes and syncs: `alert` under 90 % of 24 hours, `below-target` at or under 99 % of 30 days, `unknown` while too few ran. */
  sla: z.object({
    standing: z.enum(['met', 'below-target', 'alert', 'unknown']),
    day: z.object({ runs: count, rate: share }),
    month: z.object({ runs: count, rate: share }),
    alertBelow: z.number(),
    target: z.number(),
    enoughRuns: count,
    /** The environments these figures are about; null for all. */
    environments: z.array(EnvironmentSchema).nullable(),
  }),
  tokens: z.array(TokenHealthSchema),
  refreshes: RunStatsSchema,
  syncs: RunStatsSchema,
  /** Sign-ins and tests. */
  connecting: RunStatsSchema,
  brokers: z.array(z.object({ ...where, refresh: RunStatsSchema, sync: RunStatsSchema, connect: RunStatsSchema })),
  /** Why runs were not whole, most frequent first; `message` is the sentence of the code. */
  failures: z.array(z.object({ kind: z.enum(RUN_KINDS), code: z.string(), message: z.string(), runs: count })),
  calls: z.object({ ...callStats, bandError: z.number(), hosts: z.array(z.object({ ...where, host: z.string(), ...callStats })) }),
  /** The pace kept towards each broker at this moment; brokers not asked since the start are missing. */
  limits: z.array(
    z.object({
      ...where,
      method: MethodSchema.nullable(),
      requests: count,
      perMs: ms,
      left: count,
      waiting: count,
      pausedUntil: InstantSchema.nullable(),
    }),
  ),
  /** How far this computer's clock is ahead of the brokers' (negative: behind); null while nobody has answered. */
  clock: z.object({ driftMs: z.number().nullable(), asOf: InstantSchema.nullable() }),
  vault: VaultSchema,
  storage: z.object({
    bytes: count,
    /** What is free on the disk; null when the system does not say. */
    freeBytes: count.nullable(),
    schemaVersion: count,
    backups: count,
    lastBackupAt: InstantSchema.nullable(),
    /** When the whole file was last found sound. */
    lastCheckAt: InstantSchema.nullable(),
  }),
  /** The last 30 days in UTC, oldest first, without empty ones. `bytes` is what brokers sent, unpacked; `rows` what syncs read. */
  volume: z.array(z.object({ day: LocalDateSchema, bytes: count, calls: count, rows: count })),
})
export type HealthSummary = z.infer<typeof HealthSummarySchema>

/** How Keelson is doing, what to do about it, and what to hand on when asking for help. */
export const healthRoutes = {
  'health.summary': defineRoute({
    kind: 'query',
    input: z.strictObject({
      hours: z.int().min(1).max(MOST_HOURS).default(24),
    }),
    output: HealthSummarySchema,
  }),
  /** Everything worth handing on, without anything that names the user. `text` is JSON; save it as it is, so that what was shown is what is saved. */
  'diagnostics.preview': defineRoute({
    kind: 'query',
    input: z.strictObject({}),
    output: z.object({ name: z.string(), text: z.string(), bytes: count }),
  }),
  /** Copies the database into the backups folder, unless today's copy is there. */
  'storage.backup': defineRoute({
    kind: 'command',
    input: z.strictObject({}),
    output: z.object({ made: z.boolean(), lastBackupAt: InstantSchema.nullable() }),
  }),
} as const
