import { randomBytes, randomUUID } from 'node:crypto'
import path from 'node:path'
import { oauthProfile } from '../../../electron/core/brokers/schwab/auth.ts'
import { createBallast } from '../../../electron/core/db/ballast.ts'
import { type Db, openDatabase } from '../../../electron/core/db/open.ts'
import { createLog } from '../../../electron/core/log/log.ts'
import { createHttp } from '../../../electron/core/net/http.ts'
import { createLimiter } from '../../../electron/core/net/limiter.ts'
import { refreshGrant } from '../../../electron/core/oauth/refresh.ts'
import type { TokenGrant } from '../../../electron/core/oauth/wire.ts'
import type { Clock, Random, SecretBox } from '../../../electron/core/ports.ts'
import { insertConnection, listConnections } from '../../../electron/core/store/connections.ts'
import { createTokens, type Tokens, type TokensDeps } from '../../../electron/core/tokens/tokens.ts'
import { openVault } from '../../../electron/core/vault/data-key.ts'
import { Secret } from '../../../electron/core/vault/secret.ts'
import type { BrokerId } from '../../../shared/domain/broker.ts'
import type { Connection } from '../../../shared/domain/connection.ts'
import { newId } from '../../../shared/domain/ids.ts'
import { Instant } from '../../../shared/domain/time.ts'

/** The clock of this computer. */
export const realClock: Clock = {
  now: () => Instant.fromEpochMs(Date.now()),
  monotonicMs: () => performance.now(),
  after(ms, run) {
    const timer = setTimeout(run, ms).unref()
    return () => clearTimeout(timer)
  },
}

export const realRandom: Random = { bytes: length => randomBytes(length), uuid: () => randomUUID(), fraction: () => Math.random() }

/** Wraps a key without hiding it: what is tested is not the box. */
export const plainBox: SecretBox = {
  protection: 'passphrase',
  backend: 'torture-box',
  notice: null,
  wrap: key => Promise.resolve(key.map(byte => byte ^ 0x5a)),
  unwrap: wrapped => Promise.resolve(wrapped.map(byte => byte ^ 0x5a)),
}

export interface Desk {
  readonly db: Db
  readonly tokens: Tokens
  readonly connection: Connection
  /** As the app ends: a refresh under way is saved first. */
  close(): Promise<void>
}

export interface DeskOptions {
  readonly folder: string
  /** Where the authorization server is. */
  readonly origin: string
  readonly quickTriesMs?: readonly number[]
  readonly clock?: Clock
  readonly change?: (deps: TokensDeps) => TokensDeps
}

/** The tokens of one connection over a real database, vault and HTTP client. Only what a refresh needs is loaded, so that it is up soon. */
export async function openDesk({
  folder,
  origin,
  quickTriesMs = [],
  clock = realClock,
  change = deps => deps,
}: DeskOptions): Promise<Desk> {
  const random = realRandom
  const log = createLog(() => undefined, clock)
  const db = openDatabase({ file: path.join(folder, 'keelson.db'), now: () => clock.now() })
  const vault = await openVault({ db, box: plainBox, random, clock })
  const limiter = createLimiter({ requests: 100_000, perMs: 1000, clock })
  const http = createHttp({ broker: 'Schwab', allow: [origin], limiter, clock, random, log })
  const profile = { ...oauthProfile(), tokenUrl: `${origin}/token` }
  const endpoints = { http, profile, client: { id: 'my-app', secret: Secret.of('client-secret') }, broker: 'Schwab' }
  const ballast = createBallast(folder)
  ballast.restore()
  const tokens = createTokens(
    change({
      db,
      vault,
      clock,
      random,
      log,
      lockDir: path.join(folder, 'locks'),
      ballast,
      refreshGrant: (_, refresh, { signal }) => refreshGrant(endpoints, { refresh, now: () => clock.now(), signal }),
      keyHeaders: () => ({}),
      brokerName: () => 'Schwab',
      onState: () => undefined,
      quickTriesMs,
    }),
  )
  return {
    db,
    tokens,
    connection: listConnections(db.reader)[0] ?? addConnection(db, clock.now()),
    async close() {
      await tokens.stop()
      await http.close()
      vault.close()
      db.close()
    },
  }
}

export function addConnection(db: Db, now: Instant, broker: BrokerId = 'schwab'): Connection {
  const connection: Connection = {
    id: newId.connection(randomUUID()),
    broker,
    environment: 'sandbox',
    method: 'oauth',
    state: { kind: 'connected' },
    createdAt: now,
    consentedAt: now,
    scopes: [],
  }
  insertConnection(db.writer, connection)
  return connection
}

/** A sign-in's tokens as an endpoint gives them, received now. */
export function grant({ access, refresh }: { readonly access: string; readonly refresh: string }, now: Instant): TokenGrant {
  return { access: Secret.of(access), refresh: Secret.of(refresh), expiresInMs: 1_800_000, scopes: [], receivedAt: now }
}
