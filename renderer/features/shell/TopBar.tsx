import type { QuietHours } from '../../../shared/domain/sync-schedule.ts'
import { Instant } from '../../../shared/domain/time.ts'
import { errorViewOf } from '../../state/failure.ts'
import { formatCountdown, formatExact } from '../../lib/format/index.ts'
import { IS_MAC } from '../../lib/keys.ts'
import { waitReason } from '../../lib/wait-reason.ts'
import { pauseSync, useApp } from '../../state/app.ts'
import { useNow } from '../../state/clock.ts'
import { syncable, syncAll, useConnections } from '../../state/connections.ts'
import { useIsSafeMode } from '../../state/desktop.ts'
import { dataOf } from '../../state/remote.ts'
import { show } from '../../state/surface.ts'
import { Button, IconButton, Tip } from '../../ui/Button.tsx'
import { Icon, KeelsonMark } from '../../ui/icons.tsx'
import { toastError } from '../../state/toast.ts'
import { NoticeBell } from '../notices/NoticeBell.tsx'
import { KillSwitch } from '../orders/KillSwitch.tsx'

const FIND = IS_MAC ? '⌘K' : 'Ctrl K'

/** The line above every page: find anything, see when the next sync comes, sync now. */
export function TopBar() {
  return (
    <header className="topline">
      <div className="brand">
        <KeelsonMark />
        <span>Keelson</span>
      </div>
      <div className="top">
        <button type="button" className="cmd" onClick={() => show({ kind: 'palette' })} aria-keyshortcuts="Control+K Meta+K">
          <Icon name="search" />
          <span className="grow clip">Search symbols, accounts, actions</span>
          <kbd aria-hidden="true">{FIND}</kbd>
        </button>
        <span className="grow wide-only" />
        <Schedule />
        <KillSwitch />
        <NoticeBell />
        <SyncAll />
      </div>
    </header>
  )
}

function Schedule() {
  const schedule = useApp(state => dataOf(state.schedule))
  const connected = useConnections(state => (dataOf(state.list)?.length ?? 0) > 0)
  const isSafeMode = useIsSafeMode()
  if (!schedule || !connected) return null
  // Nothing comes by itself then, so there is nothing to pause.
  if (isSafeMode) return <span className="next">No background sync in safe mode</span>
  const { paused } = schedule
  const toggle = () => void pauseSync(!paused).catch((error: unknown) => toastError(errorViewOf(error)))
  return (
    <>
      {paused ? (
        <span className="next">Background sync paused</span>
      ) : schedule.nextAt ? (
        <NextSync at={schedule.nextAt} quiet={schedule.quiet} />
      ) : null}
      <Button className="wide-only" onClick={toggle} aria-label={paused ? 'Resume background sync' : 'Pause background sync'}>
        {paused ? 'Resume' : 'Pause'}
      </Button>
      <IconButton
        className="narrow-only"
        icon={paused ? 'play' : 'pause'}
        label={paused ? 'Resume background sync' : 'Pause background sync'}
        onClick={toggle}
      />
    </>
  )
}

function NextSync({ at, quiet }: { readonly at: Instant; readonly quiet: QuietHours | null }) {
  const now = useNow(1)
  const left = Instant.msBetween(now, at)
  const connections = useConnections(state => dataOf(state.list)) ?? []
  const why = waitReason({ nextAt: at, quiet, connections }, now)
  return (
    <Tip text={`Next background sync ${formatExact(at)}${why ? `: ${why}` : ''}`}>
      <span className={why ? 'next next-why' : 'next'}>
        <span>{left > 0 ? `Next sync in ${formatCountdown(left)}` : 'Next sync is due'}</span>
        {why ? <small>{why}</small> : null}
      </span>
    </Tip>
  )
}

function SyncAll() {
  const waiting = useConnections(state => syncable(state.list).length)
  const syncing = useConnections(state => dataOf(state.list)?.some(connection => connection.syncing) ?? false)
  const any = useConnections(state => (dataOf(state.list)?.length ?? 0) > 0)
  if (!any) return null
  return (
    <Button variant="primary" busy={syncing && waiting === 0} disabled={!syncing && waiting === 0} onClick={() => void syncAll()}>
      {syncing && waiting === 0 ? 'Syncing' : 'Sync all'}
    </Button>
  )
}
