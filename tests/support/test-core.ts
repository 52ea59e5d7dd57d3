import { type Core, createCore } from '../../electron/core/create-core.ts'
import { approveConsent } from '../../electron/core/sandbox/browser-player.ts'
import { type Sandbox, startSandbox } from '../../electron/core/sandbox/sandbox.ts'
import { STAND_IDS, standVariable } from '../../electron/core/sandbox/stands.ts'
import type { Envelope } from '../../shared/contract/envelope.ts'
import type { ErrorView } from '../../shared/contract/errors.ts'
import type { AppEvent } from '../../shared/contract/events.ts'
import type { FlowView } from '../../shared/contract/connections.ts'
import { type OutputOf, type RequestOf, type RouteName, routes } from '../../shared/contract/routes.ts'
import { BROKER_IDS, type BrokerId } from '../../shared/domain/broker.ts'
import { brokers } from '../../electron/core/brokers/registry.ts'
import type { ConnectionId } from '../../shared/domain/ids.ts'
import { type FakePorts, fakePorts, jumpingClock, type PortOverrides, tempFolder } from './fake-ports.ts'
import { impatientClock } from './impatient-clock.ts'
import { newDatabase } from './new-database.ts'

/** A refusal as a caller sees it. */
export class Refused extends Error {
  readonly view: ErrorView

  constructor(view: ErrorView) {
    super(`${view.code}: ${view.message}`)
    this.view = view
  }
}

export type Call = <R extends RouteName>(route: R, input: RequestOf<R>, signal?: AbortSignal) => Promise<OutputOf<R>>

let requests = 0

/** A typed caller over anything that dispatches; the answer is parsed by the contract, so a wrong shape fails the test. */
export function callerOf(dispatch: (request: unknown, signal: AbortSignal) => Promise<Envelope<unknown>>): Call {
  return async (route, input, signal = new AbortController().signal) => {
    requests += 1
    const envelope = await dispatch({ id: `t${requests}`, route, input }, signal)
    if (!envelope.ok) throw new Refused(envelope.error)
    return routes[route].output.parse(JSON.parse(JSON.stringify(envelope.data))) as never
  }
}

export interface TestCore {
  readonly core: Core
  readonly ports: FakePorts
  readonly sandbox: Sandbox
  readonly call: Call
  readonly events: AppEvent[]
  /** Signs in to a simulator, playing the user's browser. */
  connect(broker: BrokerId, options?: { reconnect?: ConnectionId }): Promise<ConnectionId>
  /** Resolves with the first event, past or future, that fits. */
  waitFor(fits: (event: AppEvent) => boolean): Promise<AppEvent>
  flowEnd(flowId: FlowView['flowId']): Promise<FlowView>
  /** Ends this core and starts another on the same folder and simulators. */
  restart(overrides?: PortOverrides): Promise<TestCore>
  [Symbol.asyncDispose](): Promise<void>
}

export interface TestCoreOptions {
  readonly background?: boolean
  /** Jumps over the brokers' pacing and the waits between tries: for tests that ask and wait for the answer, not for those of what time does. */
  readonly impatient?: boolean
  readonly ports?: PortOverrides
  readonly activities?: number
}

/** A whole core over real simulators, real files and fake ports. */
export async function testCore(options: TestCoreOptions = {}): Promise<TestCore> {
  const folder = tempFolder()
  newDatabase(folder.path)
  const clock = options.ports?.clock ?? (options.impatient === true ? impatientClock() : jumpingClock())
  const sandbox = await startSandbox({ seed: 7, now: clock.now, size: { activities: options.activities ?? 300 } })
  const stop: (() => Promise<void>)[] = [() => sandbox.close(), () => Promise.resolve(folder[Symbol.dispose]())]
  const ports = options.impatient === true ? { clock, ...options.ports } : options.ports
  return start({ ...options, ...(ports && { ports }) }, folder.path, sandbox, stop)
}

