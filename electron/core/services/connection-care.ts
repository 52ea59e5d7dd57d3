import { AppError } from '../../../shared/contract/errors.ts'
import type { Connection } from '../../../shared/domain/connection.ts'
import type { ConnectionId } from '../../../shared/domain/ids.ts'
import type { Events } from '../bus/events.ts'
import type { Handlers } from '../bus/router.ts'
import type { Db, Writer } from '../db/open.ts'
import { getAccount, setExcluded } from '../store/accounts.ts'
import { getConnection, listConnections, setConnectionState, setLabel, setPrimary, setTrouble } from '../store/connections.ts'
import type { Tokens } from '../tokens/tokens.ts'
import type { Keepers } from './keepers.ts'
import type { Revocations } from './revocations.ts'
import type { WaysIn } from './ways-in.ts'

export interface ConnectionCareDeps {
  readonly db: Db
  readonly events: Events
  readonly ways: WaysIn
  readonly keepers: Keepers
  readonly tokens: Pick<Tokens, 'forget'>
  readonly stopSync: (id: ConnectionId) => Promise<unknown>
  readonly revocations: Pick<Revocations, 'end'>
  readonly replan: () => void
}

type CareHandlers = Pick<Handlers, 'connections.rename' | 'connections.setPrimary' | 'connections.removeMethod' | 'accounts.exclude'>

/** The user's own order among connections, accounts and ways in. */
export function createConnectionCare({ db, events, ways, keepers, tokens, stopSync, revocations, replan }: ConnectionCareDeps): CareHandlers {
  function find(id: ConnectionId): Connection {
    const connection = getConnection(db.reader, id)
    if (!connection) throw new AppError('app/not-found')
    return connection
  }
  const changed = (id: ConnectionId): void => events.emit({ type: 'connections.changed', connectionIds: [id] })

  return {
    'connections.rename'({ connectionId, label }) {
      const { id } = find(connectionId)
      if (label !== '' && listConnections(db.reader).some(other => other.id !== id && sameName(other.label, label))) {
        throw new AppError('app/name-taken', { details: { name: label } })
      }
      setLabel(db.writer, id, label)
      changed(connectionId)
      return {}
    },
    'connections.setPrimary'({ connectionId }) {
      setPrimary(db.writer, find(connectionId).id)
      changed(connectionId)
      return {}
    },
    'accounts.exclude'({ accountId, excluded }) {
      const account = getAccount(db.reader, accountId)
      if (!account) throw new AppError('app/not-found')
      setExcluded(db.writer, accountId, excluded)
      changed(account.connectionId)
      events.emit({ type: 'portfolio.changed', connectionId: account.connectionId })
      events.emit({ type: 'ledger.changed' })
      return {}
    },
    async 'connections.removeMethod'({ connectionId, method }, { signal }) {
      const connection = find(connectionId)
      const before = ways.stored(db.reader, connection)
      if (!before.some(row => row.method === method)) throw new AppError('app/not-found')
      if (before.length === 1) throw new AppError('auth/last-method')
      await stopSync(connectionId)
      const holdsTokens = method === 'oauth' || method === 'personal-grant' || method === 'api-key'
      const wipe = (w: Writer): void => {
        if (holdsTokens) tokens.forget(connectionId)
        ways.remove(w, connection, method)
        // What ended with this way in is over; the others say for themselves how they fare. A locked vault concerns them all.
        if (connection.state.kind === 'needs-sign-in' && connection.state.because !== 'vault-locked') {
          setConnectionState(w, connectionId, { kind: 'connected' })
        }
        setTrouble(w, connectionId, null)
      }
      if (holdsTokens) await revocations.end(connection, wipe, { signal })
      else db.writer.tx(wipe)
      await keepers.close(connectionId)
      replan()
      changed(connectionId)
      return {}
    },
  }
}

/** Names a person would take for one. */
function sameName(a: string, b: string): boolean {
  return a.trim().toLowerCase() === b.trim().toLowerCase()
}
