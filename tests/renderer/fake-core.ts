import { createBridge } from '../../renderer/bridge/bridge.ts'
import type { LinkStatus } from '../../renderer/bridge/transport.ts'
import { setBridge } from '../../renderer/state/api.ts'

export interface Asked {
  readonly route: string
  readonly input: unknown
}

/** A core without a process: answers each route from `answer`, and lets a test send events and drop the link. */
export function fakeCore(answer: (asked: Asked) => unknown) {
  const asked: Asked[] = []
  const events = new Set<(event: unknown) => void>()
  const statuses = new Set<(status: LinkStatus) => void>()
  let status: LinkStatus = { kind: 'open' }
  let count = 0
  const bridge = createBridge(
    {
      async call({ route, input }) {
        asked.push({ route, input })
        return answer({ route, input })
      },
      cancel: () => undefined,
      onEvent: listener => {
        events.add(listener)
        return () => events.delete(listener)
      },
      onStatus: listener => {
        statuses.add(listener)
        return () => statuses.delete(listener)
      },
      status: () => status,
      close: () => undefined,
    },
    () => `f${(count += 1)}`,
  )
  setBridge(bridge)
  return {
    bridge,
    asked,
    routes: () => asked.map(({ route }) => route),
    emit: (event: unknown) => events.forEach(listener => listener(event)),
    link: (next: LinkStatus) => {
      status = next
      statuses.forEach(listener => listener(next))
    },
  }
}

export const ok = (data: unknown) => ({ ok: true, data })
export const refusal = (code: string) => ({ ok: false, error: { code, message: 'What happened.', action: 'What to do.' } })
