import { z } from 'zod'
import { defineRoute } from './route.ts'
import { BrokerIdSchema, ConnectionIdSchema, EnvironmentSchema, InstantSchema } from './schemas.ts'

const id = z.string().regex(/^rev_[A-Za-z0-9-]{1,60}$/)

/** A connection that is disconnected here and whose access has still to be ended at its broker. */
export const RevocationSchema = z.object({
  id,
  connectionId: ConnectionIdSchema,
  broker: BrokerIdSchema,
  environment: EnvironmentSchema,
  /** When it was disconnected. */
  createdAt: InstantSchema,
  /** How often the broker was asked. */
  attempts: z.number().int(),
  /** When it is asked again; null while that waits for the vault or for the user. */
  nextAt: InstantSchema.nullable(),
  /** When Keelson gives up and wipes what it kept for it. */
  endsAt: InstantSchema,
  /** Why the last try did not end it, in a sentence; null before the first. */
  because: z.string().nullable(),
})
export type RevocationView = z.infer<typeof RevocationSchema>

/** Accesses that are still to be ended at their brokers. */
export const revocationRoutes = {
  'revocations.list': defineRoute({ kind: 'query', input: z.strictObject({}), output: z.array(RevocationSchema) }),
  /** Asks the broker now. */
  'revocations.retry': defineRoute({
    kind: 'command',
    input: z.strictObject({ id }),
    output: z.object({ revoked: z.enum(['yes', 'pending']) }),
  }),
  /** Asks no more and wipes what was kept for it; the user ends the access on the broker's site. */
  'revocations.forget': defineRoute({ kind: 'command', input: z.strictObject({ id }), output: z.object({}) }),
} as const
