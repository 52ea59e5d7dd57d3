import type { FlowView } from '../../../shared/contract/connections.ts'
import { AppError } from '../../../shared/contract/errors.ts'
import type { BrokerId, Environment } from '../../../shared/domain/broker.ts'
import { type ConnectionId, type FlowId, newId } from '../../../shared/domain/ids.ts'
import type { Broker } from '../brokers/adapter.ts'
import type { Log } from '../log/log.ts'
import type { Browser, Clock, Random } from '../ports.ts'
import { newAttempt } from './authorize.ts'
import type { CallbackParams } from './callback.ts'
import { createCertificates } from './certificate.ts'
import { createDiscovery, type Discovery } from './discovery.ts'
import { createFlow, type Flow, type SignIn } from './flow.ts'
import { createTimestamps } from './oauth1/timestamps.ts'
import { createVerifierWay } from './oauth1/verifier-way.ts'
import { isOAuth1, type OAuth1Profile, type OAuthProfile } from './profile.ts'
import { createRedirectWay } from './redirect-way.ts'
import type { OAuthClient, OAuthHttp } from './token-endpoint.ts'
import type { Traded, Way } from './way.ts'
import type { TokenGrant } from './wire.ts'

export interface SignInDeps {
  readonly clock: Clock
  readonly random: Random
  readonly log: Log
  readonly http: (broker: Broker, environment: Environment) => OAuthHttp
  readonly browser: Browser
  /** Called after every change of a sign-in's state. */
  readonly onChange: (flowId: FlowId) => void
  /** Tries the tokens and saves them with the connection, all or nothing. */
  readonly onTokens: (signIn: SignIn, grant: TokenGrant, signal: AbortSignal, traded: Traded) => Promise<ConnectionId>
  /** Shared with whoever else calls the brokers' token endpoints; one of its own otherwise. */
  readonly discovery?: Discovery
  /** How far this computer's clock is known to be ahead of the brokers', in milliseconds. */
  readonly driftMs?: (() => number) | undefined
}

export interface StartOptions {
  readonly broker: Broker
  readonly environment: Environment
  /** Resolved for the sandbox already. */
  readonly profile: OAuthProfile | OAuth1Profile
  readonly client: OAuthClient
  readonly scopes: readonly string[]
  readonly reconnect?: ConnectionId
  /** Whether to open the system browser; the caller opens the address otherwise. */
  readonly open: boolean
}

export interface SignIns {
  /** Replaces an open sign-in of the same broker. The listener is open before the browser is. */
  start(options: StartOptions): Promise<FlowView>
  /** Throws app/not-found for an unknown sign-in. */
  view(flowId: FlowId): FlowView
  /** Finishes with pasted text and answers how it ended. Text that cannot be right throws and leaves the sign-in open. */
  paste(flowId: FlowId, text: string): Promise<FlowView>
  /** Ends an open sign-in. One that is finishing is stopped unless its tokens are saved already. */
  cancel(flowId: FlowId): Promise<FlowView>
  /** The public certificate of the https listener; null without one. */
  certificate(flowId: FlowId): string | null
  /** Ends every sign-in and frees every port. */
  close(): Promise<void>
}

interface Entry {
  readonly flow: Flow
  readonly way: Way
}

const REMEMBERED = 50

