import { AppError, isErrorCode } from '../../../shared/contract/errors.ts'
import { BROKER_IDS, type BrokerId } from '../../../shared/domain/broker.ts'
import type { ConnectionId, FlowId } from '../../../shared/domain/ids.ts'
import type { AppEvent } from '../../../shared/contract/events.ts'
import { brokers } from '../brokers/registry.ts'
import type { Events } from '../bus/events.ts'
import type { Handlers } from '../bus/router.ts'
import type { Db } from '../db/open.ts'
import type { Log } from '../log/log.ts'
import type { SignIns } from '../oauth/flows.ts'
import type { Ports } from '../ports.ts'
import type { Sandbox } from '../sandbox/sandbox.ts'
import { STAND_IDS, type StandId, standVariable } from '../sandbox/stands.ts'
import { listConnections } from '../store/connections.ts'

const DEFAULT_SEED = 20_231_101
/** Long enough for a simulator on a busy machine; the sign-in itself lasts five minutes. */
const PATIENCE_MS = 60_000

export interface SandboxHost {
  /** Address of a built-in stand: undefined while none runs, empty for one that is not served. */
  origin(stand: StandId): string | undefined
  running(): boolean
  /** Starts the built-in stands whose addresses do not come from the environment. */
  ensure(): Promise<void>
  close(): Promise<void>
}

/** Keeps the built-in simulators for as long as this host runs. Its code is loaded on first use only. */
export function createSandboxHost({ ports, log }: { readonly ports: Ports; readonly log: Log }): SandboxHost {
  let sandbox: Sandbox | undefined
  let starting: Promise<void> | undefined
  const missing = STAND_IDS.filter(stand => !ports.env[standVariable(stand)]?.trim())

  async function start(): Promise<void> {
    const { startSandbox } = await import('../sandbox/sandbox.ts')
    sandbox = await startSandbox({ seed: DEFAULT_SEED, now: () => ports.clock.now(), stands: missing })
    log.info('sandbox.started', {})
  }

  return {
    origin: stand => sandbox?.urls[stand],
    running: () => sandbox !== undefined,
    async ensure() {
      if (missing.length === 0) return
      // A start that failed is tried again by whoever needs it next.
      starting ??= start().catch((error: unknown) => {
        starting = undefined
        throw error
      })
      await starting
    },
    async close() {
      await starting?.catch(() => undefined)
      await sandbox?.close()
    },
  }
}

export interface ExploreDeps {
  readonly db: Db
  readonly host: SandboxHost
  readonly events: Events
  readonly signIns: SignIns
  readonly signIn: Handlers['connections.signIn']
}

/** "Explore with sandbox brokers": connects each simulator through the real sign-in, with the consent given for the user. */
export function createExplore({ db, host, events, signIns, signIn }: ExploreDeps): Pick<Handlers, 'sandbox.explore'> {
  const underWay = new Map<BrokerId, Promise<ConnectionId>>()

  async function connectOne(broker: BrokerId, signal: AbortSignal): Promise<ConnectionId> {
    const known = listConnections(db.reader).find(row => row.broker === broker && row.environment === 'sandbox' && row.state.kind === 'connected')
    if (known) return known.id
    const { approveConsent } = await import('../sandbox/browser-player.ts')
    const flow = await signIn({ broker, environment: 'sandbox', consent: true, open: false }, { signal })
    const certificatePem = signIns.certificate(flow.flowId)
    const done = settled(events, signIns, flow.flowId, signal)
    try {
      await approveConsent({ authorizeUrl: flow.authorizeUrl, signal, ...(certificatePem === null ? {} : { certificatePem }) })
    } catch (error) {
      await signIns.cancel(flow.flowId)
      await done.catch(() => undefined)
      throw error
    }
    return done
  }

  /** Two windows that explore at once share one sign-in a broker, which goes on when either of them leaves. */
  function shared(broker: BrokerId): Promise<ConnectionId> {
    const running = underWay.get(broker) ?? connectOne(broker, AbortSignal.timeout(PATIENCE_MS)).finally(() => underWay.delete(broker))
    underWay.set(broker, running)
    running.catch(() => undefined)
    return running
  }

  return {
    async 'sandbox.explore'({ broker }, { signal }) {
      const gone = Promise.withResolvers<never>()
      const leave = (): void => gone.reject(new AppError('app/canceled'))
      gone.promise.catch(() => undefined)
      signal.addEventListener('abort', leave, { once: true })
      try {
        await host.ensure()
        signal.throwIfAborted()
        const wanted = broker === undefined ? BROKER_IDS.filter(id => brokers[id].environments.sandbox) : [broker]
        return { connectionIds: await Promise.race([Promise.all(wanted.map(shared)), gone.promise]) }
      } finally {
        signal.removeEventListener('abort', leave)
      }
    },
  }
}

/** Waits for a sign-in to end, well or badly. A failure nobody waits for is not lost: the sign-in's own state keeps it. */
function settled(events: Events, signIns: SignIns, flowId: FlowId, signal: AbortSignal): Promise<ConnectionId> {
  const { promise, resolve, reject } = Promise.withResolvers<ConnectionId>()
  promise.catch(() => undefined)
  const look = (event?: AppEvent): void => {
    if (event && (event.type !== 'flow.changed' || event.flowId !== flowId)) return
    const { state } = signIns.view(flowId)
    if (state.kind === 'connected') resolve(state.connectionId)
    else if (state.kind === 'failed') reject(failureOf(state.error.code, signIns.view(flowId).broker))
    else return
    stop()
  }
  const stop = events.subscribe(look)
  const giveUp = (): void => {
    stop()
    reject(new AppError('app/canceled'))
  }
  if (signal.aborted) giveUp()
  else signal.addEventListener('abort', giveUp, { once: true })
  look()
  return promise
}

/** A sign-in's failure, to be answered again by this route. */
function failureOf(code: string, broker: BrokerId): AppError {
  return new AppError(isErrorCode(code) ? code : 'app/internal', { details: { broker: brokers[broker].name } })
}
