import { useEffect } from 'react'
import { assertNever } from '../../lib/assert-never.ts'
import { environmentWord, formatMoment, plural } from '../../lib/format/index.ts'
import { useNow } from '../../state/clock.ts'
import { openConnect } from '../../state/connect.ts'
import { useConnections } from '../../state/connections.ts'
import { chooseEnvironment, environmentsOf, useShownEnvironment } from '../../state/environment.ts'
import { errorViewOf, isCanceled } from '../../state/failure.ts'
import { exportLedger } from '../../state/ledger-export.ts'
import { refreshGrouped, usePortfolio } from '../../state/portfolio.ts'
import { dataOf } from '../../state/remote.ts'
import { toast, toastError } from '../../state/toast.ts'
import { EnvBadge } from '../../ui/badges.tsx'
import { Button } from '../../ui/Button.tsx'
import { ExportMenu } from '../../ui/ExportMenu.tsx'
import { EmptyState, ErrorNote, Skeletons, StaleNote } from '../../ui/notes.tsx'
import { Segments } from '../../ui/Segments.tsx'
import { PositionsTable } from './PositionsTable.tsx'
import { oldestStamp } from './sort.ts'

/** What the accounts hold now, each instrument once over all brokers. */
export function PositionsPage() {
  const grouped = usePortfolio(state => state.grouped)
  const environment = useShownEnvironment()
  const isKnown = useConnections(state => state.list.status === 'ready')
  useEffect(() => {
    if (isKnown) void refreshGrouped()
  }, [environment, isKnown])
  return (
    <div className="page fill">
      <Head />
      {(() => {
        switch (grouped.status) {
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
                <ErrorNote error={grouped.error} onRetry={() => void refreshGrouped()} />
              </div>
            )
          case 'ready':
            return grouped.data.length === 0 ? <None /> : <Ready />
          default:
            return assertNever(grouped)
        }
      })()}
    </div>
  )
}

function Head() {
  const rows = usePortfolio(state => dataOf(state.grouped))
  const environment = useShownEnvironment()
  const present = environmentsOf(useConnections(state => state.list))
  const now = useNow(30)
  const stamps = rows ? oldestStamp(rows) : undefined
  return (
    <div className="page-head">
      <div>
        <h1 className="row">Positions {environment ? <EnvBadge environment={environment} /> : null}</h1>
        <p className="sub">
          {rows && stamps
            ? `${plural(rows.length, 'instrument')} over all brokers. Oldest figure as of ${formatMoment(stamps.asOf, now)}, fetched ${formatMoment(stamps.fetchedAt, now)}.`
            : 'What your accounts hold, as the brokers state it, beside the lots of the ledger.'}
        </p>
      </div>
      <div className="row wrap">
        {present.length > 1 && environment ? (
          <Segments
            label="Whose positions"
            value={environment}
            options={present.map(value => ({ value, label: environmentWord(value) }))}
            onChange={chooseEnvironment}
          />
        ) : null}
        <ExportMenu options={EXPORTS} disabled={!rows || rows.length === 0} onRun={run} />
      </div>
    </div>
  )
}

const EXPORTS = [
  { value: 'positions csv', label: 'Positions', hint: 'CSV' },
  { value: 'positions json', label: 'Positions', hint: 'JSON' },
  { value: 'lots csv', label: 'Open lots', hint: 'CSV' },
  { value: 'lots json', label: 'Open lots', hint: 'JSON' },
] as const

async function run(value: (typeof EXPORTS)[number]['value'], signal: AbortSignal, onRows: (rows: number) => void) {
  try {
    const what = value.startsWith('lots') ? 'lots' : 'positions'
    const saved = await exportLedger({ what, format: value.endsWith('csv') ? 'csv' : 'json', filter: {} }, signal, onRows)
    if (saved) toast(`${plural(saved.rows, 'row')} written to ${saved.name}.`, what === 'lots' ? 'Lots exported' : 'Positions exported')
  } catch (error) {
    if (!isCanceled(error)) toastError(errorViewOf(error))
  }
}

function Ready() {
  const grouped = usePortfolio(state => state.grouped)
  const now = useNow(30)
  if (grouped.status !== 'ready') return null
  return (
    <section className="panel table-panel" aria-label="Positions">
      {grouped.problem ? (
        <div className="panel-pad">
          <StaleNote error={grouped.problem} readAt={grouped.readAt} now={now} onRetry={() => void refreshGrouped()} />
        </div>
      ) : null}
      <PositionsTable rows={grouped.data} stale={grouped.problem !== null} />
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
          : 'Quantity, cost, value and gain of everything your accounts hold, over all brokers, down to each lot.'}
      </EmptyState>
    </section>
  )
}