/** The sign-ins of this run: one open at most for each broker. */
export function createSignIns(deps: SignInDeps): SignIns {
  const { clock, random, log, browser, onChange, onTokens } = deps
  const entries = new Map<FlowId, Entry>()
  const current = new Map<BrokerId, Flow>()
  const certificates = createCertificates()
  const discovery = deps.discovery ?? createDiscovery({ log })
  const signing = { clock, random, timestamps: createTimestamps(clock, deps.driftMs) }

  async function complete(flow: Flow, answer: CallbackParams): Promise<ConnectionId> {
    const traded = await find(flow.id).way.trade(answer)
    return onTokens(flow, traded.grant, flow.signal, traded)
  }

  const flowDeps = {
    clock,
    complete,
    onChange: (flow: Flow) => {
      const state = flow.state()
      log.info('sign-in.changed', {
        flowId: flow.id,
        broker: flow.broker.id,
        state: state.kind,
        code: state.kind === 'failed' ? state.error.code : null,
      })
      onChange(flow.id)
    },
    release: async (flow: Flow) => {
      if (current.get(flow.broker.id) === flow) current.delete(flow.broker.id)
      await entries.get(flow.id)?.way.close()
    },
  }

  function find(flowId: FlowId): Entry {
    const entry = entries.get(flowId)
    if (!entry) throw new AppError('app/not-found')
    return entry
  }

  /** Registers the new sign-in and ends the old one before anything is awaited, so overlapping starts leave exactly one. */
  function replace(options: StartOptions): { entry: Entry; before: Promise<void> } {
    const { broker, environment, profile, client, scopes, reconnect = null } = options
    const signIn = { id: newId.flow(random.uuid()), broker, environment, profile, client, scopes, reconnect }
    const flow = createFlow(flowDeps, signIn, newAttempt(random, !isOAuth1(profile) && profile.pkce))
    const old = current.get(broker.id)
    const entry: Entry = { flow, way: wayOf(flow) }
    entries.set(flow.id, entry)
    current.set(broker.id, flow)
    forgetOldest()
    old?.stop('auth/replaced')
    return { entry, before: old ? old.over : Promise.resolve() }
  }

  function forgetOldest(): void {
    for (const [id, { flow }] of entries) {
      if (entries.size <= REMEMBERED) return
      if (flow.state().kind === 'connected' || flow.state().kind === 'failed') entries.delete(id)
    }
  }

  function wayOf(flow: Flow): Way {
    const { broker, environment, profile } = flow
    const http = deps.http(broker, environment)
    return isOAuth1(profile)
      ? createVerifierWay({ http, signing, driftMs: deps.driftMs }, flow, profile)
      : createRedirectWay({ clock, random, log, http, certificates, discovery }, flow, profile)
  }

  async function open({ flow, way }: Entry, openBrowser: boolean): Promise<void> {
    const { result } = await way.open()
    result?.then(
      answer => flow.finish(answer),
      () => undefined,
    )
    if (!openBrowser) return
    await browser.open(way.authorizeUrl).catch(() => log.warn('sign-in.browser-not-opened', { broker: flow.broker.id }))
  }

  function viewOf({ flow, way }: Entry): FlowView {
    const { id: flowId, environment, expiresAt } = flow
    const { authorizeUrl, redirectUri, listening, paste } = way
    return {
      flowId,
      broker: flow.broker.id,
      environment,
      authorizeUrl,
      redirectUri,
      listening,
      certificateWarning: listening && redirectUri.startsWith('https:'),
      paste,
      expiresAt,
      state: flow.state(),
    }
  }

  return {
    async start(options) {
      const { entry, before } = replace(options)
      await before
      try {
        if (!entry.flow.signal.aborted) await open(entry, options.open)
      } catch (error) {
        if (!entry.flow.signal.aborted) entry.flow.stop(error instanceof AppError ? error.code : 'app/internal')
        if (!(error instanceof AppError) || error.code !== 'app/canceled') throw error
      }
      return viewOf(entry)
    },
    view: flowId => viewOf(find(flowId)),
    async paste(flowId, text) {
      const entry = find(flowId)
      entry.flow.assertWaiting()
      await entry.flow.finish(entry.way.read(text))
      return viewOf(entry)
    },
    async cancel(flowId) {
      const entry = find(flowId)
      if (entry.flow.state().kind === 'waiting' || entry.flow.state().kind === 'finishing') {
        entry.flow.stop('app/canceled')
        await entry.flow.over
      }
      return viewOf(entry)
    },
    certificate: flowId => find(flowId).way.certificatePem,
    async close() {
      const open = [...current.values()]
      for (const flow of open) flow.stop('app/canceled')
      await Promise.all(open.map(({ over }) => over))
    },
  }
}
