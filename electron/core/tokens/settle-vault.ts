import type { ConnectionState, SignInReason } from '../../../shared/domain/connection.ts'
import type { ConnectionId } from '../../../shared/domain/ids.ts'
import type { Instant } from '../../../shared/domain/time.ts'
import type { Db } from '../db/open.ts'
import { listConnections, setConnectionState } from '../store/connections.ts'
import { readSecret } from '../store/secrets.ts'
import type { Vault } from '../vault/vault.ts'

export interface SettleDeps {
  readonly db: Db
  readonly vault: Vault
  readonly now: Instant
}

/**
 * Tells each connection what the vault means for it: locked, lost with its key, or readable again. Nothing is deleted.
 * Answers the connections whose state changed.
 */
export function settleVault({ db, vault, now }: SettleDeps): ConnectionId[] {
  return listConnections(db.reader).flatMap(({ id, method, state }) => {
    const stored = readSecret(db.reader, id, 'access') ?? readSecret(db.reader, id, 'api-key-id') ?? readSecret(db.reader, `${id}/${method}`, 'form')
    const sealed = stored?.sealed
    const because = sealed ? obstacle(vault, sealed.keyId) : null
    const next = nextState(state, because, now)
    if (next === null) return []
    setConnectionState(db.writer, id, next)
    return [id]
  })
}

function obstacle(vault: Vault, keyId: string): SignInReason | null {
  const { state, protection } = vault.status()
  if (state === 'locked') return 'vault-locked'
  if (!vault.isLost(keyId)) return null
  return protection === 'memory' ? 'memory-only' : 'lost'
}

function nextState(state: ConnectionState, because: SignInReason | null, since: Instant): ConnectionState | null {
  if (state.kind === 'connected') return because === null ? null : { kind: 'needs-sign-in', because, since }
  const wasVault = state.because === 'vault-locked' || state.because === 'memory-only'
  if (!wasVault || state.because === because) return null
  return because === null ? { kind: 'connected' } : { kind: 'needs-sign-in', because, since }
}
