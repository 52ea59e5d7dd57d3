import { type ReactNode, useEffect } from 'react'
import type { ResultView } from '../../../shared/contract/ledger.ts'
import { formatMoment } from '../../lib/format/index.ts'
import { useNow } from '../../state/clock.ts'
import { openConnect } from '../../state/connect.ts'
import { useConnections } from '../../state/connections.ts'
import { useShownEnvironment } from '../../state/environment.ts'
import { useLedger } from '../../state/ledger.ts'
import { refreshPart, refreshPerformance, setResultFilter, shownCurrency, usePerformance } from '../../state/performance.ts'
import { dataOf } from '../../state/remote.ts'
import { show } from '../../state/surface.ts'
import { EnvBadge } from '../../ui/badges.tsx'
import { Button } from '../../ui/Button.tsx'
import { EmptyState } from '../../ui/notes.tsx'
import { Part } from '../../ui/Part.tsx'
import { Panels } from './Panels.tsx'
import { ResultExport } from './ResultExport.tsx'
import { ResultFilters } from './ResultFilters.tsx'

/** What was made and lost, by day, symbol and tag. `trip` shows the round trip that is opened. */
export function PerformancePage({ trip }: { readonly trip: ReactNode }) {
  const environment = useShownEnvironment()
  const isKnown = useConnections(state => state.list.status === 'ready')
  const totals = usePerformance(state => state.totals)
  const now = useNow(30)
  useEffect(() => {
    if (isKnown) void refreshPerformance()
  }, [environment, isKnown])
  return (
    <div className="page">
      <Head />
      {environment === undefined && isKnown ? (
        <NoAccounts />
      ) : (
        <>
          <ResultFilters />
          <Part of={totals} now={now} label="Loading the results" heights={[98, 260, 200]} onRetry={() => void refreshPart.totals()}>
            {data => <Results totals={data} />}
          </Part>
        </>
      )}
      {trip}
    </div>
  )
}

function Head() {
  const status = useLedger(state => dataOf(state.status))
  const environment = useShownEnvironment()
  const now = useNow(30)
  const computed = status?.computedAt ? `, worked out ${formatMoment(status.computedAt, now)}` : ''
  return (
    <div className="page-head">
      <div>
        <h1 className="row">Performance {environment ? <EnvBadge environment={environment} /> : null}</h1>
        <p className="sub">{`From the lots of your own history${computed}. Days are the exchange’s, in ET.`}</p>
      </div>
      <div className="row wrap">
        <Button onClick={() => show({ kind: 'lot-methods' })}>Lot methods</Button>
        <ResultExport />
      </div>
    </div>
  )
}

function Results({ totals }: { readonly totals: readonly ResultView[] }) {
  const currency = usePerformance(state => shownCurrency(totals, state.currency))
  const isFiltered = usePerformance(state => Object.keys(state.filter).length > 0)
  const result = totals.find(one => one.currency === currency)
  if (!result) return isFiltered ? <Nothing /> : <NoResults />
  return <Panels result={result} />
}

function Nothing() {
  return (
    <section className="panel">
      <EmptyState
        icon="search"
        title="Nothing matches"
        action={<Button onClick={() => void setResultFilter({})}>Clear all filters</Button>}
      >
        Nothing was closed and nothing paid that fits all of these filters.
      </EmptyState>
    </section>
  )
}

function NoResults() {
  return (
    <section className="panel">
      <EmptyState icon="performance" title="No result yet">
        Results begin with the first closing, dividend or fee in the history. Open positions are worth something on the Positions page.
      </EmptyState>
    </section>
  )
}

function NoAccounts() {
  return (
    <section className="panel">
      <EmptyState
        icon="performance"
        title="Your results will be here"
        action={
          <Button variant="primary" icon="plus" onClick={openConnect}>
            Connect a broker
          </Button>
        }
      >
        What you made and lost by day, instrument and tag, worked out from every fill, fee and dividend of your accounts.
      </EmptyState>
    </section>
  )
}
