import { AppError } from '../../../shared/contract/errors.ts'
import type { Connection, SignInReason } from '../../../shared/domain/connection.ts'
import type { ConnectionId } from '../../../shared/domain/ids.ts'
import type { Db } from '../db/open.ts'
import type { Authorization, Credentials } from '../net/credentials.ts'
import { getConnection } from '../store/connections.ts'
import type { Secret } from '../vault/secret.ts'
import type { Backoff } from './backoff.ts'
import type { Renewal } from './renewal.ts'
import { type Opened, type SealedTokens, signedTokenIn } from './sealed.ts'
import type { TokenSigning } from './signing.ts'
import type { Timing } from './timing.ts'

export interface CredentialsDeps {
  readonly db: Db
  readonly sealed: SealedTokens
  readonly timing: Timing
  readonly backoff: Backoff
  readonly renewal: Renewal
  readonly signing: TokenSigning
  readonly keyHeaders: (connection: Connection, keyId: Secret, secret: Secret) => Readonly<Record<string, string>>
  readonly brokerName: ((connection: Connection) => string) | undefined
  /** Marks a connection as needing a sign-in, unless its tokens moved on from `generation`. */
  readonly end: (id: ConnectionId, generation: number, because: SignInReason) => void
}

const FIELDS = {
  oauth: ['access', 'access-secret'], 'api-key': ['api-key-id', 'api-key-secret'], 'personal-grant': ['access'], tws: [], flex: [], gateway: [], file: [],
} as const satisfies Record<Connection['method'], readonly string[]>

/** The credentials of a connection. Nothing is kept between calls: every call reads what is saved, whoever saved it. */
export function createCredentials(deps: CredentialsDeps, { id }: Connection): Credentials {
  const { db, sealed, timing, backoff, renewal } = deps

  function current(): { readonly connection: Connection; readonly opened: Opened } {
    const connection = getConnection(db.reader, id)
    if (!connection) throw new AppError('app/not-found')
    const opened = connection.state.kind === 'connected' ? openOrEnd(connection) : null
    if (!opened) throw signInNeeded(connection)
    return { connection, opened }
  }

  /** A seal that fails closes the connection, so that the user is asked instead of told again and again. */
  function openOrEnd(connection: Connection): Opened | null {
    try {
      return sealed.open(id, FIELDS[connection.method])
    } catch (error) {
      if (error instanceof AppError && error.code === 'vault/tampered') deps.end(id, -1, 'lost')
      throw error
    }
  }

  function signInNeeded(connection: Connection): AppError {
    const name = deps.brokerName?.(connection)
    return new AppError('auth/sign-in-needed', { details: name === undefined ? {} : { broker: name } })
  }

  function headersOf({ connection, opened }: ReturnType<typeof current>): Authorization {
    const [first, second] = FIELDS[connection.method].map(field => opened.secrets.get(field))
    const token = signedTokenIn(opened)
    if (token) return deps.signing.authorization(connection, token, opened.generation)
    const { generation, life: { refreshable: renewable } } = opened
    if (first && !second) return { headers: { authorization: `Bearer ${first.reveal()}` }, generation, renewable }
    if (first && second) return { headers: deps.keyHeaders(connection, first, second), generation, renewable }
    deps.end(id, generation, 'lost')
    throw signInNeeded(connection)
  }

  async function authorize({ signal }: { readonly signal: AbortSignal }): Promise<Authorization> {
    const { connection, opened } = current()
    if (!timing.runsOut(id, opened)) return headersOf({ connection, opened })
    const isOver = (timing.leftMs(id, opened) ?? 1) <= 0
    if (!opened.life.refreshable) {
      if (!isOver) return headersOf({ connection, opened })
      deps.end(id, opened.generation, 'expired')
      throw signInNeeded(connection)
    }
    try {
      const refusal = backoff.refusal(id)
      if (refusal) throw refusal
      await renewal.renew(id, opened.generation, { signal, patience: isOver ? 'all' : 'first-try' })
    } catch (error) {
      // A token that still works outlives a passing problem; the end of a session does not.
      if (isOver || getConnection(db.reader, id)?.state.kind !== 'connected' || signal.aborted) throw error
    }
    return headersOf(current())
  }

  return {
    authorize,
    async renew({ after, answer, signal }) {
      const { connection, opened } = current()
      if (opened.generation !== after.generation) return authorize({ signal })
      const remedy = signedTokenIn(opened) ? deps.signing.remedy(connection, answer) : 'refresh'
      if (remedy === 'repeat') return headersOf({ connection, opened })
      if (remedy === 'sign-in' || (remedy === 'refresh' && !opened.life.refreshable)) {
        deps.end(id, opened.generation, 'revoked')
        return null
      }
      const refusal = backoff.refusal(id)
      if (refusal) throw refusal
      await renewal.renew(id, opened.generation, { signal })
      return headersOf(current())
    },
  }
}
