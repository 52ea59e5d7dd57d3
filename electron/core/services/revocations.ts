import { AppError, isErrorCode } from '../../../shared/contract/errors.ts'
import type { RevocationView } from '../../../shared/contract/revocations.ts'
import type { Connection } from '../../../shared/domain/connection.ts'
import type { ConnectionId } from '../../../shared/domain/ids.ts'
import { Instant } from '../../../shared/domain/time.ts'
import type { Handlers } from '../bus/router.ts'
import type { Db, Writer } from '../db/open.ts'
import type { Log } from '../log/log.ts'
import type { Clock, Random } from '../ports.ts'
import { listConnections } from '../store/connections.ts'
import {
  endRevocation,
  insertRevocation,
  listRevocations,
  noteRevocationTry,
  readRevocation,
  type StoredRevocation,
} from '../store/revocations.ts'
import type { Parting, Partings } from '../tokens/parting.ts'
import type { Vault } from '../vault/vault.ts'
import type { Revocation } from './revocation.ts'

export interface RevocationsDeps {
  readonly db: Db
  readonly vault: Pick<Vault, 'status'>
  readonly clock: Clock
  readonly random: Random
  readonly log: Log
  /** Called after a commit that changed what is pending of a connection. */
  readonly onChange: (id: ConnectionId) => void
  readonly partings: Partings
  readonly revocation: Revocation
  readonly brokerName: (of: Pick<Connection, 'broker'>) => string
}

type RevocationHandlers = Pick<Handlers, 'revocations.list' | 'revocations.retry' | 'revocations.forget'>

interface Stop {
  readonly signal: AbortSignal
}

export type Ended = 'yes' | 'pending' | 'no' | 'not-offered'

/** Accesses that ended here and are still to be ended at their brokers, this run or a later one. */
export interface Revocations {
  readonly handlers: RevocationHandlers
  /**
   * Wipes a connection and ends its access at the broker. `wipe` runs in one transaction with keeping the one token the broker has to be
   * told; what cannot be told now is told later.
   */
  end(connection: Connection, wipe: (w: Writer) => void, options: Stop): Promise<Ended>
  /** Asks for what is due in the background from now on. */
  start(): void
  stop(): Promise<void>
}

const LIFE_MS = 7 * 86_400_000
const FIRST_MS = 60_000
const CAP_MS = 6 * 3_600_000
/** A sleeping computer and a corrected clock are noticed within the hour. */
const LONGEST_MS = 3_600_000
/** Between two looks at the queue, when the first could not do what is due: the vault is locked, or the disk takes nothing. */
const SOONEST_MS = 60_000

const ownerOf = (id: string): string => `revocation:${id}`

