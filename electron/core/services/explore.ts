import { AppError, isErrorCode } from '../../../shared/contract/errors.ts'
import type { AppEvent } from '../../../shared/contract/events.ts'
import { BROKER_IDS, type BrokerId } from '../../../shared/domain/broker.ts'
import type { ConnectionId, FlowId } from '../../../shared/domain/ids.ts'
import { brokers } from '../brokers/registry.ts'
import type { Events } from '../bus/events.ts'
import type { Handlers } from '../bus/router.ts'
import type { Db } from '../db/open.ts'
import type { Log } from '../log/log.ts'
import type { SignIns } from '../oauth/flows.ts'
import { methodsOf } from '../store/connection-methods.ts'
import { listConnections } from '../store/connections.ts'
import { type ExploreStep, stepsOf } from './explore-steps.ts'
import type { SandboxHost } from './sandbox.ts'

/** For each way in. Long enough for a simulator on a busy machine; a sign-in itself lasts five minutes. */
const PATIENCE_MS = 60_000

export interface ExploreDeps {
  readonly db: Db
  readonly host: SandboxHost
  readonly events: Events
  readonly log: Log
  readonly signIns: SignIns
  readonly signIn: Handlers['connections.signIn']
  readonly withForm: Handlers['connections.withForm']
  /** False for a broker this edition leaves out. */
  readonly isIncluded: (broker: BrokerId) => boolean
}

/** "Explore with sandbox brokers": connects each simulator through the real ways in, with the consent given for the user. */
export function createExplore(deps: ExploreDeps): Pick<Handlers, 'sandbox.explore'> {
  const { db, host, events, log, signIns } = deps
  const underWay = new Map<BrokerId, Promise<ConnectionId>>()

  async function inBrowser(broker: BrokerId, signal: AbortSignal): Promise<ConnectionId> {
    const { approveConsent, approveVerifier } = await import('../sandbox/browser-player.ts')
    // Everything may be tried here, orders too: nothing of it is anybody's money.
    const scopes = brokers[broker].scopes.map(({ id }) => id)
    const flow = await deps.signIn({ broker, environment: 'sandbox', scopes, consent: true, open: false }, { signal })
    const certificatePem = signIns.certificate(flow.flowId)
    const done = settled(events, signIns, flow.flowId, signal)
    const { authorizeUrl } = flow
    try {
      if (flow.paste === 'code') await signIns.paste(flow.flowId, await approveVerifier({ authorizeUrl, signal }))
      else await approveConsent({ authorizeUrl, signal, ...(certificatePem === null ? {} : { certificatePem }) })
    } catch (error) {
      await signIns.cancel(flow.flowId)
      await done.catch(() => undefined)
      throw error
    }
    return done
  }

  async function take(broker: BrokerId, { method, values }: ExploreStep, signal: AbortSignal): Promise<ConnectionId> {
    if (method === 'oauth') return inBrowser(broker, signal)
    const input = { broker, environment: 'sandbox', method, values, consent: true } as const
    return (await deps.withForm(input, { signal })).connectionId
  }

  /** The ways in a sandbox connection has already; none where it needs a sign-in. */
  function known(broker: BrokerId): { readonly id: ConnectionId | null; readonly has: (step: ExploreStep) => boolean } {
    const found = listConnections(db.reader).find(
      row => row.broker === broker && row.environment === 'sandbox' && row.state.kind === 'connected',
    )
    const working = found ? methodsOf(db.reader, found.id).filter(({ trouble }) => trouble === null) : []
    return { id: found?.id ?? null, has: step => working.some(({ method }) => method === step.method) }
  }

  async function connectOne(broker: BrokerId): Promise<ConnectionId> {
    const { id, has } = known(broker)
    let connectionId = id
    for (const step of stepsOf(broker, host.serves)) {
      if (has(step)) continue
      try {
        connectionId = await take(broker, step, AbortSignal.timeout(PATIENCE_MS))
      } catch (error) {
        // Further ways in only show more of a connection that stands already.
        if (!step.further || connectionId === null) throw error
        log.warn('sandbox.way-in-failed', { broker, method: step.method, cause: error })
      }
    }
    if (connectionId === null) throw new AppError('auth/method-unavailable', { details: { broker: brokers[broker].name } })
    return connectionId
  }

  /** Two windows that explore at once share one sign-in a broker, which goes on when either of them leaves. */
  function shared(broker: BrokerId): Promise<ConnectionId> {
    const running = underWay.get(broker) ?? connectOne(broker).finally(() => underWay.delete(broker))
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
        const wanted = broker === undefined ? BROKER_IDS.filter(id => brokers[id].environments.sandbox && deps.isIncluded(id)) : [broker]
        return { connectionIds: await Promise.race([allThatCan(wanted.map(shared)), gone.promise]) }
      } finally {
        signal.removeEventListener('abort', leave)
      }
    },
  }
}

/** A simulator that fails leaves the others to explore; with none at all, the first reason is thrown. */
async function allThatCan(connecting: readonly Promise<ConnectionId>[]): Promise<ConnectionId[]> {
  const ended = await Promise.allSettled(connecting)
  const failure = ended.find(result => result.status === 'rejected')
  const connected = ended.flatMap(result => (result.status === 'fulfilled' ? [result.value] : []))
  if (failure && connected.length === 0) throw failure.reason
  return connected
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
