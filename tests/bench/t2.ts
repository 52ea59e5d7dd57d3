import { createCore } from '../../electron/core/create-core.ts'
import { createAdmission } from '../../electron/core/entitlements/admission.ts'
import { brokers } from '../../electron/core/brokers/registry.ts'
import { createLog } from '../../electron/core/log/log.ts'
import { createHttp } from '../../electron/core/net/http.ts'
import { createLimiter } from '../../electron/core/net/limiter.ts'
import { createSignIns } from '../../electron/core/oauth/flows.ts'
import { approveConsent } from '../../electron/core/sandbox/browser-player.ts'
import { SANDBOX_CLIENTS } from '../../electron/core/sandbox/client-keys.ts'
import { STAND_IDS, standVariable } from '../../electron/core/sandbox/stands.ts'
import { createBrokerDesk } from '../../electron/core/services/broker-desk.ts'
import { Secret } from '../../electron/core/vault/secret.ts'
import type { BrokerId } from '../../shared/domain/broker.ts'
import { newId } from '../../shared/domain/ids.ts'
import { isListening } from '../core/oauth/support/visitor.ts'
import { type FakePorts, fakePorts, tempFolder } from '../support/fake-ports.ts'
import { callerOf, Refused } from '../support/test-core.ts'
import { type BenchResult, judge } from './support/measure.ts'
import { startSimulators } from './support/simulators-process.ts'

const AUTHORISATIONS = 1000
/** Brokers whose browser comes back to a listener. */
const REDIRECTING = ['alpaca', 'ibkr', 'tastytrade', 'tdameritrade'] as const satisfies readonly BrokerId[]
const signal = (): AbortSignal => AbortSignal.timeout(300_000)

/**
 * T2: 1,000 users authorise at one simulator at the same time, each with a listener of his own; how many did not end connected with
 * tokens. T2S: how long that took. T2ONE: 1,000 sign-ins asked of one Keelson at once, where the newest of a broker takes over;
 * how many calls, sign-ins and ports were left without an end.
 */
export async function measure(): Promise<BenchResult[]> {
  using simulators = await startSimulators()
  const env = Object.fromEntries(STAND_IDS.map(stand => [standVariable(stand), simulators.urls[stand]]))
  using folder = tempFolder('keelson-bench-')
  const { missing, seconds, note } = await manyUsers(fakePorts(folder.path, { env }), simulators.urls.alpaca)
  const one = await oneKeelson(fakePorts(folder.path, { env }))
  return [
    judge({ id: 'T2', unit: `of ${AUTHORISATIONS} not handled`, floor: 0, goal: 0 }, missing, note),
    judge({ id: 'T2S', unit: 's for all of them', floor: 60, goal: 15 }, seconds, `${(AUTHORISATIONS / seconds).toFixed(0)} a second`),
    judge({ id: 'T2ONE', unit: 'left without an end', floor: 0, goal: 0 }, one.left, one.note),
  ]
}

