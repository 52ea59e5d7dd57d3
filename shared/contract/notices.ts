import { z } from 'zod'
import { SEVERITIES } from '../domain/connection-health.ts'
import { defineRoute } from './route.ts'
import { ConnectionIdSchema, InstantSchema } from './schemas.ts'

/** What a notice is about. */
export const NOTICE_KINDS = ['expiry', 'sign-in', 'refresh', 'way-in', 'vault', 'sync', 'reliability', 'order'] as const
export type NoticeKind = (typeof NOTICE_KINDS)[number]

/** What its button does. */
export const NOTICE_ACTIONS = ['reconnect', 'sync', 'unlock', 'open-health', 'open-overview', 'open-orders'] as const
export type NoticeActionKind = (typeof NOTICE_ACTIONS)[number]

const NoticeSchema = z.object({
  id: z.string(),
  kind: z.enum(NOTICE_KINDS),
  severity: z.enum(SEVERITIES),
  connectionId: ConnectionIdSchema.nullable(),
  /** The code of the failure behind it; null when there is none. */
  code: z.string().nullable(),
  title: z.string(),
  body: z.string(),
  action: z.object({ kind: z.enum(NOTICE_ACTIONS), label: z.string() }),
  createdAt: InstantSchema,
  readAt: InstantSchema.nullable(),
  /** Kept quiet until then. */
  snoozedUntil: InstantSchema.nullable(),
  /** When its reason went away; null while it stands. */
  endedAt: InstantSchema.nullable(),
})
export type NoticeView = z.infer<typeof NoticeSchema>

export const MAIL_SECURITY = ['tls', 'starttls', 'none'] as const

const host = z.string().trim().min(1).max(253).regex(/^[A-Za-z0-9.:[\]-]+$/)
const address = z.email().max(254)

const MailSchema = z.object({
  enabled: z.boolean(),
  host: z.string(),
  port: z.int(),
  security: z.enum(MAIL_SECURITY),
  user: z.string(),
  from: z.string(),
  to: z.string(),
  /** Milder notices are not mailed. */
  least: z.enum(['notice', 'warning', 'danger']),
  /** A password is sealed in the vault. It never comes back. */
  hasPassword: z.boolean(),
  lastSentAt: InstantSchema.nullable(),
  /** Why the last message could not be sent; null when it was. */
  lastError: z.object({ code: z.string(), message: z.string(), action: z.string() }).nullable(),
})
export type MailSettingsView = z.infer<typeof MailSchema>

const SettingsSchema = z.object({ mail: MailSchema })

/** What Keelson has to say without being asked. */
export const noticeRoutes = {
  /** Newest first: all that stand, and those that ended in the last 30 days when asked for. `unread` counts what stands and is not snoozed. */
  'notices.list': defineRoute({
    kind: 'query',
    input: z.strictObject({ includeEnded: z.boolean().optional() }),
    output: z.object({ unread: z.int(), notices: z.array(NoticeSchema) }),
  }),
  'notices.read': defineRoute({ kind: 'command', input: z.strictObject({ ids: z.array(z.string().max(64)).max(500) }), output: z.object({}) }),
  /** Keeps a notice quiet until a moment within 30 days; if its reason still stands then, it is said once more. */
  'notices.snooze': defineRoute({ kind: 'command', input: z.strictObject({ id: z.string().max(64), until: InstantSchema }), output: z.object({}) }),
  /** Takes a notice off the list for as long as its reason stands. */
  'notices.dismiss': defineRoute({ kind: 'command', input: z.strictObject({ id: z.string().max(64) }), output: z.object({}) }),
  'notices.settings': defineRoute({ kind: 'query', input: z.strictObject({}), output: SettingsSchema }),
  /**
   * Sets where notices are mailed. `password` left out keeps the one there is, as long as host and user stay the same; empty takes it
   * away. `none` for `security` is taken for this machine alone. Throws auth/bad-field and vault/locked.
   */
  'notices.setMail': defineRoute({
    kind: 'command',
    input: z.strictObject({
      enabled: z.boolean(),
      host,
      port: z.int().min(1).max(65_535),
      security: z.enum(MAIL_SECURITY),
      user: z.string().trim().max(254),
      password: z.string().max(1024).optional(),
      from: address,
      to: address,
      least: z.enum(['notice', 'warning', 'danger']),
    }),
    output: SettingsSchema,
  }),
  /** Sends a message now, to see that it arrives. Throws mail/... and vault/locked. */
  'notices.testMail': defineRoute({ kind: 'command', input: z.strictObject({}), output: z.object({ to: z.string() }) }),
} as const
