import { type ReactNode, useEffect } from 'react'
import type { ActivityRow } from '../../../shared/contract/schemas.ts'
import { useNow } from '../../state/clock.ts'
import { openConnect } from '../../state/connect.ts'
import { useConnections } from '../../state/connections.ts'
import { isFiltered, refreshCounts, refreshHistory, setFilter, useHistory } from '../../state/history.ts'
import { dataOf } from '../../state/remote.ts'
import { Button } from '../../ui/Button.tsx'
import { EmptyState } from '../../ui/notes.tsx'
import { RowsPart } from '../../ui/Part.tsx'
import { ActivityDetail } from './ActivityDetail.tsx'
import { ExportButton } from './ExportButton.tsx'
import { Filters } from './Filters.tsx'
import { HistoryHead } from './HistoryHead.tsx'
import { HistoryTable } from './HistoryTable.tsx'

interface HistoryProps {
  /** What the ledger makes of the open row. */
  readonly ledger: (activity: ActivityRow) => ReactNode
}

/** The trade history: newest first, as far back as the brokers go. */
export function HistoryPage({ ledger }: HistoryProps) {
  useEffect(() => {
    if (useHistory.getState().pages.status === 'idle') void refreshHistory()
    void refreshCounts()
  }, [])
  return (
    <div className="page fill">
      <div className="page-head">
        <HistoryHead />
        <ExportButton />
      </div>
      <div className="two">
        <section className="panel hist-panel" aria-label="Activities">
          <Filters />
          <FreshLine />
          <Rows />
        </section>
        <ActivityDetail ledger={ledger} />
      </div>
    </div>
  )
}

function Rows() {
  const pages = useHistory(state => state.pages)
  const now = useNow(30)
  return (
    <RowsPart
      of={pages}
      now={now}
      label="Loading the history"
      heights={Array.from({ length: 12 }, () => 22)}
      onRetry={() => void refreshHistory()}
    >
      {(data, stale) => (data.rows.length === 0 ? <Nothing /> : <HistoryTable data={data} stale={stale} />)}
    </RowsPart>
  )
}

function Nothing() {
  const filter = useHistory(state => state.filter)
  const connections = useConnections(state => dataOf(state.list)) ?? []
  if (isFiltered(filter)) {
    return (
      <EmptyState icon="search" title="Nothing matches" action={<Button onClick={() => void setFilter({})}>Clear all filters</Button>}>
        No activity fits all of these filters. Symbols match exactly; words match the beginning of a word.
      </EmptyState>
    )
  }
  if (connections.length === 0) {
    return (
      <EmptyState
        icon="history"
        title="Your trades will be here"
        action={
          <Button variant="primary" icon="plus" onClick={openConnect}>
            Connect a broker
          </Button>
        }
      >
        Trades, dividends, fees and transfers of every connected account, on this machine, searchable.
      </EmptyState>
    )
  }
  const syncing = connections.some(connection => connection.syncing)
  return (
    <EmptyState icon="history" title={syncing ? 'The first sync is under way' : 'No activity yet'}>
      {syncing ? 'Rows appear here as they are saved.' : 'The connected accounts show no activity. New trades appear after the next sync.'}
    </EmptyState>
  )
}

function FreshLine() {
  const fresh = useHistory(state => state.fresh)
  if (!fresh) return null
  return (
    <output className="fresh">
      <span>The history changed while you were reading.</span>
      <Button onClick={() => void refreshHistory()}>Show the newest</Button>
    </output>
  )
}
