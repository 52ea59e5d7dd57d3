import path from 'node:path'
import { AppError } from '../../shared/contract/errors.ts'
import type { Connection } from '../../shared/domain/connection.ts'
import type { ConnectionId } from '../../shared/domain/ids.ts'
import { policyFor, type TokenPolicy } from '../../shared/domain/token-policy.ts'
import type { BrokerAdapter } from './brokers/adapter.ts'
import { brokers } from './brokers/registry.ts'
import type { Counting } from './create-counting.ts'
import { createBallast } from './db/ballast.ts'
import type { Db } from './db/open.ts'
import { type Admission, createAdmission } from './entitlements/admission.ts'
import type { Log } from './log/log.ts'
import { type Breakers, createBreakers } from './net/breaker.ts'
import { type ClockSkew, createClockSkew } from './net/clock-skew.ts'
import { createDiscovery, type Discovery } from './oauth/discovery.ts'
import type { Ports } from './ports.ts'
import { type AppKeys, createAppKeys } from './services/app-keys.ts'
import { type BrokerDesk, createBrokerDesk } from './services/broker-desk.ts'
import { createEndings, type Endings } from './services/endings.ts'
import { createGrants, type Grants } from './services/grants.ts'
import { createKeepers, type Keepers } from './services/keepers.ts'
import { keyHeaders } from './services/key-credentials.ts'
import { createRevocation } from './services/revocation.ts'
import { createRevocations, type Revocations } from './services/revocations.ts'
import { createSandboxHost, type SandboxHost } from './services/sandbox.ts'
import { createWaysIn, type WaysIn } from './services/ways-in.ts'
import { createTokens, type Tokens } from './tokens/tokens.ts'
import type { Vault } from './vault/vault.ts'

export interface AccessDeps {
  readonly ports: Ports
  readonly log: Log
  readonly db: Db
  readonly vault: Vault
  /** The statistics; nothing is taken down without. */
  readonly counting?: Pick<Counting, 'metrics' | 'record'>
  /** Called after a commit that changed how a connection can be reached. */
  readonly onChange: (id: ConnectionId) => void
}

/** Everything that gets a connection to its broker: addresses, tokens, ways in and what ends them. */
export interface Access {
  readonly sandbox: SandboxHost
  readonly admission: Admission
  readonly desk: BrokerDesk
  readonly keepers: Keepers
  readonly appKeys: AppKeys
  readonly discovery: Discovery
  readonly grants: Grants
  readonly tokens: Tokens
  readonly ways: WaysIn
  readonly endings: Endings
  readonly revocations: Revocations
  readonly breakers: Breakers
  readonly skew: ClockSkew
  /** How a connection's access lives and ends. */
  policy(connection: Connection): TokenPolicy
  /** Throws auth/method-unavailable for a connection that only holds files. */
  adapterFor(connection: Connection): BrokerAdapter
  /** Renews tokens and ends accesses in the background from now on. */
  start(): void
  /** Stops for good; what is being saved gets its time. */
  stop(): Promise<void>
}

export function createAccess({ ports, log, db, vault, counting, onChange }: AccessDeps): Access {
  const { clock, random } = ports
  const sandbox = createSandboxHost({ ports, log })
  const admission = createAdmission(id => brokers[id].name, ports.entitlements)
  const breakers = createBreakers({ clock, random })
  const skew = createClockSkew(clock)
  const desk = createBrokerDesk({ ports, log, admission, sandboxOrigin: sandbox.origin, breakers, skew, onCall: counting?.metrics.called })
  const brokerName = ({ broker }: Pick<Connection, 'broker'>): string => desk.broker(broker).name
  const policy = ({ broker, method }: Connection): TokenPolicy => policyFor(desk.broker(broker).methods, method)
  const keepers = createKeepers({ log })
  const appKeys = createAppKeys({ db, vault, env: ports.env, log })
  const discovery = createDiscovery({ log })
  const grants = createGrants({ desk, appKeys, clock, discovery, ways: () => ways })
  const tokens = createTokens({
    db,
    vault,
    clock,
    random,
    log,
    brokerName,
    policy,
    driftMs: skew.correctionMs,
    lockDir: path.join(ports.paths.dataDir, 'locks'),
    ballast: createBallast(ports.paths.dataDir),
    keyHeaders: ({ broker }, keyId, secret) => keyHeaders(desk.broker(broker), keyId, secret),
    refreshGrant: grants.refresh,
    oauth1: grants.oauth1,
    onRenewed: counting?.record.renewed,
    // Tokens may be saved inside a transaction; a microtask runs after its commit.
    onState: id =>
      queueMicrotask(() => {
        endings.tokensEnded(id)
        onChange(id)
      }),
  })
  const endings = createEndings({ db, clock, log, brokerName, tokens, onChange })
  const ways = createWaysIn({ db, vault, log, clock, broker: desk.broker, credentials: tokens.credentials, onChange })
  const adapterFor = (connection: Connection): BrokerAdapter => {
    if (connection.method === 'file') throw new AppError('auth/method-unavailable', { details: { broker: brokerName(connection) } })
    const { broker, environment, id } = connection
    return desk.adapter({ broker, environment, ways: ways.of(connection), keep: keepers.of(id) })
  }
  const revocations = createRevocations({
    db, vault, clock, random, log, onChange, brokerName, partings: tokens.partings,
    revocation: createRevocation({ tokens, desk, appKeys, admission, adapterFor }),
  })
  return {
    breakers,
    skew,
    revocations,
    policy,
    sandbox,
    admission,
    desk,
    keepers,
    appKeys,
    discovery,
    grants,
    tokens,
    ways,
    endings,
    adapterFor,
    start() {
      tokens.start()
      revocations.start()
    },
    async stop() {
      await revocations.stop()
      await tokens.stop()
    },
  }
}
