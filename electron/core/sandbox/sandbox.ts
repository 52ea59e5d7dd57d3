import type { BrokerId } from '../../../shared/domain/broker.ts'
import type { Instant } from '../../../shared/domain/time.ts'
import type { SandboxControl } from './control.ts'
import type { FaultScript } from './faults.ts'
import { DEFAULT_ACTIVITIES } from './history.ts'
import { createStands } from './registry.ts'
import type { OpenStand } from './stand.ts'
import { STAND_IDS, standsOf } from './stands.ts'
import type { StandId } from './stands.ts'

export interface SandboxOptions {
  readonly seed: number
  readonly now: () => Instant
  /** Which stands to serve; all by default. */
  readonly stands?: readonly StandId[]
  /** The same by broker: all stands of each. */
  readonly brokers?: readonly BrokerId[]
  readonly host?: '127.0.0.1'
  /** Port of the first stand; the next ones follow. Free ports without it. */
  readonly port?: number
  readonly faults?: FaultScript
  /** How much history to serve; about 1,500 rows a broker without it, any number up to a million. */
  readonly size?: { readonly activities?: number }
  /** Life of access tokens, instead of the brokers' own. */
  readonly tokenLifeMs?: number
}

export interface Sandbox {
  /** Origins such as `http://127.0.0.1:40123`, and `127.0.0.1:port` for TWS; empty for a stand that is not served. */
  readonly urls: Readonly<Record<StandId, string>>
  /** The strings behind a stand. Throws RangeError for one that is not served. */
  control(stand: StandId): SandboxControl
  close(): Promise<void>
}

/** Starts the simulated brokers, each stand on its own loopback port. The same seed serves the same history. */
export async function startSandbox(options: SandboxOptions): Promise<Sandbox> {
  const open = new Map<StandId, OpenStand>()
  const ending = new AbortController()
  const close = async (): Promise<void> => {
    ending.abort()
    await Promise.all([...open.values()].map(stand => stand.close()))
  }
  const openers = createStands({
    seed: options.seed,
    now: options.now,
    activities: options.size?.activities ?? DEFAULT_ACTIVITIES,
    rotation: options.faults?.rotation ?? 'rotate',
    tokenLifeMs: options.tokenLifeMs,
    host: options.host ?? '127.0.0.1',
    signal: ending.signal,
  })
  try {
    for (const [index, stand] of wanted(options).entries()) {
      const opener = openers[stand]
      const port = options.port ? options.port + index : 0
      if (opener) open.set(stand, await opener({ port, fault: options.faults?.[stand] }))
    }
  } catch (error) {
    await close()
    throw error
  }
  return {
    urls: urlsOf(stand => open.get(stand)?.url ?? ''),
    control(stand) {
      const found = open.get(stand)
      if (!found) throw new RangeError(`no simulator for ${stand}`)
      return found.control
    },
    close,
  }
}

function wanted({ stands, brokers }: SandboxOptions): readonly StandId[] {
  if (stands) return stands
  return brokers ? brokers.flatMap(broker => [...standsOf(broker)]) : STAND_IDS
}

function urlsOf(urlOf: (stand: StandId) => string): Record<StandId, string> {
  return {
    alpaca: urlOf('alpaca'),
    schwab: urlOf('schwab'),
    tastytrade: urlOf('tastytrade'),
    etrade: urlOf('etrade'),
    tdameritrade: urlOf('tdameritrade'),
    'ibkr-flex': urlOf('ibkr-flex'),
    'ibkr-oauth': urlOf('ibkr-oauth'),
    'ibkr-gateway': urlOf('ibkr-gateway'),
    'ibkr-tws': urlOf('ibkr-tws'),
  }
}
