import { z } from 'zod'
import { defineRoute } from './route.ts'
import {
  AccountIdSchema, BrokerIdSchema, ConnectionIdSchema, DecSchema, EnvironmentSchema, InstantSchema, MethodSchema, SyncResultSchema,
} from './schemas.ts'

const ScopeSchema = z.object({ id: z.string(), label: z.string(), detail: z.string(), required: z.boolean() })

const FieldSchema = z.object({
  name: z.string(), label: z.string(), hint: z.string(), kind: z.enum(['text', 'secret', 'number', 'day']),
  pattern: z.string().nullable(), problem: z.string(), initial: z.string(), required: z.boolean(),
  /** In place of `initial` in some environments. */
  initialIn: z.partialRecord(EnvironmentSchema, z.string()).optional(),
  /** Of a day: it must be still to come. */
  future: z.boolean().optional(),
})
export const MethodInfoSchema = z.object({
  method: MethodSchema, label: z.string(), needs: z.string(), life: z.string(), fields: z.array(FieldSchema),
  /** What it lets Keelson do, and what to know before, where that is not what the broker's say. */
  scopes: z.array(ScopeSchema).optional(), note: z.string().optional(),
  /** How to set it up, a sentence a step. */
  steps: z.array(z.string()).optional(),
  /** A page of the broker's that explains it; empty for none. */
  guide: z.string(),
  /** Values can be looked for on this machine (`brokers.suggest`). */
  suggests: z.boolean(),
})
export type MethodInfoView = z.infer<typeof MethodInfoSchema>
const SourcedSchema = z.object({ text: z.string(), source: z.string(), asOf: z.string() })
const FactsSchema = z.object({
  assetClasses: z.array(z.string()), oauth: z.string(), tokenLife: z.string(), signInAgain: z.string(), rateLimit: z.string(), paper: z.string(),
  fees: SourcedSchema, rating: SourcedSchema.nullable(),
})

export const BrokerSchema = z.object({
  id: BrokerIdSchema,
  name: z.string(),
  /** Every way in, in order of preference. */
  methods: z.array(MethodInfoSchema),
  facts: FactsSchema,
  /** Set when the broker is closed: nothing live can be connected. */
  closed: z.object({ sentence: z.string(), successor: BrokerIdSchema }).nullable(),
  /** False when this edition leaves the broker out; the sentence says what to do. */
  edition: z.object({ included: z.boolean(), sentence: z.string() }),
  /** App keys differ between live and the broker's own test environment. */
  separateAppKeys: z.boolean(),
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
  /** Values a form could take, found on this machine, such as the ports of a running TWS. Nothing is changed. */
  'brokers.suggest': defineRoute({
    kind: 'query',
    input: z.strictObject({ broker: BrokerIdSchema, environment: EnvironmentSchema, method: MethodSchema }),
    output: z.array(z.object({ label: z.string(), values: z.record(z.string(), z.string()) })),
  }),
  /** `environment` matters only where the broker keeps separate keys for its test environment; live is meant without it. */
  'brokers.setApp': defineRoute({
    kind: 'command',
    input: z.strictObject({ broker: BrokerIdSchema, environment: EnvironmentSchema.optional(), clientId: clientText, clientSecret: clientText }),
    output: z.object({}),
  }),
  'brokers.clearApp': defineRoute({ kind: 'command', input: z.strictObject({ broker: BrokerIdSchema, environment: EnvironmentSchema.optional() }), output: z.object({}) }),
  /** Syncs one connection and answers when it is done. */
  'sync.run': defineRoute({ kind: 'command', input: z.strictObject({ connectionId: ConnectionIdSchema }), output: SyncResultSchema }),
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
