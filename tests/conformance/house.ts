import path from 'node:path'
import { createAccess } from '../../electron/core/create-access.ts'
import { type Core, createCore } from '../../electron/core/create-core.ts'
import type { BrokerAdapter } from '../../electron/core/brokers/adapter.ts'
import type { LogRecord } from '../../electron/core/ports.ts'
import { openDatabase } from '../../electron/core/db/open.ts'
import { createLog } from '../../electron/core/log/log.ts'
import { approveConsent, approveVerifier } from '../../electron/core/sandbox/browser-player.ts'
import type { SandboxControl } from '../../electron/core/sandbox/control.ts'
import { type Sandbox, startSandbox } from '../../electron/core/sandbox/sandbox.ts'
import { STAND_IDS, standsOf, standVariable } from '../../electron/core/sandbox/stands.ts'
import { getConnection } from '../../electron/core/store/connections.ts'
import { openVault } from '../../electron/core/vault/data-key.ts'
import type { FlowView } from '../../shared/contract/connections.ts'
import type { AppEvent } from '../../shared/contract/events.ts'
import type { ActivityRow, ConnectionView, SyncResult } from '../../shared/contract/schemas.ts'
import type { AccountId, ConnectionId } from '../../shared/domain/ids.ts'
import type { Instant } from '../../shared/domain/time.ts'
import { fakePorts, tempFolder } from '../support/fake-ports.ts'
import { impatientClock } from '../support/impatient-clock.ts'
import { newDatabase } from '../support/new-database.ts'
import { type Call, callerOf, redirectAfterConsent } from '../support/test-core.ts'
import type { Case } from './cases.ts'

/** A connected broker: the real app over its simulator, on real files. */
export interface House {
  readonly call: Call
  readonly sandbox: Sandbox
  readonly control: SandboxControl
  readonly connectionId: ConnectionId
  readonly events: readonly AppEvent[]
  sync(signal?: AbortSignal): Promise<SyncResult>
  /** Resolves with the next event that fits. */
  next(fits: (event: AppEvent) => boolean): Promise<void>
  now(): Instant
  records(): readonly LogRecord[]
  connection(): Promise<ConnectionView>
  rowsOf(accountId: AccountId): Promise<ActivityRow[]>
  /** Closes the app and answers the adapter it would use, signed in as it was. */
  adapter(): Promise<BrokerAdapter>
  [Symbol.asyncDispose](): Promise<void>
}

export interface HouseOptions {
  readonly activities?: number
  readonly seed?: number
}

/** Starts the broker's simulators, signs in as a user would, and answers the connected house. */
export async function openHouse(row: Case, { activities = 300, seed = 11 }: HouseOptions = {}): Promise<House> {
  const folder = tempFolder('keelson-conformance-')
  newDatabase(folder.path)
  // Brokers are paced by the second and the minute; nobody has to sit through it.
  const clock = impatientClock()
  const sandbox = await startSandbox({ seed, now: clock.now, size: { activities }, stands: standsOf(row.broker) })
  // Without jitter the waits between tries are as short as they can be.
  const random = { ...fakePorts(folder.path).random, fraction: () => 0 }
  const ports = { ...fakePorts(folder.path, { env: addresses(sandbox), random }), clock }
  const closing: (() => Promise<void>)[] = [() => sandbox.close(), () => Promise.resolve(folder[Symbol.dispose]())]
  const core = await createCore(ports, { background: false })
  let open = true
  const closeCore = async (): Promise<void> => {
    if (open) await core.close()
    open = false
  }
  const events: AppEvent[] = []
  core.subscribe(event => events.push(event))
  const call = callerOf((request, signal) => core.dispatch(request, { signal }))
  const connectionId = await signIn(row, { call, core, events, sandbox }).catch(async (error: unknown) => {
    await closeCore()
    for (const step of closing) await step()
    throw error
  })
  return {
    call, sandbox, connectionId, events,
    control: sandbox.control(row.stand),
    sync: signal => call('sync.run', { connectionId }, signal),
    next: fits => nextEvent(core, fits),
    now: clock.now,
    records: () => ports.records,
    async connection() {
      const found = (await call('connections.list', {})).find(({ id }) => id === connectionId)
      if (!found) throw new Error('the connection is gone')
      return found
    },
    async rowsOf(accountId) {
      const rows: ActivityRow[] = []
      for (let after: string | undefined; ;) {
        const page = await call('activities.page', { accountId, limit: 500, ...(after === undefined ? {} : { after }) })
        rows.push(...page.rows)
        if (page.next === null) return rows
        after = page.next
      }
    },
    async adapter() {
      await closeCore()
      const log = createLog(ports.log, ports.clock)
      const db = openDatabase({ file: path.join(folder.path, 'keelson.db'), now: ports.clock.now })
      const vault = await openVault({ db, box: ports.secretBox, random: ports.random, clock: ports.clock })
      const access = createAccess({ ports, log, db, vault, onChange: () => undefined })
      closing.unshift(async () => {
        await access.keepers.closeAll()
        await access.desk.close()
        vault.close()
        db.close()
      })
      const connection = getConnection(db.reader, connectionId)
      if (!connection) throw new Error('the connection is gone')
      return access.adapterFor(connection)
    },
    async [Symbol.asyncDispose]() {
      await closeCore()
      for (const step of closing) await step()
    },
  }
}

