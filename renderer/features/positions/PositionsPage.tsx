import { useEffect } from 'react'
import { assertNever } from '../../lib/assert-never.ts'
import { formatMoment, plural } from '../../lib/format/index.ts'
import { useNow } from '../../state/clock.ts'
import { openConnect } from '../../state/connect.ts'
import { useConnections } from '../../state/connections.ts'
import { refreshPositions, usePortfolio } from '../../state/portfolio.ts'
import { dataOf } from '../../state/remote.ts'
import { Button } from '../../ui/Button.tsx'
import { EmptyState, ErrorNote, Skeletons, StaleNote } from '../../ui/notes.tsx'
import { PositionsTable } from './PositionsTable.tsx'
import { oldestStamp } from './sort.ts'

/** What the accounts hold now. */
export function PositionsPage() {
  const positions = usePortfolio(state => state.positions)
  useEffect(() => {
    void refreshPositions()
  }, [])
  return (
    <div className="page fill">
      <Head />
      {(() => {
        switch (positions.status) {
          case 'idle':
          case 'loading':
            return (
              <section className="panel panel-pad">
                <Skeletons heights={Array.from({ length: 10 }, () => 22)} label="Loading the positions" />
              </section>
            )
          case 'failed':
            return (
              <div>
                <ErrorNote error={positions.error} onRetry={() => void refreshPositions()} />
              </div>
            )
          case 'ready':
            return positions.data.length === 0 ? <None /> : <Ready />
          default:
            return assertNever(positions)
        }
      })()}
    </div>
  )
}

function Head() {
  const rows = usePortfolio(state => dataOf(state.positions))
  const now = useNow(30)
  const stamps = rows ? oldestStamp(rows) : undefined
  return (
    <div className="page-head">
      <div>
        <h1>Positions</h1>
        <p className="sub">
          {rows && stamps
            ? `${plural(rows.length, 'position')}. Oldest figure as of ${formatMoment(stamps.asOf, now)}, fetched ${formatMoment(stamps.fetchedAt, now)}.`
            : 'What your accounts hold, as the brokers state it.'}
        </p>
      </div>
    </div>
  )
}

function Ready() {
  const positions = usePortfolio(state => state.positions)
  const now = useNow(30)
  if (positions.status !== 'ready') return null
  return (
    <section className="panel table-panel" aria-label="Positions">
      {positions.problem ? (
        <div className="panel-pad">
          <StaleNote error={positions.problem} readAt={positions.readAt} now={now} onRetry={() => void refreshPositions()} />
        </div>
      ) : null}
      <PositionsTable rows={positions.data} stale={positions.problem !== null} />
    </section>
  )
}

function None() {
  const any = useConnections(state => (dataOf(state.list)?.length ?? 0) > 0)
  return (
    <section className="panel">
      <EmptyState
        icon="positions"
        title={any ? 'No open positions' : 'Your holdings will be here'}
        action={
          any ? undefined : (
            <Button variant="primary" icon="plus" onClick={openConnect}>
              Connect a broker
            </Button>
          )
        }
      >
        {any
          ? 'The connected accounts hold nothing but cash. Positions are read with every sync.'
          : 'Quantity, price, value and gain of everything your accounts hold, each with its own moment.'}
      </EmptyState>
    </section>
  )
}
