import { AppError } from '../../../shared/contract/errors.ts'
import { Instant } from '../../../shared/domain/time.ts'
import type { ConnectionId } from '../../../shared/domain/ids.ts'
import type { Clock } from '../../../electron/core/ports.ts'
import { withRefreshLock } from '../../../electron/core/db/refresh-lock.ts'
import { saidText } from '../support/said.ts'

/**
 * Takes and holds the refresh lock of a connection: `holder.ts <folder> <haste>`. Told `hold` it keeps it for ever, told `take` it gives
 * it back at once; it says when it has it, or why not. With a haste its clock runs that much faster.
 */
const [folder = '', haste = '1'] = process.argv.slice(2)
const CONNECTION = 'con_lock' as ConnectionId
const HASTE = Number(haste)
const clock: Clock = {
  now: () => Instant.fromEpochMs(Date.now()),
  monotonicMs: () => performance.now() * HASTE,
  after(ms, run) {
    const timer = setTimeout(run, ms / HASTE)
    return () => clearTimeout(timer)
  },
}

async function take(how: string): Promise<void> {
  const { signal } = new AbortController()
  const began = performance.now()
  try {
    await withRefreshLock(folder, CONNECTION, { signal, clock }, async () => {
      process.send?.({ has: true, at: Date.now() })
      if (how === 'hold') await new Promise(() => undefined)
    })
  } catch (error) {
    const ms = (performance.now() - began) * HASTE
    process.send?.(error instanceof AppError ? { code: error.code, message: error.message, ms } : { code: String(error), message: '', ms })
  }
}

process.on('message', message => void take(saidText(message, 'how')))
process.on('disconnect', () => process.exit(0))
process.send?.({ up: true })
