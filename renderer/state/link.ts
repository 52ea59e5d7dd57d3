import { create } from 'zustand'
import type { Bridge, LinkStatus } from '../bridge/index.ts'

interface LinkState {
  readonly status: LinkStatus
}

/** How the window hangs on its host. */
export const useLink = create<LinkState>()(() => ({ status: { kind: 'connecting', attempt: 0 } }))

/** Follows the bridge's link. The answer stops it. */
export function followLink(bridge: Bridge): () => void {
  useLink.setState({ status: bridge.status() })
  return bridge.onStatus(status => useLink.setState({ status }))
}
