import { executionIdentity } from '../flex/rows.ts'
import type { CommissionMessage, ExecutionMessage, TwsMessage } from './messages.ts'

/** An execution in its latest state, with its costs once TWS has told them. */
export interface Fill {
  readonly execution: ExecutionMessage
  readonly commission: CommissionMessage | null
}

/** Joins executions and commission reports: either may come first, and a correction replaces what it corrects. */
export interface Fills {
  take(message: TwsMessage): void
  all(): Fill[]
  /** Runs once after the next commission report. */
  onCommission(run: () => void): () => void
}

/** More than any week has; the oldest are forgotten, since TWS tells what it still has when it is asked. */
const MOST = 20_000

export function createFills(): Fills {
  const executions = new Map<string, { state: number; message: ExecutionMessage }>()
  const commissions = new Map<string, CommissionMessage>()
  const waiting = new Set<() => void>()
  return {
    take(message) {
      if (message.kind === 'execution') {
        const { id, state } = executionIdentity(message.execution.execId ?? '')
        const known = executions.get(id)
        if (id !== '' && (known === undefined || state >= known.state)) executions.set(id, { state, message })
        forgetOldest(executions)
      } else if (message.kind === 'commission') {
        commissions.set(message.report.execId ?? '', message)
        forgetOldest(commissions)
        for (const run of new Set(waiting)) run()
      }
    },
    all: () =>
      [...executions.values()].map(({ message }) => ({
        execution: message,
        commission: commissions.get(message.execution.execId ?? '') ?? null,
      })),
    onCommission(run) {
      waiting.add(run)
      return () => void waiting.delete(run)
    },
  }
}

function forgetOldest(map: Map<string, unknown>): void {
  const [oldest] = map.keys()
  if (map.size > MOST && oldest !== undefined) map.delete(oldest)
}
