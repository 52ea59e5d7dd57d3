import type { FindingView, FixKind, FixView } from '../../../shared/contract/health.ts'
import type { ConnectionView } from '../../../shared/contract/schemas.ts'
import type { BrokerId } from '../../../shared/domain/broker.ts'
import type { ConnectionId } from '../../../shared/domain/ids.ts'

type PlainFix = Exclude<FixKind, 'reconnect' | 'end-access'>

export type BrokerName = (id: BrokerId) => string

const BUTTONS: Readonly<Record<PlainFix, { readonly label: string; readonly route: string }>> = {
  sync: { label: 'Sync now', route: 'sync.run' },
  unlock: { label: 'Unlock', route: 'vault.unlock' },
  retry: { label: 'Try now', route: 'connections.test' },
  resume: { label: 'Resume syncing', route: 'sync.pause' },
  backup: { label: 'Back up now', route: 'storage.backup' },
  open: { label: 'Show diagnostics', route: 'diagnostics.preview' },
}

/** The button beside a finding. */
export function fix(kind: PlainFix, connectionId?: ConnectionId): FixView {
  return { kind, ...BUTTONS[kind], ...(connectionId === undefined ? {} : { connectionId }) }
}

/** Signing in again: in the browser, or with a form where that is the way in. */
export function reconnect({ id, method }: Pick<ConnectionView, 'id' | 'method'>, label = 'Reconnect'): FixView {
  return { kind: 'reconnect', label, route: method === 'oauth' ? 'connections.signIn' : 'connections.withForm', connectionId: id }
}

/** Asking a broker once more to end an access that was disconnected here. */
export function endAccess(revocationId: string): FixView {
  return { kind: 'end-access', label: 'End it now', route: 'revocations.retry', revocationId }
}

export function finding(
  id: string,
  severity: FindingView['severity'],
  title: string,
  sentence: string,
  button: FixView | null = null,
): FindingView {
  return { id, severity, title, sentence, fix: button }
}

/** How a connection is called in a sentence: by the user's own name for it, else by its broker. */
export function nameOf(
  { label, broker, environment }: Pick<ConnectionView, 'label' | 'broker' | 'environment'>,
  brokerName: BrokerName,
): string {
  if (label !== '') return label
  return environment === 'live' ? brokerName(broker) : `${brokerName(broker)} (${environment})`
}

const UNITS = [
  { ms: 86_400_000, word: 'day' },
  { ms: 3_600_000, word: 'hour' },
  { ms: 60_000, word: 'minute' },
] as const

/** A stretch of time as one says it: `3 days`, `1 hour`, `less than a minute`. Rounded down. */
export function inWords(ms: number): string {
  const unit = UNITS.find(one => ms >= one.ms)
  if (!unit) return 'less than a minute'
  const count = Math.floor(ms / unit.ms)
  return `${count} ${unit.word}${count === 1 ? '' : 's'}`
}
