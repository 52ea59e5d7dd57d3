import { useRoute } from '../../state/route.ts'
import { BrokersPage } from '../brokers/BrokersPage.tsx'
import { ConnectDialog } from '../connect/ConnectDialog.tsx'
import { HistoryPage } from '../history/HistoryPage.tsx'
import { ImportPage } from '../imports/ImportPage.tsx'
import { OverviewPage } from '../overview/OverviewPage.tsx'
import { PositionsPage } from '../positions/PositionsPage.tsx'
import { SettingsPage } from '../settings/SettingsPage.tsx'
import { Banners } from './Banners.tsx'
import { DisconnectDialog } from './DisconnectDialog.tsx'
import { LinkLine } from './LinkLine.tsx'
import { ManageDialog } from './ManageDialog.tsx'
import { Palette } from './Palette.tsx'
import { Rail } from './Rail.tsx'
import { RenameDialog } from './RenameDialog.tsx'
import { ShortcutKeys } from './ShortcutKeys.tsx'
import { StartOverDialog } from './StartOverDialog.tsx'
import { SyncReport } from './SyncReport.tsx'
import { TopBar } from './TopBar.tsx'
import { VaultNotice } from './VaultNotice.tsx'
import { HINTS_ID } from '../../ui/Button.tsx'

const PAGES = {
  overview: OverviewPage,
  history: HistoryPage,
  positions: PositionsPage,
  brokers: BrokersPage,
  import: ImportPage,
  settings: SettingsPage,
} as const

/** The frame: rail, top bar, the page, and what may lie over it. */
export function App() {
  const page = useRoute(state => state.page)
  const Shown = PAGES[page]
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
        {page === 'overview' ? <Banners /> : null}
        <Shown />
      </main>
      <section id={HINTS_ID} aria-label="Hints" />
      <ConnectDialog />
      <DisconnectDialog />
      <RenameDialog />
      <ManageDialog />
      <StartOverDialog />
      <SyncReport />
      <Palette />
      <ShortcutKeys />
    </div>
  )
}

function skipToMain(event: { preventDefault: () => void }) {
  event.preventDefault()
  document.getElementById('main')?.focus()
}
