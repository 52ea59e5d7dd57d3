import type { FindingView } from '../../../shared/contract/health.ts'
import type { ConnectionView } from '../../../shared/contract/schemas.ts'
import { nearness } from '../../../shared/domain/connection-health.ts'
import { wasGivenUp } from '../../../shared/domain/given-up.ts'
import { Instant } from '../../../shared/domain/time.ts'
import { type BrokerName, finding, fix, inWords, nameOf, reconnect } from './finding.ts'

export interface ConnectionFindingFacts {
  readonly connections: readonly ConnectionView[]
  readonly brokerName: BrokerName
  readonly now: Instant
  /** What a locked vault means for each connection is said once, not here. */
  readonly isVaultLocked: boolean
}

const ENDED = {
  expired: 'The sign-in has come to its end.',
  revoked: 'The broker ended the sign-in.',
  lost: 'The sign-in was lost: the broker may have used up its key without an answer reaching Keelson.',
  'vault-locked': 'Its sign-in lies in the locked vault.',
  'memory-only': 'Its sign-in was kept in memory only and ended with the last run of Keelson.',
} as const
const UNUSABLE: ReadonlySet<string> = new Set(['sign-in-needed', 'revoked', 'locked'])

/** What is worth saying about each connection: its access first, then its last sync and its ways in. */
export function connectionFindings(facts: ConnectionFindingFacts): FindingView[] {
  return facts.connections.flatMap(connection => {
    const name = nameOf(connection, facts.brokerName)
    const access = accessFinding(connection, name, facts)
    const found = access ? [access] : []
    if (UNUSABLE.has(connection.health.kind)) return found
    return [...found, ...deadlineFindings(connection, name, facts.now), ...syncFindings(connection, name), ...wayInFindings(connection, name)]
  })
}

function accessFinding(connection: ConnectionView, name: string, { isVaultLocked }: ConnectionFindingFacts): FindingView | null {
  const { id, health, trouble } = connection
  const { kind, severity, because, lastError } = health
  switch (kind) {
    case 'sign-in-needed':
    case 'revoked':
      return finding(
        `sign-in:${id}`,
        severity,
        `${name} needs a sign-in`,
        `${ENDED[because ?? 'expired']} The history stays; syncing stops until you sign in.`,
        reconnect(connection),
      )
    case 'locked':
      return isVaultLocked ? null : finding(`locked:${id}`, severity, `${name} waits for the vault`, ENDED['vault-locked'], fix('unlock'))
    case 'ambiguous':
      return finding(
        `ambiguous:${id}`,
        severity,
        `${name}: the last renewal had no clear end`,
        'Whether the broker renewed the sign-in is not known. Keelson asks once more before it asks you.',
        fix('retry', id),
      )
    case 'transient':
    case 'refreshing': {
      // A problem is not over because it is tried again just now.
      const problem = lastError ?? trouble
      if (kind === 'refreshing' && !problem) return null
      const sentence = problem ? `${problem.message} ${problem.action}` : 'The last try did not work. Keelson tries again by itself.'
      return finding(`trouble:${id}`, severity, `${name} has a passing problem`, sentence, fix('retry', id))
    }
    case 'ok':
    case 'due':
      return null
  }
}

function deadlineFindings(connection: ConnectionView, name: string, now: Instant): FindingView[] {
  const { deadline, warnBeforeMs } = connection.health
  const severity = nearness(warnBeforeMs, deadline, now)
  if (severity === 'good' || deadline === null) return []
  return [
    finding(
      `ends-soon:${connection.id}`,
      severity,
      `${name}: the sign-in ends in ${inWords(Instant.msBetween(now, deadline))}`,
      'No renewal moves this end. Sign in before it, and nothing stops.',
      reconnect(connection, 'Sign in now'),
    ),
  ]
}

function syncFindings({ id, health, lastSync }: ConnectionView, name: string): FindingView[] {
  // A passing problem and a locked vault have been told; a sync that was given up is none.
  if (lastSync?.result !== 'failed' && lastSync?.result !== 'partial') return []
  if (wasGivenUp(lastSync.error?.code) || health.kind === 'transient') return []
  const { accounts, error } = lastSync
  const missing = accounts.filter(account => account.result === 'failed')
  const why = error ? `${error.message} ${error.action}` : (missing[0]?.because ?? 'Nothing came back.')
  if (lastSync.result === 'failed') return [finding(`sync:${id}`, 'warning', `${name}: the last sync failed`, why, fix('sync', id))]
  const sentence = `${missing.length} of ${accounts.length} accounts did not come back whole: ${why}`
  return [finding(`sync:${id}`, 'warning', `${name}: the last sync was partial`, sentence, fix('sync', id))]
}

function wayInFindings(connection: ConnectionView, name: string): FindingView[] {
  return connection.methods.flatMap(({ method, trouble }) =>
    trouble === null
      ? []
      : [
          finding(
            `way-in:${connection.id}:${method}`,
            'notice',
            `${name}: one way in does not work (${method})`,
            `${trouble.message} ${trouble.action}`,
            reconnect({ id: connection.id, method }),
          ),
        ],
  )
}
