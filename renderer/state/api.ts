import type { Bridge } from '../bridge/index.ts'

let current: Bridge | undefined

/** Gives the stores their bridge; called once by the window's entry, and by tests. */
export function setBridge(bridge: Bridge): void {
  current = bridge
}

/** The bridge of this window. */
export function api(): Bridge {
  if (!current) throw new Error('the bridge is not set')
  return current
}
