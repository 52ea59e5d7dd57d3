import { z } from 'zod'
import { defineRoute } from './route.ts'
import {
  AccountIdSchema, BrokerIdSchema, ConnectionIdSchema, ConnectionSchema, DecSchema, EnvironmentSchema, ErrorShape, FlowIdSchema, InstantSchema,
  MethodSchema,
} from './schemas.ts'

/** The longest name a user may give a connection, in characters. */
export const LONGEST_LABEL = 40

/** A sign-in under way in the browser. */
export const FlowSchema = z.object({
  flowId: FlowIdSchema,
  broker: BrokerIdSchema,
  environment: EnvironmentSchema,
  authorizeUrl: z.string(),
  /** Where the broker returns to; also what a pasted address must begin with. */
  redirectUri: z.string(),
  /** False when the listener could not be opened: only pasting can finish. */
  listening: z.boolean(),
  /** What the user may paste to finish: the redirected address, or the code the broker's page shows. */
  paste: z.enum(['address', 'code']),
  /** True when the browser will warn about the self-made certificate of the loopback address. */
  certificateWarning: z.boolean(),
  expiresAt: InstantSchema,
  state: z.discriminatedUnion('kind', [
    z.object({ kind: z.literal('waiting') }),
    z.object({ kind: z.literal('finishing') }),
    z.object({ kind: z.literal('connected'), connectionId: ConnectionIdSchema }),
    z.object({ kind: z.literal('failed'), error: ErrorShape }),
  ]),
})
export type FlowView = z.infer<typeof FlowSchema>

/** What was typed into a connection form, by field name. */
const formValues = z.record(z.string().regex(/^[a-zA-Z][a-zA-Z0-9-]{0,40}$/), z.string().max(8192))

/** Connecting, testing and ending a broker connection. */
export const connectionRoutes = {
  'connections.list': defineRoute({ kind: 'query', input: z.strictObject({}), output: z.array(ConnectionSchema) }),
  /** Starts a browser sign-in. `reconnect` renews an existing connection in place. `open: false` leaves opening the address to the caller. */
  'connections.signIn': defineRoute({
    kind: 'command',
    input: z.strictObject({
      broker: BrokerIdSchema,
      environment: EnvironmentSchema,
      scopes: z.array(z.string().max(64)).max(16).optional(),
      consent: z.literal(true),
      reconnect: ConnectionIdSchema.optional(),
      open: z.boolean().optional(),
    }),
    output: FlowSchema,
  }),
  'connections.flow': defineRoute({ kind: 'query', input: z.strictObject({ flowId: FlowIdSchema }), output: FlowSchema }),
  /** Finishes a sign-in with the redirected address or the code, for browsers that cannot reach the loopback listener. */
  'connections.paste': defineRoute({ kind: 'command', input: z.strictObject({ flowId: FlowIdSchema, text: z.string().max(8192) }), output: FlowSchema }),
  'connections.cancel': defineRoute({ kind: 'command', input: z.strictObject({ flowId: FlowIdSchema }), output: FlowSchema }),
  /** Tries what a form holds against the broker and keeps nothing: the accounts it shows, with their value where the broker says. */
  'connections.try': defineRoute({
    kind: 'command',
    input: z.strictObject({ broker: BrokerIdSchema, environment: EnvironmentSchema, method: MethodSchema, values: formValues }),
    output: z.object({
      ms: z.number(),
      accounts: z.array(z.object({
        name: z.string(), maskedNumber: z.string(), type: z.string(), currency: z.string(), netLiquidation: DecSchema.nullable(),
      })),
    }),
  }),
  /** Connects with what a form holds (keys, a token, a local gateway); it is tried against the broker before anything is saved. */
  'connections.withForm': defineRoute({
    kind: 'command',
    input: z.strictObject({
      broker: BrokerIdSchema,
      environment: EnvironmentSchema,
      method: MethodSchema,
      values: formValues,
      consent: z.literal(true),
      reconnect: ConnectionIdSchema.optional(),
    }),
    /** `joined` when it became another way in of a connection that shows the same accounts. */
    output: z.object({ connectionId: ConnectionIdSchema, joined: z.boolean() }),
  }),
  /** Takes one way in off a connection that has several; its secrets are wiped. */
  'connections.removeMethod': defineRoute({
    kind: 'command',
    input: z.strictObject({ connectionId: ConnectionIdSchema, method: MethodSchema }),
    output: z.object({}),
  }),
  /** Gives a connection a name of the user's own; empty takes it away. */
  'connections.rename': defineRoute({
    kind: 'command',
    input: z.strictObject({ connectionId: ConnectionIdSchema, label: z.string().trim().max(LONGEST_LABEL) }),
    output: z.object({}),
  }),
  /** Makes one connection the first one everywhere. */
  'connections.setPrimary': defineRoute({ kind: 'command', input: z.strictObject({ connectionId: ConnectionIdSchema }), output: z.object({}) }),
  /** Leaves an account out of syncing and totals, or takes it back. Its history stays. */
  'accounts.exclude': defineRoute({
    kind: 'command',
    input: z.strictObject({ accountId: AccountIdSchema, excluded: z.boolean() }),
    output: z.object({}),
  }),
  'connections.test': defineRoute({
    kind: 'command',
    input: z.strictObject({ connectionId: ConnectionIdSchema }),
    output: z.object({ ms: z.number(), accounts: z.number().int(), testedAt: InstantSchema }),
  }),
  /**
   * Wipes the tokens at once and revokes them at the broker where that exists; keeps the history unless told otherwise. `pending`: the
   * broker could not be asked and is asked again later.
   */
  'connections.disconnect': defineRoute({
    kind: 'command',
    input: z.strictObject({ connectionId: ConnectionIdSchema, forgetHistory: z.boolean().optional() }),
    output: z.object({ revoked: z.enum(['yes', 'pending', 'no', 'not-offered']) }),
  }),
} as const