export function createRevocations(deps: RevocationsDeps): Revocations {
  const { db, clock, random, log, onChange, partings, revocation } = deps
  const closing = new AbortController()
  const asking = new Map<string, Promise<'yes' | 'pending'>>()
  let on = false
  let stopTimer = (): void => undefined

  function find(id: string): StoredRevocation {
    const found = readRevocation(db.reader, id)
    if (!found) throw new AppError('app/not-found')
    return found
  }

  function over({ id, connectionId, broker }: StoredRevocation, outcome: Parameters<typeof endRevocation>[2]): void {
    db.writer.tx(w => {
      endRevocation(w, id, outcome, clock.now())
      partings.wipe(w, ownerOf(id))
    })
    log.info('revocation.over', { connectionId, broker, outcome })
    onChange(connectionId)
  }

  /** One request for each, however many ask. Rejects only when what became of it cannot be saved. */
  function ask(row: StoredRevocation, signal: AbortSignal): Promise<'yes' | 'pending'> {
    const asked = asking.get(row.id) ?? tell(row, AbortSignal.any([signal, closing.signal])).finally(() => asking.delete(row.id))
    asking.set(row.id, asked)
    return asked
  }

  async function tell(row: StoredRevocation, signal: AbortSignal): Promise<'yes' | 'pending'> {
    const parting = kept(row.id)
    if (parting instanceof AppError) return later(row, parting)
    if (!parting) {
      over(row, 'given-up')
      return 'pending'
    }
    // Some brokers give a new sign-in the token of the one before: ending it would end what its user has just begun.
    if (isHeldAgain(row, parting)) {
      over(row, 'stopped')
      return 'pending'
    }
    const failure = await revocation.ask(row, parting, { signal })
    // The user may have said stop meanwhile.
    if (!readRevocation(db.reader, row.id)) return 'yes'
    if (failure) return later(row, failure)
    over(row, 'done')
    return 'yes'
  }

  function isHeldAgain({ broker, environment }: StoredRevocation, parting: Parting): boolean {
    const ended = textOf(parting)
    return listConnections(db.reader).some(connection => {
      const held = connection.broker === broker && connection.environment === environment ? partings.of(connection.id) : null
      return held !== null && textOf(held) === ended
    })
  }

  function kept(id: string): Parting | null | AppError {
    try {
      return partings.kept(ownerOf(id))
    } catch (error) {
      if (error instanceof AppError) return error
      throw error
    }
  }

  /** Equal jitter: 1 min, 2 min, 4 min, ... 6 h; never before the broker's own time. */
  function later(row: StoredRevocation, error: AppError): 'pending' {
    const most = Math.min(CAP_MS, FIRST_MS * 2 ** row.attempts)
    const wait = Math.max(most / 2 + (most / 2) * random.fraction(), error.retryAfterMs ?? 0)
    // What was given up here says nothing about the broker.
    const code = error.code === 'app/canceled' ? row.lastError : error.code
    noteRevocationTry(db.writer, row.id, { nextAt: Instant.plus(clock.now(), Math.ceil(wait)), error: code })
    log.warn('revocation.later', { connectionId: row.connectionId, broker: row.broker, errorCode: error.code, attempts: row.attempts + 1 })
    onChange(row.connectionId)
    plan()
    return 'pending'
  }

  const isOld = ({ createdAt }: StoredRevocation): boolean => Instant.msBetween(createdAt, clock.now()) >= LIFE_MS
  const dueInMs = ({ nextAt }: StoredRevocation): number =>
    nextAt === null ? LONGEST_MS : Math.min(LONGEST_MS, Instant.msBetween(clock.now(), nextAt))

  function plan(soonestMs = 0): void {
    stopTimer()
    const rows = on ? listRevocations(db.reader) : []
    if (rows.length > 0) stopTimer = clock.after(Math.max(soonestMs, Math.min(...rows.map(dueInMs))), () => void wake())
  }

  async function wake(): Promise<void> {
    await sweep().catch((cause: unknown) => log.warn('revocation.sweep-failed', { cause }))
    if (!closing.signal.aborted) plan(SOONEST_MS)
  }

  async function sweep(): Promise<void> {
    const rows = listRevocations(db.reader)
    for (const row of rows.filter(isOld)) over(row, 'given-up')
    const due = rows.filter(row => !isOld(row) && dueInMs(row) <= 0)
    if (deps.vault.status().state === 'open') for (const row of due) await ask(row, closing.signal)
  }

  function view(row: StoredRevocation): RevocationView {
    const { id, connectionId, broker, environment, createdAt, attempts, nextAt, lastError } = row
    const because =
      lastError !== null && isErrorCode(lastError) ? new AppError(lastError, { details: { broker: deps.brokerName(row) } }).message : null
    return { id, connectionId, broker, environment, createdAt, attempts, nextAt, endsAt: Instant.plus(createdAt, LIFE_MS), because }
  }

  return {
    async end(connection, wipe, { signal }) {
      const { id: connectionId, broker, environment } = connection
      await revocation.endSession(connection, { signal })
      const isOffered = revocation.isOffered(connection)
      const parting = isOffered ? partings.of(connectionId) : null
      const id = `rev_${random.uuid()}`
      db.writer.tx(w => {
        wipe(w)
        if (!parting) return
        insertRevocation(w, { id, connectionId, broker, environment, createdAt: clock.now() })
        partings.keep(w, ownerOf(id), parting)
      })
      if (!parting) return isOffered ? 'no' : 'not-offered'
      return ask(find(id), signal)
    },
    handlers: {
      'revocations.list': () => listRevocations(db.reader).map(view),
      async 'revocations.retry'({ id }, { signal }) {
        return { revoked: await ask(find(id), signal) }
      },
      'revocations.forget'({ id }) {
        over(find(id), 'stopped')
        plan()
        return {}
      },
    },
    start() {
      on = true
      plan()
    },
    async stop() {
      on = false
      stopTimer()
      closing.abort()
      await Promise.allSettled(asking.values())
    },
  }
}

/** What tells one access from another. */
function textOf({ signed, token }: Parting): string | undefined {
  return (signed?.key ?? token)?.reveal()
}
