import type { Log } from '../log/log.ts'
import type { Ports } from '../ports.ts'
import type { Sandbox } from '../sandbox/sandbox.ts'
import { STAND_IDS, type StandId, standVariable } from '../sandbox/stands.ts'

const DEFAULT_SEED = 20_231_101

export interface SandboxHost {
  /** Address of a built-in stand: undefined while none runs, empty for one that is not served. */
  origin(stand: StandId): string | undefined
  /** Whether there is a simulator behind a stand, of ours or of the user's own. */
  serves(stand: StandId): boolean
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
    serves: stand => !missing.includes(stand) || (sandbox?.urls[stand] ?? '') !== '',
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
