import { useApp } from './app.ts'
import { closeConnect } from './connect.ts'
import { useConnections } from './connections.ts'
import { useDesktop } from './desktop.ts'
import { useEnvironment } from './environment.ts'
import { useHealth } from './health.ts'
import { useHistory } from './history.ts'
import { useImports } from './imports.ts'
import { useLedger } from './ledger.ts'
import { useJournal } from './journal.ts'
import { useJournalEditor } from './journal-editor.ts'
import { useNotes } from './journal-notes.ts'
import { useJournalPictures } from './journal-pictures.ts'
import { useNotices } from './notices.ts'
import { useOrders } from './orders.ts'
import { usePerformance } from './performance.ts'
import { usePortfolio } from './portfolio.ts'
import { useReconciliation } from './reconciliation.ts'
import { useRevocations } from './revocations.ts'
import { hide } from './surface.ts'
import { useTicket } from './ticket.ts'
import { clearToasts } from './toast.ts'
import { useTrip } from './trip.ts'
import { useVault } from './vault.ts'
import { useWatchlist } from './watchlist.ts'

interface Resettable<S> {
  readonly getInitialState: () => S
  readonly setState: (state: S, replace: true) => void
}

function reset<S>(store: Resettable<S>): void {
  store.setState(store.getInitialState(), true)
}

/** Forgets everything this window has read, as if it had just been opened: a locked window holds nothing to look at. */
export function forgetEverything(): void {
  closeConnect()
  hide()
  clearToasts()
  reset(useApp)
  reset(useConnections)
  reset(useDesktop)
  reset(useEnvironment)
  reset(useHealth)
  reset(useHistory)
  reset(useImports)
  reset(useLedger)
  reset(useJournal)
  reset(useJournalEditor)
  reset(useNotes)
  reset(useJournalPictures)
  reset(useNotices)
  reset(useOrders)
  reset(usePerformance)
  reset(usePortfolio)
  reset(useReconciliation)
  reset(useRevocations)
  reset(useTicket)
  reset(useTrip)
  reset(useVault)
  reset(useWatchlist)
}
