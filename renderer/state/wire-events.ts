import type { AppEvent } from '../../shared/contract/events.ts'
import type { Bridge } from '../bridge/index.ts'
import { refreshBrokers, refreshSchedule, refreshStatus } from './app.ts'
import { refreshFlow } from './connect.ts'
import { noteProgress, refreshConnections } from './connections.ts'
import { refreshDesktop } from './desktop.ts'
import { forgetEverything } from './forget.ts'
import { refreshHealth, refreshHealthPage, useHealth } from './health.ts'
import { noteNewActivities } from './history.ts'
import { refreshImports, useImports } from './imports.ts'
import { refreshShownLedger } from './ledger.ts'
import { noteJournalChanged } from './journal.ts'
import { noteNotesChanged } from './journal-notes.ts'
import { isLocked, refreshLock, useLock } from './lock.ts'
import { refreshMail, refreshNotices, useNotices } from './notices.ts'
import { refreshDesk, refreshShownOrders, useOrders, verifyAudit } from './orders.ts'
import { refreshShownPerformance } from './performance.ts'
import { refreshShownPortfolio } from './portfolio.ts'
import { refreshReconciliation } from './reconciliation.ts'
import { refreshRevocations, useRevocations } from './revocations.ts'
import { followSent } from './ticket.ts'
import { refreshShownTrips } from './trip.ts'
import { noteRotation, refreshVault, useVault } from './vault.ts'
import { noteWatchlistChanged } from './watchlist.ts'

/** Runs `work` soon after the first call and not again within `ms`: a busy sync must not redraw every page. */
export function paced(ms: number, work: () => Promise<void>): () => void {
  let timer: ReturnType<typeof setTimeout> | undefined
  let last = -Infinity
  return () => {
    if (timer !== undefined) return
    const wait = Math.max(30, last + ms - performance.now())
    timer = setTimeout(() => {
      timer = undefined
      last = performance.now()
      void work()
    }, wait)
  }
}

/** Reads everything that is on screen again; nothing but the lock while the window is locked. */
export async function refreshAll(): Promise<void> {
  await refreshLock()
  if (isLocked()) return forgetEverything()
  await Promise.all([
    refreshStatus(),
    refreshBrokers(),
    refreshConnections(),
    refreshSchedule(),
    noteNewActivities(),
    refreshFlow(),
    refreshFigures(),
    refreshReconciliation(),
    refreshShownImports(),
    refreshNotices(),
    refreshRevocations(),
    refreshDesktop(),
    noteJournalChanged(),
    noteNotesChanged(),
    noteWatchlistChanged(),
    refreshShownOrders(),
    useHealth.getState().week.status === 'idle' ? refreshHealth() : refreshHealthPage(),
    useVault.getState().status.status === 'idle' ? undefined : refreshVault(),
    useNotices.getState().mail.status === 'idle' ? undefined : refreshMail(),
  ])
}

/** What the ledger and the accounts say, as far as it is on screen. */
async function refreshFigures(): Promise<void> {
  await Promise.all([refreshShownPortfolio(), refreshShownLedger(), refreshShownPerformance(), refreshShownTrips()])
}

/** Where the ledger and the brokers differ, and the figures that say so. */
async function refreshAgreement(): Promise<void> {
  await Promise.all([refreshReconciliation(), refreshShownPortfolio()])
}

async function refreshShownImports(): Promise<void> {
  if (useImports.getState().list.status !== 'idle') await refreshImports()
}

/** True when at least one event between the two was missed. The host starts again at a low number when it restarts. */
export function isGap(last: number | undefined, next: number): boolean {
  return last !== undefined && next !== last + 1
}

/** Turns events into reads: an event says what changed, the stores ask for it. The answer stops it. */
export function wireEvents(bridge: Bridge): () => void {
  const everything = paced(250, refreshAll)
  // Every row is reckoned anew, which takes a while with many.
  const audit = paced(15_000, async () => (useOrders.getState().audit.status === 'idle' ? undefined : verifyAudit()))
  const reads = {
    connections: paced(200, refreshConnections),
    activities: paced(1000, noteNewActivities),
    imports: paced(1000, refreshShownImports),
    portfolio: paced(500, refreshShownPortfolio),
    figures: paced(500, refreshFigures),
    reconciliation: paced(300, refreshAgreement),
    brokers: paced(200, refreshBrokers),
    schedule: paced(200, refreshSchedule),
    status: paced(200, refreshStatus),
    notices: paced(200, refreshNotices),
    revocations: paced(300, async () => (useRevocations.getState().list.status === 'idle' ? undefined : refreshRevocations())),
    health: paced(3000, async () => (useHealth.getState().summary.status === 'idle' ? undefined : refreshHealth())),
    vault: paced(200, async () => (useVault.getState().status.status === 'idle' ? undefined : refreshVault())),
    desktop: paced(200, async () => (isLocked() ? undefined : refreshDesktop())),
    orders: paced(300, async () => {
      audit()
      await Promise.all([refreshShownOrders(), followSent()])
    }),
    desk: paced(300, async () => (useOrders.getState().desk.status === 'idle' ? undefined : refreshDesk())),
    journal: paced(300, async () => void (await Promise.all([noteJournalChanged(), noteNotesChanged()]))),
    watchlist: paced(300, noteWatchlistChanged),
    lock: paced(30, refreshAll),
  }
  let last: number | undefined
  function onEvent(event: AppEvent) {
    if (isGap(last, event.revision)) everything()
    last = event.revision
    switch (event.type) {
      case 'connections.changed':
        reads.revocations()
        reads.health()
        reads.desk()
        return reads.connections()
      case 'flow.changed':
        return void refreshFlow(event.flowId)
      case 'sync.progress':
        return noteProgress(event.connectionId, { accountId: event.accountId, fetched: event.fetched })
      case 'activities.changed':
        reads.imports()
        return reads.activities()
      case 'portfolio.changed':
        reads.connections()
        return reads.portfolio()
      case 'ledger.changed':
        return reads.figures()
      case 'reconciliation.changed':
        return reads.reconciliation()
      case 'orders.changed':
        return reads.orders()
      case 'brokers.changed':
        return reads.brokers()
      case 'schedule.changed':
        reads.connections()
        reads.health()
        return reads.schedule()
      case 'vault.changed':
        reads.connections()
        reads.vault()
        reads.health()
        return reads.status()
      case 'vault.progress':
        return noteRotation({ done: event.done, total: event.total })
      case 'notices.changed':
        return reads.notices()
      case 'journal.changed':
        return reads.journal()
      case 'watchlist.changed':
        return reads.watchlist()
      case 'desktop.changed':
        return reads.desktop()
      case 'lock.changed':
        return reads.lock()
    }
  }
  const stopEvents = bridge.subscribe(onEvent)
  // A window that locks itself forgets at once, not when the core says so.
  const stopLock = useLock.subscribe(({ lock }, before) => {
    if (lock !== before.lock && isLocked()) forgetEverything()
  })
  let lost = false
  const stopStatus = bridge.onStatus(status => {
    if (status.kind === 'connecting') lost ||= status.attempt > 0
    else if (lost) {
      lost = false
      last = undefined
      everything()
    }
  })
  return () => {
    stopEvents()
    stopLock()
    stopStatus()
  }
}
