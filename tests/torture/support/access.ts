import path from 'node:path'
import { pathToFileURL } from 'node:url'
import { Agent, type Dispatcher } from 'undici'
import { type Access, createAccess } from '../../../electron/core/create-access.ts'
import { openDatabase } from '../../../electron/core/db/open.ts'
import { createLog } from '../../../electron/core/log/log.ts'
import type { Ports } from '../../../electron/core/ports.ts'
import { insertConnection } from '../../../electron/core/store/connections.ts'
import { type OpenVault, openVault } from '../../../electron/core/vault/data-key.ts'
import type { Db } from '../../../electron/core/db/open.ts'
import type { BrokerId, Method } from '../../../shared/domain/broker.ts'
import type { Connection } from '../../../shared/domain/connection.ts'
import { newId } from '../../../shared/domain/ids.ts'
import type { VirtualClock } from '../../support/virtual-clock.ts'
import { plainBox, realRandom } from './desk.ts'

export interface AccessDesk extends AsyncDisposable {
  readonly access: Access
  readonly db: Db
  readonly vault: OpenVault
  readonly connection: Connection
}

export interface AccessDeskOptions {
  readonly folder: string
  readonly clock: VirtualClock
  readonly env: Readonly<Record<string, string>>
  readonly broker: BrokerId
  readonly method: Method
  /** What every name comes to; the network's own when left out. */
  readonly dispatcher?: Dispatcher
}

export function portsOf({ folder, clock, env, dispatcher }: Pick<AccessDeskOptions, 'folder' | 'clock' | 'env' | 'dispatcher'>): Ports {
  return {
    host: 'test',
    version: '0.0.0-torture',
    paths: { dataDir: folder, writerScript: pathToFileURL(path.join(import.meta.dirname, '../../../electron/core/sync/writer-worker.ts')) },
    secretBox: plainBox,
    browser: { open: () => Promise.resolve() },
    clock,
    random: realRandom,
    cron: clock.cron,
    power: clock.power,
    network: clock.network,
    notify: { show: () => undefined },
    mail: { send: () => Promise.resolve() },
    log: () => undefined,
    env,
    ...(dispatcher ? { dispatcher } : {}),
  }
}

/** Everything that gets one connection to its broker, as the app composes it, over a new data folder and a virtual clock. */
export async function openAccess({ folder, clock, env, broker, method, dispatcher }: AccessDeskOptions): Promise<AccessDesk> {
  const ports = portsOf({ folder, clock, env, ...(dispatcher ? { dispatcher } : {}) })
  const log = createLog(() => undefined, clock)
  const db = openDatabase({ file: path.join(folder, 'keelson.db'), now: () => clock.now() })
  const vault = await openVault({ db, box: plainBox, random: ports.random, clock })
  const access = createAccess({ ports, log, db, vault, onChange: () => undefined })
  const connection: Connection = {
    id: newId.connection(ports.random.uuid()),
    broker,
    environment: 'sandbox',
    method,
    state: { kind: 'connected' },
    createdAt: clock.now(),
    consentedAt: clock.now(),
    scopes: [],
  }
  db.writer.tx(w => {
    insertConnection(w, connection)
    if (method === 'personal-grant')
      access.ways.save(w, connection, method, { settings: {}, secrets: { 'client-secret': 'secret' }, expiresAt: null })
  })
  return {
    access,
    db,
    vault,
    connection,
    async [Symbol.asyncDispose]() {
      const stopping = access.tokens.stop()
      await clock.advance(10_000)
      await stopping
      await access.desk.close()
      vault.close()
      db.close()
    },
  }
}

/** A network on which no name is known. */
export function noNames(): Agent {
  const failure = Object.assign(new Error('getaddrinfo ENOTFOUND broker.example'), { code: 'ENOTFOUND' })
  return new Agent({ connect: (_, done) => done(failure, null) })
}
