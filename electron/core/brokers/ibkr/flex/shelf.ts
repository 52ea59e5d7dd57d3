import type { Clock } from '../../../ports.ts'
import type { Closable } from '../../adapter.ts'
import type { FlexPeriod, FlexReport } from './service.ts'

/** Statements fetched lately. IBKR makes them once a day, and one serves every account and every page of a sync. */
export interface Shelf extends Closable {
  /** The one on the shelf, the one on its way, or a new one. A failure is not kept. */
  take(period: FlexPeriod | null, fetch: () => Promise<FlexReport>): Promise<FlexReport>
  /** Takes all off: the next one is new. */
  clear(): void
}

const KEPT_MS = 1_800_000
const MOST = 6

export function createShelf(clock: Pick<Clock, 'monotonicMs'>): Shelf {
  const reports = new Map<string, { readonly at: number; readonly report: Promise<FlexReport> }>()
  return {
    take(period, fetch) {
      const key = period === null ? 'saved' : `${period.from}/${period.to}`
      const kept = reports.get(key)
      if (kept && clock.monotonicMs() - kept.at < KEPT_MS) return kept.report
      reports.delete(key)
      const [oldest] = reports.keys()
      if (reports.size >= MOST && oldest !== undefined) reports.delete(oldest)
      const report = fetch()
      reports.set(key, { at: clock.monotonicMs(), report })
      report.catch(() => {
        if (reports.get(key)?.report === report) reports.delete(key)
      })
      return report
    },
    clear: () => reports.clear(),
    close() {
      reports.clear()
      return Promise.resolve()
    },
  }
}
