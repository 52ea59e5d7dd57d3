import type { Sandbox } from '../../core/sandbox/sandbox.ts'
import type { FaultScript } from '../../core/sandbox/faults.ts'
import { SANDBOX_CLIENTS } from '../../core/sandbox/client-keys.ts'
import { brokerOf, STAND_IDS, standVariable } from '../../core/sandbox/stands.ts'
import { Instant } from '../../../shared/domain/time.ts'
import { EXIT, type ExitCode } from '../exit-codes.ts'
import type { Terminal } from '../terminal.ts'

export interface SandboxOptions {
  readonly seed: number
  readonly faults: FaultScript
  readonly json: boolean
}

/** `keelson sandbox`: the built-in broker simulators, for other programs, until they are told to stop. */
export async function sandbox(terminal: Terminal, { seed, faults, json }: SandboxOptions, signal: AbortSignal): Promise<ExitCode> {
  const { startSandbox } = await import('../../core/sandbox/sandbox.ts')
  const running = await startSandbox({ seed, now: () => Instant.fromEpochMs(Date.now()), faults })
  const doc = describe(running)
  if (json) terminal.out(JSON.stringify({ event: 'listening', ...doc }))
  else {
    terminal.out(
      Object.entries(doc.env)
        .map(([name, value]) => `${name}=${value}`)
        .join('\n'),
    )
    terminal.err('The sandbox brokers run until Ctrl+C. Set the variables above for a Keelson that is to use them.')
  }
  if (!signal.aborted) await new Promise(resolve => signal.addEventListener('abort', resolve, { once: true }))
  await running.close()
  return EXIT.ok
}

/** Everything a program needs to sign in at the simulators; none of it opens anything else. */
function describe(running: Sandbox) {
  const served = STAND_IDS.filter(stand => running.urls[stand] !== '')
  const env: Record<string, string> = {}
  for (const stand of served) env[standVariable(stand)] = running.urls[stand]
  for (const broker of new Set(served.map(brokerOf))) {
    const { clientId, clientSecret } = SANDBOX_CLIENTS[broker]
    env[`KEELSON_${broker.toUpperCase()}_CLIENT_ID`] = clientId
    env[`KEELSON_${broker.toUpperCase()}_CLIENT_SECRET`] = clientSecret
  }
  return { urls: running.urls, env }
}
