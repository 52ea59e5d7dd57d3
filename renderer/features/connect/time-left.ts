import { useEffect } from 'react'
import type { FlowView } from '../../../shared/contract/connections.ts'
import { Instant } from '../../../shared/domain/time.ts'
import { useNow } from '../../state/clock.ts'
import { refreshFlow } from '../../state/connect.ts'

/** Milliseconds left of a sign-in; once it is over, how it ended is read. */
export function useTimeLeft(flow: FlowView): number {
  const left = Instant.msBetween(useNow(1), flow.expiresAt)
  const over = left <= 0
  useEffect(() => {
    if (over) void refreshFlow(flow.flowId)
  }, [over, flow.flowId])
  return left
}
