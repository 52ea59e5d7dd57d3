import { z } from 'zod'
import { defineRoute } from './route.ts'
import {
  AccountIdSchema, BrokerIdSchema, ConnectionIdSchema, DecSchema, EnvironmentSchema, InstantSchema, MethodSchema, SyncResultSchema,
} from './schemas.ts'

const ScopeSchema = z.object({ id: z.string(), label: z.string(), detail: z.string(), required: z.boolean() })

export const BrokerSchema = z.object({
  id: BrokerIdSchema,
  name: z.string(),
  environments: z.array(z.object({
    id: EnvironmentSchema,
    methods: z.array(MethodSchema),
    /** True when a client id and secret are at hand for this environment (sandbox always). */
    appReady: z.boolean(),
    /** The exact address to register at the broker. */
    redirectUri: z.string(),
  })),
  scopes: z.array(ScopeSchema),
  registerAt: z.string(),
  /** One sentence a user should know before connecting. */
  note: z.string(),
  app: z.object({ clientId: z.string().nullable(), source: z.enum(['settings', 'environment', 'none']) }),
})
export type BrokerView = z.infer<typeof BrokerSchema>

export const VaultSchema = z.object({
  state: z.enum(['open', 'locked']),
  /** What guards the data key: the system keyring, a passphrase, the OS through Electron, or nothing but memory. */
  protection: z.enum(['keyring', 'passphrase', 'os', 'memory']),
  /** A sentence, present when the user should know something. */
  notice: z.string().nullable(),
})
export type VaultView = z.infer<typeof VaultSchema>

const clientText = z.string().trim().min(1).max(256).regex(/^[\x21-\x7e]+$/)

/** The application itself, brokers on offer, the user's own app keys, syncing, holdings and the sandbox. */
export const appRoutes = {
  'app.status': defineRoute({
    kind: 'query',
    input: z.strictObject({}),
    output: z.object({
      version: z.string(),
      host: z.enum(['desktop', 'headless', 'test']),
      vault: VaultSchema,
      sandbox: z.object({ running: z.boolean() }),
      now: InstantSchema,
    }),
  }),
  /** Asks the vault's store again, which may ask the user, and puts the connections back in order. Answers how the vault stands now. */
  'vault.unlock': defineRoute({ kind: 'command', input: z.strictObject({}), output: VaultSchema }),
  /**
   * Leaves a locked vault behind for one with a new key. What the old key sealed stays on disk and counts as lost: every broker needs
   * a sign-in, and the user's own app keys have to be entered again. The history stays. An open vault is left as it is.
   */
  'vault.startOver': defineRoute({ kind: 'command', input: z.strictObject({ confirm: z.literal(true) }), output: VaultSchema }),
  'brokers.list': defineRoute({ kind: 'query', input: z.strictObject({}), output: z.array(BrokerSchema) }),
  'brokers.setApp': defineRoute({
    kind: 'command',
    input: z.strictObject({ broker: BrokerIdSchema, clientId: clientText, clientSecret: clientText }),
    output: z.object({}),
  }),
  'brokers.clearApp': defineRoute({ kind: 'command', input: z.strictObject({ broker: BrokerIdSchema }), output: z.object({}) }),
  /** Syncs one connection and answers when it is done. */
  'sync.run': defineRoute({ kind: 'command', input: z.strictObject({ connectionId: ConnectionIdSchema }), output: SyncResultSchema }),
  /** Pauses or resumes background syncing; a sync asked for by hand still runs. */
  'sync.pause': defineRoute({ kind: 'command', input: z.strictObject({ paused: z.boolean() }), output: z.object({ paused: z.boolean() }) }),
  'sync.schedule': defineRoute({
    kind: 'query',
    input: z.strictObject({}),
    output: z.object({ paused: z.boolean(), nextAt: InstantSchema.nullable() }),
  }),
  'portfolio.positions': defineRoute({
    kind: 'query',
    input: z.strictObject({ accountId: AccountIdSchema.optional() }),
    output: z.array(z.object({
      accountId: AccountIdSchema, symbol: z.string(), assetClass: z.string(), quantity: DecSchema, averagePrice: DecSchema.nullable(),
      marketValue: DecSchema.nullable(), unrealized: DecSchema.nullable(), currency: z.string(), asOf: InstantSchema, fetchedAt: InstantSchema,
    })),
  }),
  'portfolio.orders': defineRoute({
    kind: 'query',
    input: z.strictObject({ accountId: AccountIdSchema.optional(), limit: z.int().min(1).max(500) }),
    output: z.array(z.object({
      accountId: AccountIdSchema, externalId: z.string(), symbol: z.string().nullable(), side: z.enum(['buy', 'sell']).nullable(), type: z.string(),
      timeInForce: z.string(), status: z.string(), statusText: z.string(), quantity: DecSchema.nullable(), filledQuantity: DecSchema,
      limitPrice: DecSchema.nullable(), stopPrice: DecSchema.nullable(), averageFillPrice: DecSchema.nullable(),
      submittedAt: InstantSchema, updatedAt: InstantSchema, fetchedAt: InstantSchema,
    })),
  }),
  /** Starts the built-in sandbox brokers, connects each through the real sign-in (consent is given for the user) and starts syncing. */
  'sandbox.explore': defineRoute({ kind: 'command', input: z.strictObject({ broker: BrokerIdSchema.optional() }), output: z.object({ connectionIds: z.array(ConnectionIdSchema) }) }),
} as const
export type PositionView = z.infer<(typeof appRoutes)['portfolio.positions']['output']>[number]
export type OrderView = z.infer<(typeof appRoutes)['portfolio.orders']['output']>[number]
