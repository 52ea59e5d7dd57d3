import { useEffect } from 'react'
import { formatMoment } from '../../lib/format/index.ts'
import { useNow } from '../../state/clock.ts'
import { dataOf } from '../../state/remote.ts'
import { askQuotes, askQuotesWhenDue, QUOTES_EVERY_MS, refreshWatchlist, useWatchlist } from '../../state/watchlist.ts'
import { Button } from '../../ui/Button.tsx'
import { EmptyState, ErrorNote } from '../../ui/notes.tsx'
import { RowsPart } from '../../ui/Part.tsx'
import { WatchHeld } from './WatchHeld.tsx'
import { AddSymbol } from './AddSymbol.tsx'
import { WatchTable } from './WatchTable.tsx'

/** What the user keeps an eye on, with quotes and their age. */
export function WatchlistPage() {
  useEffect(() => {
    void refreshWatchlist()
  }, [])
  useQuotesWhileVisible()
  return (
    <div className="page fill">
      <div className="page-head">
        <Head />
        <div className="row wrap">
          <AddSymbol />
          <RefreshButton />
        </div>
      </div>
      <section className="panel hist-panel table-panel" aria-label="Watchlist">
        <Rows />
      </section>
    </div>
  )
}

/** Asks every minute while the page can be seen; in the background nothing is asked. */
function useQuotesWhileVisible() {
  useEffect(() => {
    const ask = () => {
      if (document.visibilityState === 'visible') void askQuotesWhenDue()
    }
    ask()
    const timer = setInterval(ask, QUOTES_EVERY_MS / 12)
    document.addEventListener('visibilitychange', ask)
    return () => {
      clearInterval(timer)
      document.removeEventListener('visibilitychange', ask)
    }
  }, [])
}

function Head() {
  const askedAt = useWatchlist(state => state.askedAt)
  const now = useNow(30)
  return (
    <div>
      <h1>Watchlist</h1>
      <p className="sub">
        {askedAt === null
          ? 'Quotes of the best connected broker.'
          : `Quotes of the best connected broker, asked ${formatMoment(askedAt, now)}; every minute while this is open.`}
      </p>
    </div>
  )
}

function RefreshButton() {
  const asking = useWatchlist(state => state.asking)
  const none = useWatchlist(state => dataOf(state.list)?.length === 0)
  return (
    <Button icon="sync" busy={asking} disabled={none} onClick={() => void askQuotes()}>
      Refresh
    </Button>
  )
}

function Rows() {
  const list = useWatchlist(state => state.list)
  const problem = useWatchlist(state => state.problem)
  const now = useNow(30)
  return (
    <RowsPart
      of={list}
      now={now}
      label="Loading the watchlist"
      heights={Array.from({ length: 6 }, () => 24)}
      onRetry={() => void refreshWatchlist()}
    >
      {rows =>
        rows.length === 0 ? (
          <EmptyState icon="watchlist" title="Nothing is watched yet" action={<WatchHeld />}>
            Add a stock, an option by its OCC symbol, a pair such as BTC/USD or a future such as /ESZ26. Each shows who quotes it and how
            old the quote is.
          </EmptyState>
        ) : (
          <>
            {problem ? (
              <div className="panel-pad">
                <ErrorNote error={problem} onRetry={() => void askQuotes()} />
              </div>
            ) : null}
            <WatchTable rows={rows} />
          </>
        )
      }
    </RowsPart>
  )
}
