import { z } from 'zod'
import { AppError, isErrorCode, toErrorView } from '../../../shared/contract/errors.ts'
import type { Method } from '../../../shared/domain/broker.ts'
import type { Connection } from '../../../shared/domain/connection.ts'
import type { ConnectionId } from '../../../shared/domain/ids.ts'
import type { Instant } from '../../../shared/domain/time.ts'
import type { Broker } from '../brokers/adapter.ts'
import type { Db, Reader, Writer } from '../db/open.ts'
import type { Log } from '../log/log.ts'
import type { Credentials } from '../net/credentials.ts'
import type { Clock } from '../ports.ts'
import {
  deleteMethod,
  methodsOf,
  type MethodSettings,
  putMethod,
  setMethodSettings,
  setMethodTrouble,
  type StoredMethod,
} from '../store/connection-methods.ts'
import { setFirstMethod } from '../store/connections.ts'
import { deleteSecrets, readSecret, writeSecret } from '../store/secrets.ts'
import { Secret } from '../vault/secret.ts'
import type { SecretScope, Vault } from '../vault/vault.ts'
import { endsWayIn } from './way-in-end.ts'
import { NO_CREDENTIALS, type WayIn } from './way-in.ts'

export interface SavedForm {
  readonly settings: MethodSettings
  /** Sealed together; empty for a form without secrets. */
  readonly secrets: Readonly<Record<string, string>>
  readonly expiresAt: Instant | null
}

/** The ways in of saved connections. */
export interface WaysIn {
  /** In the broker's order of preference. */
  stored(reader: Reader, connection: Pick<Connection, 'id' | 'broker'>): StoredMethod[]
  /** The same, ready for a session. */
  of(connection: Connection): WayIn[]
  /** Adds or renews a way in; to be called inside the transaction that saves the connection. */
  save(w: Writer, connection: Pick<Connection, 'id' | 'broker'>, method: Method, form: SavedForm): void
  /** Takes a way in off with its secrets; inside a transaction too. */
  remove(w: Writer, connection: Pick<Connection, 'id' | 'broker'>, method: Method): void
  /** One sealed field of a form. Throws vault/locked and auth/sign-in-needed. */
  secret(connection: Connection, method: Method, field: string): Secret
  /** What was typed into a form before, secrets too, for renewing a part of it. Empty where it cannot be had. */
  typed(id: ConnectionId, method: Method): Readonly<Record<string, string>>
}

export interface WaysInDeps {
  readonly db: Db
  readonly vault: Vault
  readonly log: Log
  readonly clock: Clock
  readonly broker: (id: Connection['broker']) => Broker
  /** Of the ways in with tokens or keys. */
  readonly credentials: (connection: Connection) => Credentials
  readonly onChange: (id: ConnectionId) => void
}

const FormSecrets = z.record(z.string(), z.string())
const WITH_TOKENS: ReadonlySet<Method> = new Set(['oauth', 'api-key', 'personal-grant'])

export function createWaysIn(deps: WaysInDeps): WaysIn {
  const { db, vault, log, clock, onChange } = deps

  function stored(reader: Reader, { id, broker }: Pick<Connection, 'id' | 'broker'>): StoredMethod[] {
    const order = deps.broker(broker).methods.map(({ method }) => method)
    const place = ({ method }: StoredMethod): number => (order.includes(method) ? order.indexOf(method) : order.length)
    return methodsOf(reader, id).toSorted((a, b) => place(a) - place(b))
  }

  /** The sealed fields of a form; none where nothing is sealed or its key is lost. */
  function sealedFields(id: ConnectionId, method: Method): Readonly<Record<string, string>> {
    const owner = formOwner(id, method)
    const found = readSecret(db.reader, owner, 'form')
    if (!found || vault.isLost(found.sealed.keyId)) return {}
    const opened = vault.open({ owner, field: 'form', version: found.version }, found.sealed)
    const fields = FormSecrets.parse(JSON.parse(opened.reveal()))
    for (const value of Object.values(fields)) log.guard(value)
    return fields
  }

  function secret({ id, broker }: Connection, method: Method, field: string): Secret {
    const value = sealedFields(id, method)[field]
    if (value === undefined) throw new AppError('auth/sign-in-needed', { details: { broker: deps.broker(broker).name } })
    return Secret.of(value)
  }

  function report(id: ConnectionId, method: Method, failure: AppError | null): void {
    const known = methodsOf(db.reader, id).find(row => row.method === method)
    const trouble = failure === null ? null : toErrorView(failure)
    if (!known || known.trouble?.code === trouble?.code) return
    setMethodTrouble(db.writer, id, method, trouble)
    log.info('connection.way-in', { connectionId: id, method, code: trouble?.code ?? null })
    onChange(id)
  }

  /** A way in that ended is not tried again by itself: it waits for the user. */
  function credentialsOf(connection: Connection, { method, trouble }: StoredMethod, alone: boolean): Credentials {
    if (!WITH_TOKENS.has(method)) return NO_CREDENTIALS
    const ended = !alone && trouble !== null && isErrorCode(trouble.code) && endsWayIn(trouble.code) !== null ? trouble.code : null
    if (ended === null) return deps.credentials(connection)
    const details = { broker: deps.broker(connection.broker).name }
    return { authorize: () => Promise.reject(new AppError(ended, { details })), renew: () => Promise.resolve(null) }
  }

  function wayIn(connection: Connection, row: StoredMethod, alone: boolean): WayIn {
    const { id } = connection
    const { method } = row
    return {
      method,
      credentials: credentialsOf(connection, row, alone),
      settings: row.settings,
      secret: field => secret(connection, method, field).reveal(),
      remember(name, value) {
        const now = methodsOf(db.reader, id).find(one => one.method === method)
        if (now && now.settings[name] !== value) setMethodSettings(db.writer, id, method, { ...now.settings, [name]: value })
      },
      report: failure => report(id, method, failure),
    }
  }

  function putFirst(w: Writer, connection: Pick<Connection, 'id' | 'broker'>): void {
    const [first] = stored(w, connection)
    if (first) setFirstMethod(w, connection.id, first.method)
  }

  return {
    stored,
    secret,
    typed: (id, method) => ({ ...methodsOf(db.reader, id).find(row => row.method === method)?.settings, ...sealedFields(id, method) }),
    of(connection) {
      const rows = stored(db.reader, connection)
      return rows.map(row => wayIn(connection, row, rows.length === 1))
    },
    save(w, connection, method, { settings, secrets, expiresAt }) {
      putMethod(w, connection.id, { method, settings, addedAt: clock.now(), expiresAt })
      const owner = formOwner(connection.id, method)
      const version = (readSecret(w, owner, 'form')?.version ?? 0) + 1
      if (Object.keys(secrets).length === 0) deleteSecrets(w, owner)
      else {
        for (const value of Object.values(secrets)) log.guard(value)
        const scope: SecretScope = { owner, field: 'form', version }
        writeSecret(w, scope, vault.seal(scope, Secret.of(JSON.stringify(secrets))))
      }
      putFirst(w, connection)
    },
    remove(w, connection, method) {
      deleteMethod(w, connection.id, method)
      deleteSecrets(w, formOwner(connection.id, method))
      putFirst(w, connection)
    },
  }
}

function formOwner(id: ConnectionId, method: Method): string {
  return `${id}/${method}`
}
