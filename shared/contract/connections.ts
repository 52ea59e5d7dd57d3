import { z } from 'zod'
import { defineRoute } from './route.ts'
import {
  BrokerIdSchema, ConnectionIdSchema, ConnectionSchema, EnvironmentSchema, ErrorShape, FlowIdSchema, InstantSchema,
} from './schemas.ts'

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

const secretText = z.string().trim().min(1).max(512)

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
  /** Connects with an API key and secret; both are tried against the broker before anything is saved. */
  'connections.withKeys': defineRoute({
    kind: 'command',
    input: z.strictObject({
      broker: BrokerIdSchema,
      environment: EnvironmentSchema,
      keyId: secretText,
      secret: secretText,
      consent: z.literal(true),
      reconnect: ConnectionIdSchema.optional(),
    }),
    output: z.object({ connectionId: ConnectionIdSchema }),
  }),
  'connections.test': defineRoute({
    kind: 'command',
    input: z.strictObject({ connectionId: ConnectionIdSchema }),
    output: z.object({ ms: z.number(), accounts: z.number().int(), testedAt: InstantSchema }),
  }),
  /** Wipes the tokens at once, revokes them at the broker where that exists, keeps the history. */
  'connections.disconnect': defineRoute({
    kind: 'command',
    input: z.strictObject({ connectionId: ConnectionIdSchema }),
    output: z.object({ revoked: z.enum(['yes', 'no', 'not-offered']) }),
  }),
} as const
