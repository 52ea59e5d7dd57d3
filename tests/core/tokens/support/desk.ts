import path from 'node:path'
import { brokers } from '../../../../electron/core/brokers/registry.ts'
import { createBallast } from '../../../../electron/core/db/ballast.ts'
import { type Db, openDatabase } from '../../../../electron/core/db/open.ts'
import { createLog } from '../../../../electron/core/log/log.ts'
import { createHttp, type HttpClient } from '../../../../electron/core/net/http.ts'
import { createLimiter } from '../../../../electron/core/net/limiter.ts'
import type { OAuth1Profile, OAuthProfile } from '../../../../electron/core/oauth/profile.ts'
import { refreshGrant } from '../../../../electron/core/oauth/refresh.ts'
import type { TokenGrant } from '../../../../electron/core/oauth/wire.ts'
import type { SecretBox } from '../../../../electron/core/ports.ts'
import { insertConnection } from '../../../../electron/core/store/connections.ts'
import { createTokens, type Tokens, type TokensDeps } from '../../../../electron/core/tokens/tokens.ts'
import { type OpenVault, openVault } from '../../../../electron/core/vault/data-key.ts'
import { Secret } from '../../../../electron/core/vault/secret.ts'
import type { BrokerId, Method } from '../../../../shared/domain/broker.ts'
import type { Connection } from '../../../../shared/domain/connection.ts'
import { policyFor } from '../../../../shared/domain/token-policy.ts'
import { newId } from '../../../../shared/domain/ids.ts'
import { fakePorts, type FakePorts, type JumpingClock } from '../../../support/fake-ports.ts'
import { newDatabase } from '../../../support/new-database.ts'
import { virtualClock } from '../../../support/virtual-clock.ts'
import { CONSUMER } from '../../oauth/support/oauth1-server.ts'
import { testProfile } from '../../oauth/support/profile.ts'

export interface TokenDesk extends AsyncDisposable {
  readonly ports: FakePorts
  readonly db: Db
  readonly vault: OpenVault
  readonly tokens: Tokens
  /** Connections whose change was announced. */
  readonly changed: string[]
  readonly http: HttpClient
}

export interface TokenDeskOptions {
  readonly folder: string
  /** The authorization server's origin. */
  readonly origin: string
  readonly classify?: OAuthProfile['classifyTokenFailure']
  readonly box?: SecretBox
  /** Set for a broker that signs its requests. */
  readonly oauth1?: OAuth1Profile
  /** The waits before quick tries; none when left out, so that one call is one request. */
  readonly quickTriesMs?: readonly number[]
  readonly onRenewed?: TokensDeps['onRenewed']
  /** Puts something before the database. */
  readonly before?: (db: Db) => Db
  /** When left out, one that moves only when told to: a busy machine then renews nothing early. Who waits for quick tries or other processes gives one that goes by itself. */
  readonly clock?: JumpingClock
}

/** Tokens over a real database, a real vault and a real HTTP client. */
export async function openTokenDesk({
  folder,
  origin,
  classify = brokers.schwab.environments.live?.oauth?.classifyTokenFailure,
  box,
  oauth1,
  quickTriesMs = [],
  onRenewed,
  before = db => db,
  clock: ownClock = virtualClock(),
}: TokenDeskOptions): Promise<TokenDesk> {
  const ports = fakePorts(folder, { clock: ownClock, ...(box ? { secretBox: box } : {}) })
  const { clock, random } = ports
  const log = createLog(ports.log, clock)
  const db = openDatabase({ file: newDatabase(folder), now: () => clock.now() })
  const vault = await openVault({ db, box: ports.secretBox, random, clock })
  const http = createHttp({
    broker: 'Test',
    allow: [origin],
    limiter: createLimiter({ requests: 100_000, perMs: 1000, clock }),
    clock,
    random,
    log,
  })
  const profile = testProfile(origin, classify ? { classifyTokenFailure: classify } : {})
  const client = { id: 'my-app', secret: Secret.of('client-secret') }
  const signingClient = { id: CONSUMER.id, secret: Secret.of(CONSUMER.secret) }
  const changed: string[] = []
  const tokens = createTokens({
    db: before(db),
    vault,
    clock,
    random,
    log,
    lockDir: path.join(folder, 'locks'),
    ballast: createBallast(folder),
    refreshGrant: (_, refresh, options) =>
      refreshGrant({ http, profile, client, broker: 'Test' }, { refresh, now: () => clock.now(), ...options }),
    oauth1: () => (oauth1 ? { http, profile: oauth1, client: signingClient, broker: 'Test' } : null),
    keyHeaders: (_, keyId, secret) => ({ 'x-key': keyId.reveal(), 'x-secret': secret.reveal() }),
    policy: ({ broker, method }) => policyFor(brokers[broker].methods, method),
    quickTriesMs,
    ...(onRenewed ? { onRenewed } : {}),
    brokerName: ({ broker }) => brokers[broker].name,
    onState: id => void changed.push(id),
  })
  return {
    ports,
    db,
    vault,
    tokens,
    changed,
    http,
    async [Symbol.asyncDispose]() {
      await tokens.stop()
      await http.close()
      vault.close()
      db.close()
    },
  }
}

/** Adds a connection without tokens. */
export function addConnection({ db, ports }: TokenDesk, method: Method = 'oauth', broker: BrokerId = 'schwab'): Connection {
  const connection: Connection = {
    id: newId.connection(ports.random.uuid()),
    broker,
    environment: 'sandbox',
    method,
    state: { kind: 'connected' },
    createdAt: ports.clock.now(),
    consentedAt: ports.clock.now(),
    scopes: [],
  }
  insertConnection(db.writer, connection)
  return connection
}

/** A grant as a token endpoint gives it, received now. */
export function grantOf(
  { ports }: TokenDesk,
  fields: { access?: string; refresh?: string | null; expiresInMs?: number | null } = {},
): TokenGrant {
  const { access = 'access-1', refresh = 'refresh-1', expiresInMs = 1_800_000 } = fields
  return {
    access: Secret.of(access),
    refresh: refresh === null ? null : Secret.of(refresh),
    expiresInMs,
    scopes: [],
    receivedAt: ports.clock.now(),
  }
}

export const signal = new AbortController().signal
