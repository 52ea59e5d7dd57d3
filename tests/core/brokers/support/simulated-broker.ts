import { expect } from 'vitest'
import type { Broker, BrokerAdapter, Trading } from '../../../../electron/core/brokers/adapter.ts'
import { resolveEnvironment } from '../../../../electron/core/brokers/sandbox-address.ts'
import { createLog } from '../../../../electron/core/log/log.ts'
import { createBrokerHttp } from '../../../../electron/core/net/broker-http.ts'
import { createHttp } from '../../../../electron/core/net/http.ts'
import { createLimiter } from '../../../../electron/core/net/limiter.ts'
import { approveConsent, approveVerifier } from '../../../../electron/core/sandbox/browser-player.ts'
import type { SandboxControl } from '../../../../electron/core/sandbox/control.ts'
import { type Sandbox, startSandbox } from '../../../../electron/core/sandbox/sandbox.ts'
import type { StandId } from '../../../../electron/core/sandbox/stands.ts'
import { Secret } from '../../../../electron/core/vault/secret.ts'
import { fakePorts } from '../../../support/fake-ports.ts'
import { openDesk } from '../../oauth/support/sign-ins.ts'

export interface SimulatedBroker extends AsyncDisposable {
  readonly adapter: BrokerAdapter
  readonly trading: Trading
  readonly control: SandboxControl
}

/** The real adapter, signed in at the broker's simulator over loopback, with a history of some 300 rows. */
export async function simulatedBroker(broker: Broker, stand: StandId): Promise<SimulatedBroker> {
  const ports = fakePorts('unused')
  const { clock, random } = ports
  const now = () => clock.now()
  const signal = new AbortController().signal
  const sandbox: Sandbox = await startSandbox({ seed: 7, now, stands: [stand], size: { activities: 300 } })
  const log = createLog(ports.log, clock)
  const http = createHttp({
    broker: broker.name,
    allow: [sandbox.urls[stand]],
    limiter: createLimiter({ requests: 1000, perMs: 1000, clock }),
    clock,
    random,
    log,
  })
  const desk = await openDesk({ http: () => http })
  const { bases, oauth, oauth1 } = resolveEnvironment(broker, 'sandbox', {}, () => sandbox.urls[stand])
  const profile = oauth ?? oauth1
  if (!profile) throw new Error(`${broker.name} has no sign-in`)
  const control = sandbox.control(stand)
  const client = { id: control.clientId, secret: Secret.of(control.clientSecret) }
  const scopes = broker.scopes.flatMap(scope => (scope.id === '' ? [] : [scope.id]))
  const flow = await desk.start({ broker, profile, client, scopes, open: false })
  if (oauth1) await desk.signIns.paste(flow.flowId, await approveVerifier({ authorizeUrl: flow.authorizeUrl, signal }))
  else await approveConsent({ authorizeUrl: flow.authorizeUrl, signal })
  expect((await desk.ended(flow.flowId)).state.kind).toBe('connected')
  const credentials = desk.saved[0]?.candidate
  if (!credentials) throw new Error('nothing was saved')
  const calls = createBrokerHttp({
    http,
    bases,
    credentials,
    classify: broker.classify,
    words: broker.words,
    clock,
    log,
    brokerName: broker.name,
  })
  const method = {
    method: 'oauth' as const,
    http: calls,
    bases,
    settings: {},
    secret: () => '',
    remember: () => undefined,
    report: () => undefined,
  }
  const adapter = broker.connect({
    environment: 'sandbox',
    http: calls,
    methods: [method],
    now,
    clock,
    random,
    log,
    keep: (_key, open) => open(),
  })
  if (!adapter.trading) throw new Error(`${broker.name} takes no orders`)
  return {
    adapter,
    trading: adapter.trading,
    control,
    async [Symbol.asyncDispose]() {
      await desk[Symbol.asyncDispose]()
      await http.close()
      await sandbox.close()
    },
  }
}
