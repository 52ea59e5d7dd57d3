import type { ConnectionView } from '../../shared/contract/schemas.ts'
import { tradingAt } from '../../shared/domain/market-calendar.ts'
import { type QuietHours, quietUntil } from '../../shared/domain/sync-schedule.ts'
import { Instant } from '../../shared/domain/time.ts'
import { formatWeekdayTime } from './format/index.ts'

type Planned = Pick<ConnectionView, 'schedule' | 'nextSyncAt'>

interface Plan {
  readonly nextAt: Instant
  readonly quiet: QuietHours | null
  readonly connections: readonly Planned[]
}

/** Runs that wait for an opening or for the end of the quiet hours come within this after it. */
const SPREAD_MS = 600_000
const MINUTE_MS = 60_000
const MARKETS = [
  { market: 'us', words: 'markets closed' },
  { market: 'week', words: 'futures closed' },
] as const

/** Why the next background sync is as far away as it is: `markets closed until Monday 09:30 ET`. Null where nothing special is waited for. */
export function waitReason({ nextAt, quiet, connections }: Plan, now: Instant): string | null {
  const over = quiet && quietUntil(quiet, Instant.plus(nextAt, -2 * MINUTE_MS))
  if (over && isSoonAfter(nextAt, over)) return `quiet hours until ${formatWeekdayTime(over, now)}`
  const next = connections.find(connection => connection.nextSyncAt === nextAt) ?? earliest(connections)
  if (!next?.schedule.marketHours || next.schedule.every === 'daily') return null
  for (const { market, words } of MARKETS) {
    const open = tradingAt(market, now)?.open
    if (open && Instant.isBefore(now, open) && isSoonAfter(nextAt, open)) return `${words} until ${formatWeekdayTime(open, now)}`
  }
  return null
}

function isSoonAfter(at: Instant, moment: Instant): boolean {
  const later = Instant.msBetween(moment, at)
  return later >= 0 && later <= SPREAD_MS
}

function earliest(connections: readonly Planned[]): Planned | undefined {
  return connections
    .filter(({ nextSyncAt }) => nextSyncAt !== null)
    .toSorted((a, b) => ((a.nextSyncAt ?? '') < (b.nextSyncAt ?? '') ? -1 : 1))[0]
}
