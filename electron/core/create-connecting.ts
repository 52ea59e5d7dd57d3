import type { Events } from './bus/events.ts'
import type { Access } from './create-access.ts'
import type { Counting } from './create-counting.ts'
import type { Db } from './db/open.ts'
import type { Log } from './log/log.ts'
import type { SignIns } from './oauth/flows.ts'
import type { Clock } from './ports.ts'
import { createBrokerList } from './services/broker-list.ts'
import type { createConnect } from './services/connect.ts'
import { createConnectionCare } from './services/connection-care.ts'
import { createConnectionForms } from './services/connection-forms.ts'
import type { ConnectionViewDeps } from './services/connection-views.ts'
import { createConnections } from './services/connections.ts'
import { createExplore } from './services/explore.ts'
import type { Forgetting } from './services/forgetting.ts'
import { createFormCandidates } from './services/form-candidates.ts'
import { measured } from './services/measured.ts'
import type { Scheduler } from './sync/scheduler.ts'
import type { Sync } from './sync/sync.ts'
import type { Vault } from './vault/vault.ts'

export interface ConnectingDeps {
  readonly clock: Clock
  readonly log: Log
  readonly db: Db
  readonly vault: Vault
  readonly events: Events
  readonly access: Access
  readonly counting: Counting
  readonly sync: Sync
  readonly scheduler: Scheduler
  readonly connect: ReturnType<typeof createConnect>
  readonly signIns: SignIns
  readonly forgetting: Pick<Forgetting, 'finish'>
  readonly views: ConnectionViewDeps
}

/** The answers about connections: the brokers on offer, connecting, testing, caring for and ending them, and exploring the sandbox. */
export function createConnecting({ clock, log, db, vault, events, access, counting, sync, scheduler, connect, signIns, forgetting, views }: ConnectingDeps) {
  const { sandbox, admission, desk, keepers, appKeys, tokens, ways, endings, revocations, adapterFor } = access
  const { replan } = scheduler
  const connections = createConnections({
    db, vault, desk, clock, events, tokens, signIns, appKeys, ways, keepers, endings, adapterFor, views, forgetting,
    ensureSandbox: sandbox.ensure, stopSync: sync.stop, revocations, replan,
  })
  const candidate = createFormCandidates({ desk, tokens, log, clock, personalGrant: access.grants.personal })
  const forms = createConnectionForms({ db, vault, desk, clock, keepers, ways, connect, candidate, ensureSandbox: sandbox.ensure })
  const tested = measured({ db, record: counting.record }, { ...connections, ...forms })
  return {
    ...createBrokerList({ desk, appKeys, admission, events }),
    ...connections,
    ...revocations.handlers,
    ...forms,
    ...tested,
    ...createConnectionCare({ db, events, ways, keepers, tokens, revocations, stopSync: sync.stop, replan }),
    ...createExplore({
      db, host: sandbox, events, log, signIns, isIncluded: id => admission.missing(id) === '',
      signIn: connections['connections.signIn'], withForm: tested['connections.withForm'],
    }),
  }
}