interface Door {
  readonly call: Call
  readonly core: Core
  readonly events: readonly AppEvent[]
  readonly sandbox: Sandbox
}

async function signIn({ broker, method, values }: Case, door: Door): Promise<ConnectionId> {
  const { call, sandbox } = door
  if (values) {
    return (await call('connections.withForm', { broker, environment: 'sandbox', method, values: { ...values(sandbox) }, consent: true })).connectionId
  }
  const scopes = (await call('brokers.list', {})).find(({ id }) => id === broker)?.scopes.map(({ id }) => id) ?? []
  const flow = await call('connections.signIn', { broker, environment: 'sandbox', scopes, consent: true, open: false })
  await answerFor(call, flow)
  const end = await endOf(door, flow.flowId)
  if (end.state.kind !== 'connected') throw new Error(`the sign-in failed: ${JSON.stringify(end.state)}`)
  return end.state.connectionId
}

/** What the user does in the browser, and with what it shows. */
async function answerFor(call: Call, { flowId, authorizeUrl, redirectUri, paste }: FlowView): Promise<void> {
  const signal = new AbortController().signal
  if (paste === 'code') await call('connections.paste', { flowId, text: await approveVerifier({ authorizeUrl, signal }) })
  else if (redirectUri.startsWith('https:')) await call('connections.paste', { flowId, text: await redirectAfterConsent(authorizeUrl) })
  else await approveConsent({ authorizeUrl, signal })
}

async function endOf({ call, core, events }: Door, flowId: FlowView['flowId']): Promise<FlowView> {
  for (;;) {
    const seen = events.length
    const flow = await call('connections.flow', { flowId })
    if (flow.state.kind === 'connected' || flow.state.kind === 'failed') return flow
    if (events.slice(seen).some(event => event.type === 'flow.changed')) continue
    await nextEvent(core, event => event.type === 'flow.changed')
  }
}

function nextEvent(core: Core, fits: (event: AppEvent) => boolean): Promise<void> {
  return new Promise(resolve => {
    const stop = core.subscribe(event => {
      if (!fits(event)) return
      stop()
      resolve()
    })
  })
}

/** The simulators' addresses as a user would set them; those of other brokers lead nowhere. */
function addresses(sandbox: Sandbox): Record<string, string> {
  return Object.fromEntries(
    STAND_IDS.map(stand => [standVariable(stand), sandbox.urls[stand] || (stand === 'ibkr-tws' ? '127.0.0.1:9' : 'http://127.0.0.1:9')]),
  )
}
