import { AppError, toErrorView } from '../../../shared/contract/errors.ts'
import type { Connection } from '../../../shared/domain/connection.ts'
import type { ConnectionId } from '../../../shared/domain/ids.ts'
import type { Db } from '../db/open.ts'
import type { Log } from '../log/log.ts'
import type { Clock } from '../ports.ts'
import { methodsOf, setMethodTrouble } from '../store/connection-methods.ts'
import { getConnection, setConnectionState, setTrouble } from '../store/connections.ts'
import type { Tokens } from '../tokens/tokens.ts'
import { endsWayIn } from './way-in-end.ts'

export interface EndingsDeps {
  readonly db: Db
  readonly clock: Clock
  readonly log: Log
  readonly brokerName: (connection: Connection) => string
  readonly tokens: Pick<Tokens, 'life' | 'forget'>
  readonly onChange: (id: ConnectionId) => void
}

/** When a connection is at its end, and when only one of its ways in is. */
export interface Endings {
  /** A call failed for good: a connection without tokens that watch themselves now needs its user. */
  failed(connection: Connection, error: AppError): void
  /** Tokens ended: with other ways in the connection goes on by those, and this one waits for a sign-in. True when it does. */
  tokensEnded(id: ConnectionId): boolean
  /** What was ended works after all. */
  works(id: ConnectionId): void
}

export function createEndings({ db, clock, log, brokerName, tokens, onChange }: EndingsDeps): Endings {
  return {
    failed({ id }, error) {
      const because = endsWayIn(error.code)
      const connection = getConnection(db.reader, id)
      if (because === null || connection?.state.kind !== 'connected' || tokens.life(id) !== null) return
      db.writer.tx(w => {
        setConnectionState(w, id, { kind: 'needs-sign-in', because, since: clock.now() })
        setTrouble(w, id, null)
      })
      log.warn('connection.ended', { connectionId: id, because })
      onChange(id)
    },
    tokensEnded(id) {
      const connection = getConnection(db.reader, id)
      if (connection?.state.kind !== 'needs-sign-in' || !['expired', 'revoked', 'lost'].includes(connection.state.because)) return false
      const ways = methodsOf(db.reader, id)
      const ended = ways.find(({ method }) => method === 'oauth' || method === 'personal-grant')
      if (!ended || ways.length === 1 || tokens.life(id) === null) return false
      const trouble = toErrorView(new AppError('auth/sign-in-needed', { details: { broker: brokerName(connection) } }))
      db.writer.tx(w => {
        setMethodTrouble(w, id, ended.method, trouble)
        setConnectionState(w, id, { kind: 'connected' })
        tokens.forget(id)
      })
      log.info('connection.way-in', { connectionId: id, method: ended.method, code: trouble.code })
      return true
    },
    works(id) {
      const connection = getConnection(db.reader, id)
      if (connection?.state.kind !== 'needs-sign-in' || tokens.life(id) !== null) return
      setConnectionState(db.writer, id, { kind: 'connected' })
      onChange(id)
    },
  }
}
