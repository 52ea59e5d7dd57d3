import { approveConsent, approveVerifier } from '../../electron/core/sandbox/browser-player.ts'
import { createCore } from '../../electron/core/create-core.ts'
import { STAND_IDS, standVariable } from '../../electron/core/sandbox/stands.ts'
import { readCertificate } from '../../electron/core/net/peer-certificate.ts'
import type { FlowView } from '../../shared/contract/connections.ts'
import type { BrokerId } from '../../shared/domain/broker.ts'
import { fakePorts, tempFolder } from '../support/fake-ports.ts'
import { type Call, callerOf } from '../support/test-core.ts'
import { type BenchResult, judge, median } from './support/measure.ts'
import { startSimulators } from './support/simulators-process.ts'

const BROKERS = ['alpaca', 'schwab', 'ibkr', 'tastytrade', 'etrade', 'tdameritrade'] as const satisfies readonly BrokerId[]
const ROUNDS = 5

/**
 * T1: a sign-in without the human, from the click to the saved connection: listener, consent page, redirect, tokens, first call, sealed.
 * The worst of five at every broker that signs in by browser, in seconds, in an app that has just started.
 */
export async function measure(): Promise<BenchResult[]> {
  using simulators = await startSimulators()
  const env = Object.fromEntries(STAND_IDS.map(stand => [standVariable(stand), simulators.urls[stand]]))
  const times = new Map<BrokerId, number[]>(BROKERS.map(broker => [broker, []]))
  for (let round = 0; round < ROUNDS; round += 1) {
    using folder = tempFolder('keelson-bench-')
    const core = await createCore(fakePorts(folder.path, { env }), { background: false })
    const call = callerOf((request, signal) => core.dispatch(request, { signal }))
    try {
      for (const broker of BROKERS) times.get(broker)?.push(await signIn(call, broker))
    } finally {
      await core.close()
    }
  }
  const each = [...times].map(([broker, taken]) => `${broker} ${median(taken).toFixed(0)} ms, at most ${Math.max(...taken).toFixed(0)}`)
  const worst = Math.max(...[...times.values()].flat())
  return [judge({ id: 'T1', unit: 's a sign-in, worst', floor: 5, goal: 2 }, worst / 1000, `medians: ${each.join('; ')}`)]
}

/** Milliseconds from the request to the connection. */
async function signIn(call: Call, broker: BrokerId): Promise<number> {
  const began = performance.now()
  const flow = await call('connections.signIn', { broker, environment: 'sandbox', consent: true, open: false })
  await playUser(call, flow)
  for (;;) {
    const { state } = await call('connections.flow', { flowId: flow.flowId })
    if (state.kind === 'connected') return performance.now() - began
    if (state.kind === 'failed') throw new Error(`${broker}: ${state.error.code}`)
    await new Promise(resolve => setImmediate(resolve))
  }
}

async function playUser(call: Call, { flowId, authorizeUrl, redirectUri, paste }: FlowView): Promise<void> {
  const signal = AbortSignal.timeout(30_000)
  if (paste === 'code') {
    await call('connections.paste', { flowId, text: await approveVerifier({ authorizeUrl, signal }) })
    return
  }
  const { protocol, port } = new URL(redirectUri)
  const certificatePem = protocol === 'https:' ? (await readCertificate('127.0.0.1', Number(port), { signal })).pem : null
  await approveConsent({ authorizeUrl, certificatePem, signal })
}