async function start(options: TestCoreOptions, dataDir: string, sandbox: Sandbox, stop: readonly (() => Promise<void>)[]): Promise<TestCore> {
  const env = { ...sandboxVariables(sandbox), ...options.ports?.env }
  const ports = fakePorts(dataDir, { ...options.ports, env })
  const core = await createCore(ports, { background: options.background ?? false })
  const events: AppEvent[] = []
  const waiting = new Set<(event: AppEvent) => void>()
  core.subscribe(event => {
    events.push(event)
    for (const look of waiting) look(event)
  })
  const call = callerOf((request, signal) => core.dispatch(request, { signal }))
  const waitFor = (fits: (event: AppEvent) => boolean): Promise<AppEvent> => new Promise(resolve => {
    const past = events.find(fits)
    if (past) return resolve(past)
    const look = (event: AppEvent): void => {
      if (!fits(event)) return
      waiting.delete(look)
      resolve(event)
    }
    waiting.add(look)
  })
  const flowEnd = async (flowId: FlowView['flowId']): Promise<FlowView> => {
    for (;;) {
      const seen = events.length
      const flow = await call('connections.flow', { flowId })
      if (flow.state.kind === 'connected' || flow.state.kind === 'failed') return flow
      await waitFor(event => event.type === 'flow.changed' && event.flowId === flowId && event.revision > (events[seen - 1]?.revision ?? 0))
    }
  }
  const app: TestCore = {
    core, ports, sandbox, call, events, waitFor, flowEnd,
    async connect(broker, { reconnect } = {}) {
      const flow = await call('connections.signIn', { broker, environment: 'sandbox', consent: true, open: false, ...(reconnect ? { reconnect } : {}) })
      const answered = flow.redirectUri.startsWith('https:') ? pasteAnswer(call, flow) : approveConsent({ authorizeUrl: flow.authorizeUrl, signal: new AbortController().signal })
      await answered
      const end = await flowEnd(flow.flowId)
      if (end.state.kind !== 'connected') throw new Error(`the sign-in failed: ${JSON.stringify(end.state)}`)
      return end.state.connectionId
    },
    async restart(overrides = {}) {
      await core.close()
      return start({ ...options, ports: { ...options.ports, ...overrides } }, dataDir, sandbox, stop)
    },
    async [Symbol.asyncDispose]() {
      await core.close()
      for (const step of stop) await step()
    },
  }
  return app
}

/** How many brokers exploring connects. */
export const explored = BROKER_IDS.filter(id => brokers[id].environments.sandbox).length

/** The environment that points a core at running simulators. */
export function sandboxVariables({ urls }: Pick<Sandbox, 'urls'>): Record<string, string> {
  return Object.fromEntries(STAND_IDS.map(stand => [standVariable(stand), urls[stand]]))
}

/** Gives consent like a browser that cannot open the https listener, and pastes where it was sent. */
async function pasteAnswer(call: Call, flow: FlowView): Promise<void> {
  const address = await redirectAfterConsent(flow.authorizeUrl)
  await call('connections.paste', { flowId: flow.flowId, text: address })
}

/** Plays the consent page by hand and answers the address it redirects to, without following it. */
export async function redirectAfterConsent(authorizeUrl: string, decision: 'approve' | 'deny' = 'approve'): Promise<string> {
  const page = await fetch(authorizeUrl)
  const html = await page.text()
  const action = /<form[^>]*action="([^"]*)"/.exec(html)?.[1] ?? ''
  const form = new URLSearchParams()
  for (const [, tag = ''] of html.matchAll(/<input([^>]*)>/g)) {
    const name = /name="([^"]*)"/.exec(tag)?.[1]
    const boxed = /type="(?:checkbox|radio)"/.test(tag) && !/\bchecked\b/.test(tag)
    if (name !== undefined && !boxed) form.append(name, /value="([^"]*)"/.exec(tag)?.[1] ?? 'on')
  }
  form.set('decision', decision)
  const answer = await fetch(new URL(action.replaceAll('&amp;', '&'), authorizeUrl), { method: 'POST', body: form, redirect: 'manual' })
  const location = answer.headers.get('location')
  if (location === null) throw new Error(`no redirect: ${answer.status}`)
  return location
}
