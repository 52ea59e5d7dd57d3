import type { FindingView } from '../../../shared/contract/health.ts'
import type { NoticeActionKind, NoticeKind } from '../../../shared/contract/notices.ts'
import type { ConnectionView } from '../../../shared/contract/schemas.ts'
import { nearness, SEVERITIES, type Severity } from '../../../shared/domain/connection-health.ts'
import { EXCHANGE_ZONE, Instant } from '../../../shared/domain/time.ts'
import type { Wanted } from '../store/notices.ts'
import { nextWarningAt, warningAt } from './warnings.ts'

/** What notices are made of: what the Health screen finds, and the deadlines of sign-ins. */
export interface NoticeFacts {
  readonly findings: readonly FindingView[]
  readonly connections: readonly ConnectionView[]
  readonly nameOf: (connection: ConnectionView) => string
}

interface Manner {
  readonly kind: NoticeKind
  readonly action: { readonly kind: NoticeActionKind; readonly label: string }
}

const HEALTH = { kind: 'open-health', label: 'Open Health' } as const
const RECONNECT = { kind: 'reconnect', label: 'Reconnect' } as const

/** How a finding is announced, by the first part of its id. Those missing here are announced by their deadline, or not at all. */
const MANNERS: Readonly<Record<string, Manner>> = {
  'sign-in': { kind: 'sign-in', action: RECONNECT },
  locked: { kind: 'vault', action: { kind: 'unlock', label: 'Unlock' } },
  'vault-locked': { kind: 'vault', action: { kind: 'unlock', label: 'Unlock' } },
  'vault-weak': { kind: 'vault', action: HEALTH },
  ambiguous: { kind: 'refresh', action: { kind: 'sync', label: 'Try now' } },
  trouble: { kind: 'refresh', action: { kind: 'sync', label: 'Try now' } },
  sync: { kind: 'sync', action: { kind: 'sync', label: 'Sync again' } },
  'way-in': { kind: 'way-in', action: RECONNECT },
  record: { kind: 'order', action: { kind: 'open-orders', label: 'Look at it' } },
  'sla-alert': { kind: 'reliability', action: HEALTH },
  'clock-off': { kind: 'reliability', action: HEALTH },
  'disk-low': { kind: 'reliability', action: HEALTH },
  'backup-old': { kind: 'reliability', action: HEALTH },
}
/** Worth announcing although the Health screen takes it for small: each is something only its user can mend. */
const ANNOUNCED_ANYWAY: ReadonlySet<string> = new Set(['way-in'])
const ENDED: ReadonlySet<string> = new Set(['sign-in-needed', 'revoked', 'locked'])

/** Everything worth saying at a moment, each with the topic that keeps it from being said twice. */
export function wantedNotices({ findings, connections, nameOf }: NoticeFacts, now: Instant): Wanted[] {
  const found = findings.flatMap(finding => fromFinding(finding))
  const ahead = connections.flatMap(connection => deadlineNotice(connection, nameOf(connection), now))
  return [...found, ...ahead]
}

/** When something is to be said next although nothing happens until then; null for never. */
export function nextNoticeAt(connections: readonly ConnectionView[], now: Instant): Instant | null {
  return connections.reduce<Instant | null>((next, { health }) => {
    const at = health.deadline === null ? null : nextWarningAt(health.deadline, health.warnBeforeMs, now)
    return at === null ? next : next === null ? at : Instant.earliest(next, at)
  }, null)
}

function fromFinding({ id, severity, title, sentence, fix }: FindingView): Wanted[] {
  const [name = ''] = id.split(':')
  const manner = MANNERS[name]
  if (!manner || (isMild(severity) && !ANNOUNCED_ANYWAY.has(name))) return []
  return [{ topic: id, ...manner, severity, connectionId: fix?.connectionId ?? null, code: null, title, body: sentence }]
}

function deadlineNotice({ id, health }: ConnectionView, name: string, now: Instant): Wanted[] {
  const { deadline, warnBeforeMs, kind } = health
  if (deadline === null || ENDED.has(kind)) return []
  const warning = warningAt(deadline, warnBeforeMs, now)
  if (!warning) return []
  return [
    {
      topic: `expiry:${id}:${deadline}:${warning.name}`,
      kind: 'expiry',
      severity: isMild(nearness(warnBeforeMs, deadline, now)) ? 'notice' : 'warning',
      connectionId: id,
      code: null,
      title: `${name}: sign in again by ${inExchangeTime(deadline)}`,
      body: 'Its sign-in ends then, and no renewal moves that end. Sign in before it and nothing stops; the history stays in any case.',
      action: { kind: 'reconnect', label: 'Sign in now' },
    },
  ]
}

function isMild(severity: Severity): boolean {
  return SEVERITIES.indexOf(severity) < SEVERITIES.indexOf('warning')
}

const moment = new Intl.DateTimeFormat('en-US', {
  timeZone: EXCHANGE_ZONE, weekday: 'short', day: 'numeric', month: 'short', hour: '2-digit', minute: '2-digit', hourCycle: 'h23',
})

/** `Sun, Nov 22, 09:00 New York time`: a notice is read later, where a time left would be wrong. */
function inExchangeTime(at: Instant): string {
  return `${moment.format(Instant.toEpochMs(at))} New York time`
}
