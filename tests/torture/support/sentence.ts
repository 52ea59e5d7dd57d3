import { tokenText } from '../../../shared/words/token.ts'
import { connectionHealth, NO_REFRESH } from '../../../shared/domain/connection-health.ts'
import { Instant } from '../../../shared/domain/time.ts'

const SINCE = Instant.parse('2026-11-20T15:00:00Z')
const REASONS = ['expired', 'revoked', 'lost', 'vault-locked', 'memory-only'] as const

/** What the user is told about a sign-in that is needed for this reason; empty for a reason nobody knows. */
export function sentenceFor(because: string): string {
  const reason = REASONS.find(known => known === because)
  if (!reason) return ''
  const token = { obtainedAt: SINCE, expiresAt: null, signInBy: null, refreshable: true }
  const state = { kind: 'needs-sign-in', because: reason, since: SINCE } as const
  const standing = connectionHealth({ state, token, refresh: NO_REFRESH, vault: 'open', trouble: null, warnBeforeMs: [] }, SINCE)
  const health = { ...standing, ...NO_REFRESH, warnBeforeMs: [] }
  const facts = { environment: 'live', method: 'oauth', consentedAt: SINCE, trouble: null, state } as const
  return tokenText({ ...facts, methods: [], health, token: { ...token, badge: standing.badge } }, 'Schwab', SINCE).tooltip
}
