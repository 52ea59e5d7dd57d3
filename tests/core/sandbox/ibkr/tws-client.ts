import { EventName, IBApi } from '@stoqey/ib'
import type { Contract, Order } from '@stoqey/ib'
import { Instant } from '../../../../shared/domain/time.ts'
import { startSandbox } from '../../../../electron/core/sandbox/sandbox.ts'
import type { Sandbox, SandboxOptions } from '../../../../electron/core/sandbox/sandbox.ts'

export const FRIDAY = Instant.parse('2026-11-20T22:00:00Z')

/** A real client of the socket protocol beside a log of everything it emitted. */
export interface Wire {
  readonly ib: IBApi
  /** Everything emitted so far, as a name and its arguments. */
  readonly log: readonly (readonly [string, readonly unknown[]])[]
  /** Waits for an event that fits, past or to come. */
  until(name: string, fits?: (args: readonly unknown[]) => boolean): Promise<readonly unknown[]>
  all(name: string): (readonly unknown[])[]
  /** Codes of errors and notices so far. */
  codes(): number[]
  [Symbol.dispose](): void
}

export function openWire(url: string, clientId = 7): Wire {
  const [host = '', port = ''] = url.split(':')
  const ib = new IBApi({ host, port: Number(port), maxReqPerSec: 1000 })
  const log: [string, unknown[]][] = []
  const waiting = new Set<() => void>()
  ib.on(EventName.all, (name, args) => {
    log.push([String(name), args])
    for (const look of waiting) look()
  })
  const find = (name: string, fits: (args: readonly unknown[]) => boolean) => log.find(([event, args]) => event === name && fits(args))
  ib.connect(clientId)
  return {
    ib,
    log,
    until: (name, fits = () => true) =>
      new Promise(resolve => {
        const look = (): void => {
          const found = find(name, fits)
          if (!found) return
          waiting.delete(look)
          resolve(found[1])
        }
        waiting.add(look)
        look()
      }),
    all: name => log.filter(([event]) => event === name).map(([, args]) => args),
    codes: () =>
      log.flatMap(([event, args]) => (event === 'error' || event === 'info' ? [args[1]] : [])).filter(code => typeof code === 'number'),
    [Symbol.dispose]: () => {
      ib.removeAllListeners()
      ib.disconnect()
    },
  }
}

export async function openTwsBench(options: Partial<SandboxOptions> = {}): Promise<Sandbox & AsyncDisposable> {
  const sandbox = await startSandbox({ seed: 7, now: () => FRIDAY, stands: ['ibkr-tws'], ...options })
  return { ...sandbox, [Symbol.asyncDispose]: () => sandbox.close() }
}

export const AAPL: Contract = { symbol: 'AAPL', secType: 'STK', exchange: 'SMART', currency: 'USD' } as Contract

export function order(change: Readonly<Record<string, unknown>>): Order {
  return { action: 'BUY', totalQuantity: 10, tif: 'DAY', account: 'DU7654321', transmit: true, orderType: 'MKT', ...change } as Order
}
