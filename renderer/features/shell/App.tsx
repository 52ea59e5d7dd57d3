import { Notifications } from '@mantine/notifications'
import { useLock } from '../../state/lock.ts'
import { dataOf } from '../../state/remote.ts'
import { type Page, useRoute } from '../../state/route.ts'
import { AboutDialog } from '../about/AboutDialog.tsx'
import { BrokersPage } from '../brokers/BrokersPage.tsx'
import { ConnectDialog } from '../connect/ConnectDialog.tsx'
import { DesktopBanners } from '../desktop/DesktopBanners.tsx'
import { ThisComputer } from '../desktop/ThisComputer.tsx'
import { UpdateDialog } from '../desktop/UpdateDialog.tsx'
import { DiagnosticsDialog } from '../health/DiagnosticsDialog.tsx'
import { HealthPage } from '../health/HealthPage.tsx'
import { HistoryPage } from '../history/HistoryPage.tsx'
import { ImportPage } from '../imports/ImportPage.tsx'
import { ActivityNotes } from '../journal/ActivityNotes.tsx'
import { JournalPage } from '../journal/JournalPage.tsx'
import { SubjectNotes } from '../journal/SubjectNotes.tsx'
import { Differences } from '../ledger/Differences.tsx'
import { LedgerNotes } from '../ledger/LedgerNotes.tsx'
import { LotMethods } from '../ledger/LotMethods.tsx'
import { OpeningLotDialog } from '../ledger/OpeningLotDialog.tsx'
import { LockDialogs } from '../lock/LockDialogs.tsx'
import { LockScreen } from '../lock/LockScreen.tsx'
import { LockSettings } from '../lock/LockSettings.tsx'
import { NoticeDrawer } from '../notices/NoticeDrawer.tsx'
import { KillBanner } from '../orders/KillSwitch.tsx'
import { OrdersPage } from '../orders/OrdersPage.tsx'
import { OrderSurfaces } from '../orders/OrderSurfaces.tsx'
import { OverviewPage } from '../overview/OverviewPage.tsx'
import { PerformancePage } from '../performance/PerformancePage.tsx'
import { PositionsPage } from '../positions/PositionsPage.tsx'
import { SettingsPage } from '../settings/SettingsPage.tsx'
import { FillLedger } from '../trips/FillLedger.tsx'
import { TripDrawer } from '../trips/TripDrawer.tsx'
import { PassphraseDialog } from '../vault/PassphraseDialog.tsx'
import { VaultCare } from '../vault/VaultCare.tsx'
import { WatchlistPage } from '../watchlist/WatchlistPage.tsx'
import { Banners } from './Banners.tsx'
import { DisconnectDialog } from './DisconnectDialog.tsx'
import { LinkLine } from './LinkLine.tsx'
import { ManageDialog } from './ManageDialog.tsx'
import { Palette } from './Palette.tsx'
import { Pending } from './Pending.tsx'
import { Rail } from './Rail.tsx'
import { RenameDialog } from './RenameDialog.tsx'
import { ScheduleDialog } from './ScheduleDialog.tsx'
import { ScreenActs } from './ScreenActs.tsx'
import { ShortcutKeys } from './ShortcutKeys.tsx'
import { StartOverDialog } from './StartOverDialog.tsx'
import { SyncReport } from './SyncReport.tsx'
import { TopBar } from './TopBar.tsx'
import { VaultNotice } from './VaultNotice.tsx'
import { HINTS_ID } from '../../ui/Button.tsx'

const PAGES = {
  overview: OverviewPage,
  positions: PositionsPage,
  performance: () => (
    <PerformancePage
      trip={
        <TripDrawer
          notes={({ id, openDay, symbol }) => <SubjectNotes subject={{ kind: 'trip', tripId: id }} day={openDay} symbol={symbol} />}
        />
      }
    />
  ),
  history: () => (
    <HistoryPage
      ledger={activity => (
        <>
          <FillLedger activity={activity} />
          <ActivityNotes activity={activity} />
        </>
      )}
    />
  ),
  orders: OrdersPage,
  journal: JournalPage,
  watchlist: WatchlistPage,
  brokers: BrokersPage,
  import: ImportPage,
  health: () => <HealthPage vault={<VaultCare />} />,
  settings: () => <SettingsPage computer={<ThisComputer />} lock={<LockSettings />} vault={<VaultCare />} />,
} as const

/** Pages of figures the ledger works out. */
const FIGURES: ReadonlySet<Page> = new Set<Page>(['overview', 'positions', 'performance'])

/** The whole window: the lock's screen and nothing else while it is locked. */
export function App() {
  const locked = useLock(state => dataOf(state.lock)?.locked === true)
  return locked ? <LockScreen /> : <Frame />
}

/** The frame: rail, top bar, the page, and what may lie over it. */
function Frame() {
  const page = useRoute(state => state.page)
  const Shown = PAGES[page]
  // Nothing is asked for before it is known that it may be shown.
  const known = useLock(({ lock }) => lock.status === 'ready' || lock.status === 'failed')
  return (
    <div className="app">
      <a className="skip" href="#main" onClick={skipToMain}>
        Skip to content
      </a>
      <TopBar />
      <Rail page={page} />
      <main className="main" id="main" tabIndex={-1} key={page}>
        <LinkLine />
        <VaultNotice />
        <DesktopBanners />
        <KillBanner />
        {page === 'overview' ? <Banners /> : null}
        {page === 'overview' || page === 'health' ? <Pending /> : null}
        {known && FIGURES.has(page) ? <LedgerNotes page={page} /> : null}
        {known ? <Shown /> : null}
      </main>
      <section id={HINTS_ID} aria-label="Hints" />
      <ConnectDialog />
      <DisconnectDialog />
      <RenameDialog />
      <ManageDialog />
      <StartOverDialog />
      <SyncReport />
      <ScheduleDialog />
      <Differences />
      <OpeningLotDialog />
      <LotMethods />
      <DiagnosticsDialog />
      <OrderSurfaces />
      <LockDialogs />
      <PassphraseDialog />
      <NoticeDrawer />
      <AboutDialog />
      <UpdateDialog />
      <Palette />
      <ShortcutKeys />
      <ScreenActs />
      <Notifications position="bottom-right" limit={3} />
    </div>
  )
}

function skipToMain(event: { preventDefault: () => void }) {
  event.preventDefault()
  document.getElementById('main')?.focus()
}
