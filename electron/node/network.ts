import { networkInterfaces } from 'node:os'
import type { Network } from '../core/ports.ts'

const LOOK_MS = 30_000
/** A look this much later than planned means that the computer slept, or that its clock was set. */
const SLEPT_MS = 30_000

export interface NetworkOptions {
  /** The addresses of this machine that are not its own loopback, as text that stays the same while nothing changes. */
  readonly addresses?: () => readonly string[]
}

/**
 * Notices that the network may be back by looking at the machine's addresses every half minute: one that was not there before (plugged
 * in, another Wi-Fi, a VPN), or a look that came far too late, as after a sleep. It looks only while somebody listens, and its timer
 * never keeps the process alive.
 */
export function createNetwork({ addresses = machineAddresses }: NetworkOptions = {}): Network {
  const listeners = new Set<() => void>()
  let known = new Set<string>()
  let timer: NodeJS.Timeout | undefined

  function arm(): void {
    timer = setTimeout(look, LOOK_MS, Date.now() + LOOK_MS).unref()
  }
  function look(due: number): void {
    const found = new Set(addresses())
    const cameBack = [...found].some(address => !known.has(address))
    const slept = Math.abs(Date.now() - due) > SLEPT_MS
    known = found
    arm()
    if (found.size > 0 && (cameBack || slept)) for (const tell of listeners) tell()
  }
  return {
    onReturn(run) {
      if (listeners.size === 0) {
        known = new Set(addresses())
        arm()
      }
      // The same function may listen twice.
      const listener = (): void => run()
      listeners.add(listener)
      return () => {
        listeners.delete(listener)
        if (listeners.size === 0) clearTimeout(timer)
      }
    },
  }
}

/** The later half of an IPv6 address changes by itself every day, to make following it harder; it is no other network. */
function machineAddresses(): string[] {
  return Object.entries(networkInterfaces()).flatMap(([name, all = []]) =>
    all
      .filter(({ internal, address }) => !internal && !address.startsWith('fe80:'))
      .map(({ family, address }) => `${name} ${family === 'IPv6' ? address.split(':').slice(0, 4).join(':') : address}`),
  )
}
