import path from 'node:path'
import { createAccess } from '../../../electron/core/create-access.ts'
import { createCore } from '../../../electron/core/create-core.ts'
import { openDatabase } from '../../../electron/core/db/open.ts'
import { createLog } from '../../../electron/core/log/log.ts'
import type { Ports } from '../../../electron/core/ports.ts'
import type { WayIn } from '../../../electron/core/services/way-in.ts'
import { listConnections } from '../../../electron/core/store/connections.ts'
import { openVault } from '../../../electron/core/vault/data-key.ts'
import type { BrokerId } from '../../../shared/domain/broker.ts'
import { type Call, callerOf } from '../../support/test-core.ts'

/** A way in as the app saved it, with its sealed secrets at hand. */
export interface SignedIn {
  readonly broker: BrokerId
  readonly way: WayIn
}

export interface SignedInApp extends AsyncDisposable {
  readonly ways: readonly SignedIn[]
}

/** Signs in through the real app on a data folder, closes it, and answers every way in it saved. */
export async function signedIn(ports: Ports, signIn: (call: Call) => Promise<unknown>): Promise<SignedInApp> {
  const core = await createCore(ports, { background: false })
  try {
    await signIn(callerOf((request, signal) => core.dispatch(request, { signal })))
  } finally {
    await core.close()
  }
  const { clock, paths, random, secretBox: box } = ports
  const db = openDatabase({ file: path.join(paths.dataDir, 'keelson.db'), now: clock.now })
  const vault = await openVault({ db, box, random, clock })
  const access = createAccess({ ports, log: createLog(ports.log, clock), db, vault, onChange: () => undefined })
  return {
    ways: listConnections(db.reader).flatMap(connection => access.ways.of(connection).map(way => ({ broker: connection.broker, way }))),
    async [Symbol.asyncDispose]() {
      await access.tokens.stop()
      await access.desk.close()
      vault.close()
      db.close()
    },
  }
}