/** Only the pacing of a single user's Keelson is lifted: these are a thousand of them. */
async function manyUsers(ports: FakePorts, origin: string): Promise<{ missing: number; seconds: number; note: string }> {
  const { clock, random } = ports
  const log = createLog(ports.log, clock)
  const desk = createBrokerDesk({ ports, log, admission: createAdmission(id => brokers[id].name), sandboxOrigin: () => undefined })
  const profile = desk.profile('alpaca', 'sandbox').oauth
  if (!profile) throw new Error('no profile')
  const limiter = createLimiter({ requests: 100_000, perMs: 1000, clock })
  const http = createHttp({ broker: 'Alpaca', allow: [origin], limiter, clock, random, log })
  const client = { id: SANDBOX_CLIENTS.alpaca.clientId, secret: Secret.of(SANDBOX_CLIENTS.alpaca.clientSecret) }
  const tokens = new Set<string>()
  const began = performance.now()
  const ends = await Promise.all(
    Array.from({ length: AUTHORISATIONS }, async () => {
      const over = Promise.withResolvers<void>()
      const signIns = createSignIns({
        clock,
        random,
        log,
        http: () => http,
        browser: ports.browser,
        onChange: id => {
          const { kind } = signIns.view(id).state
          if (kind === 'connected' || kind === 'failed') over.resolve()
        },
        onTokens: (_, grant) => {
          tokens.add(grant.access.reveal())
          return Promise.resolve(newId.connection(random.uuid()))
        },
      })
      const options = {
        broker: brokers.alpaca,
        environment: 'sandbox',
        profile: { ...profile, redirect: { ...profile.redirect, port: null } },
        client,
        scopes: ['trading'],
        open: false,
      } as const
      const flow = await signIns.start(options)
      await approveConsent({ authorizeUrl: flow.authorizeUrl, signal: signal() })
      await over.promise
      const { state } = signIns.view(flow.flowId)
      await signIns.close()
      const isOpen = await isListening('127.0.0.1', Number(new URL(flow.redirectUri).port))
      return state.kind === 'failed' ? state.error.code : isOpen ? 'port still open' : state.kind
    }).map(run => run.catch((error: unknown) => String(error))),
  )
  const seconds = (performance.now() - began) / 1000
  await http.close()
  await desk.close()
  const connected = ends.filter(end => end === 'connected').length
  const others = [...new Set(ends)].filter(end => end !== 'connected')
  return {
    missing: AUTHORISATIONS - Math.min(connected, tokens.size),
    seconds,
    note: `${connected} connected with ${tokens.size} different tokens, no port left open${others.length === 0 ? '' : `; others: ${others.slice(0, 5).join(', ')}`}`,
  }
}

async function oneKeelson(ports: FakePorts): Promise<{ left: number; note: string }> {
  const core = await createCore(ports, { background: false })
  const call = callerOf((request, stop) => core.dispatch(request, { signal: stop }))
  const began = performance.now()
  const spread = Array.from({ length: AUTHORISATIONS }, (_, index) => REDIRECTING[index % REDIRECTING.length] ?? 'alpaca')
  const asked = await Promise.all(
    spread.map(broker =>
      call('connections.signIn', { broker, environment: 'sandbox', consent: true, open: false }).then(
        flow => ({ flow, end: flow.state.kind === 'failed' ? flow.state.error.code : flow.state.kind }),
        (error: unknown) => ({ flow: null, end: error instanceof Refused ? error.view.code : String(error) }),
      ),
    ),
  )
  const seconds = (performance.now() - began) / 1000
  const open = asked.flatMap(({ flow, end }) => (flow !== null && end === 'waiting' ? [flow] : []))
  const replaced = asked.filter(({ end }) => end === 'auth/replaced').length
  await Promise.all(open.map(({ authorizeUrl }) => approveConsent({ authorizeUrl, signal: signal() })))
  const finished = await Promise.all(
    open.map(async ({ flowId }) => {
      for (;;) {
        const { state } = await call('connections.flow', { flowId })
        if (state.kind === 'connected' || state.kind === 'failed') return state.kind
        await new Promise(resolve => setImmediate(resolve))
      }
    }),
  )
  const connected = finished.filter(kind => kind === 'connected').length
  const listeners = new Set(
    asked.flatMap(({ flow }) => (flow === null || flow.redirectUri === '' ? [] : [Number(new URL(flow.redirectUri).port)])),
  )
  const listening = (await Promise.all([...listeners].map(port => isListening('127.0.0.1', port)))).filter(Boolean).length
  await core.close()
  const ended = replaced + connected
  return {
    left: AUTHORISATIONS - ended + listening,
    note: `${replaced} replaced by a newer one, ${connected} connected, ${listening} ports open afterwards, all asked within ${seconds.toFixed(1)} s`,
  }
}
