import type { FindingView } from '../../../../shared/contract/health.ts'
import type { ConnectionView } from '../../../../shared/contract/schemas.ts'
import { newId } from '../../../../shared/domain/ids.ts'
import { Instant } from '../../../../shared/domain/time.ts'

const HOUR_MS = 3_600_000
export const WARNINGS = [48 * HOUR_MS, 24 * HOUR_MS, 2 * HOUR_MS]

/** A connection by its name, with a sign-in that ends at a moment. */
export function aConnection(label: string, deadline: string | null, differs: Partial<ConnectionView['health']> = {}): ConnectionView {
  const made = Instant.parse('2026-11-10T15:00:00Z')
  return {
    id: newId.connection(label), broker: 'schwab', environment: 'live', method: 'oauth', label, primary: false, methods: [],
    state: { kind: 'connected' },
    token: { obtainedAt: made, expiresAt: null, signInBy: null, refreshable: true, badge: 'no-expiry' },
    health: {
      kind: 'ok', severity: 'good', badge: 'no-expiry', because: null, deadline: deadline === null ? null : Instant.parse(deadline),
      warnBeforeMs: deadline === null ? [] : WARNINGS, retryAt: null, dueAt: null, lastAttemptAt: null, lastError: null, ...differs,
    },
    trouble: null, consentedAt: null, scopes: [], createdAt: made, accounts: [], syncing: false, lastSync: null, nextSyncAt: null,
    schedule: { every: 'hourly', marketHours: false },
  }
}

export function aFinding(id: string, differs: Partial<FindingView> = {}): FindingView {
  return { id, severity: 'danger', title: `${id} happened`, sentence: 'What it means.', fix: null, ...differs }
}
