import type { AppEvent } from '../../shared/contract/events.ts'
import type { DeskView } from '../../shared/contract/orders.ts'
import type { Clock } from '../core/ports.ts'
import type { Ask } from './ask.ts'
import { nextLookMs } from './tray-clock.ts'
import type { OpenFacts, TrayFacts } from './tray-model.ts'

export interface TrayWatchDeps {
  readonly ask: Ask
  readonly subscribe: (listener: (event: AppEvent) => void) => () => void
  readonly clock: Pick<Clock, 'now' | 'monotonicMs' | 'after'>
  readonly isSafeMode: boolean
  /** Of an update that is ready to be installed; null without one. */
  readonly updateVersion: () => string | null
  /** True where countdowns in the menu have to be followed. */
  readonly isMenuWritten: boolean
  readonly onFacts: (facts: TrayFacts) => void
}

export interface TrayWatch {
  /** Reads everything again, soon. */
  look(): void
  stop(): void
}

/** Events come in bursts; what a burst changed is read once after it. */
const SETTLE_MS = 400
/** During a long sync there is always something new: what is read that often would hold up the sync. */
const REST_MS = 1_500
/** These change nothing the tray shows. */
const QUIET: ReadonlySet<AppEvent['type']> = new Set([
  'sync.progress',
  'activities.changed',
  'portfolio.changed',
  'ledger.changed',
  'reconciliation.changed',
  'journal.changed',
  'watchlist.changed',
  'flow.changed',
  'vault.progress',
])

/**
 * Keeps what the tray shows up to date: reads after events, and by one timer that runs only while something in the tray changes by the
 * clock alone. Asks the core as a window would, so that the app lock holds here too.
 */
export function createTrayWatch({ ask, subscribe, clock, isSafeMode, updateVersion, isMenuWritten, onFacts }: TrayWatchDeps): TrayWatch {
  let facts: TrayFacts = { kind: 'starting' }
  let stopTimer = (): void => undefined
  let stopSettling: (() => void) | null = null
  let reads = 0
  let isReading = false
  /** Something happened since the reading under way began. */
  let isOld = false
  let readAtMs = -REST_MS
  let isStopped = false

  function show(next: TrayFacts): void {
    facts = next
    stopTimer()
    onFacts(facts)
    const wait = nextLookMs(facts, clock.now(), { isWritten: isMenuWritten })
    // What was read stays true: only the clock has moved on.
    if (wait !== null) stopTimer = clock.after(wait, () => show(facts))
  }

  async function read(): Promise<void> {
    reads += 1
    const own = reads
    isReading = true
    isOld = false
    readAtMs = clock.monotonicMs()
    const found = await readFacts({ ask, isSafeMode, updateVersion })
    // Only a lock that closed or opened meanwhile makes it untrue.
    if (own !== reads || isStopped) return
    isReading = false
    show(found)
    if (isOld) look()
  }

  /** A reading under way is waited for: where the core is slower than its events, none would ever be shown. */
  function look(): void {
    isOld = true
    if (isReading) return
    const wait = Math.max(SETTLE_MS, REST_MS - (clock.monotonicMs() - readAtMs))
    stopSettling ??= clock.after(wait, () => {
      stopSettling = null
      if (!isReading) void read()
    })
  }

  const forget = subscribe(({ type }) => {
    if (QUIET.has(type)) return
    if (type !== 'lock.changed') return look()
    // Whether it closed is known only after asking; until then nothing is named.
    if (facts.kind === 'open') show({ kind: 'locked' })
    void read()
  })
  void read()
  return {
    look,
    stop() {
      isStopped = true
      forget()
      stopTimer()
      stopSettling?.()
    },
  }
}

function tradingOf({ kill, connections, requests }: DeskView): OpenFacts['trading'] {
  if (!kill.on && !connections.some(({ rules }) => rules !== null)) return null
  return { isStopped: kill.on, waiting: connections.reduce((sum, { unknown }) => sum + unknown, requests) }
}

async function readFacts({
  ask,
  isSafeMode,
  updateVersion,
}: Pick<TrayWatchDeps, 'ask' | 'isSafeMode' | 'updateVersion'>): Promise<TrayFacts> {
  const [connections, brokers, schedule, notices, health, desk] = await Promise.all([
    ask('connections.list', {}),
    ask('brokers.list', {}),
    ask('sync.schedule', {}),
    ask('notices.list', {}),
    ask('health.summary', {}),
    ask('orders.desk', {}),
  ])
  const answers = [connections, brokers, schedule, notices, health]
  const failed = answers.find(answer => !answer.ok)
  if (failed && !failed.ok && failed.error.code === 'app/locked') return { kind: 'locked' }
  if (!connections.ok || !brokers.ok || !schedule.ok || !notices.ok || !health.ok)
    return { kind: 'failed', message: failed && !failed.ok ? failed.error.message : '' }
  const names = new Map(brokers.data.map(({ id, name }) => [id, name]))
  return {
    kind: 'open',
    connections: connections.data,
    brokerName: broker => names.get(broker) ?? broker,
    severity: health.data.severity,
    paused: schedule.data.paused,
    nextAt: schedule.data.nextAt,
    unread: notices.data.unread,
    // How orders stand is one line of the tray: without it the others are true all the same.
    trading: desk.ok ? tradingOf(desk.data) : null,
    isSafeMode,
    updateVersion: updateVersion(),
  }
}
