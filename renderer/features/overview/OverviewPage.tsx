import type { ConnectionView } from '../../../shared/contract/schemas.ts'
import { formatMoment, plural } from '../../lib/format/index.ts'
import { assertNever } from '../../lib/assert-never.ts'
import { byAttention } from '../../state/attention.ts'
import { useNow } from '../../state/clock.ts'
import { openConnect } from '../../state/connect.ts'
import { exploreSandbox, refreshConnections, useConnections } from '../../state/connections.ts'
import { netLiquidation } from '../../state/totals.ts'
import { Button } from '../../ui/Button.tsx'
import { ErrorNote, Skeletons, StaleNote } from '../../ui/notes.tsx'
import { Breakdown } from './Breakdown.tsx'
import { BrokerCard } from './BrokerCard.tsx'
import { ExploreButton, FirstRun } from './FirstRun.tsx'
import { Kpis } from './Kpis.tsx'

/** Every broker at a glance: what needs the user comes first. */
export function OverviewPage() {
  const list = useConnections(state => state.list)
  const now = useNow(10)
  switch (list.status) {
    case 'idle':
    case 'loading':
      return (
        <div className="page">
          <h1>Overview</h1>
          <Skeletons heights={[98, 240]} label="Loading the overview" />
        </div>
      )
    case 'failed':
      return (
        <div className="page">
          <h1>Overview</h1>
          <ErrorNote error={list.error} onRetry={() => void refreshConnections()} />
        </div>
      )
    case 'ready':
      if (list.data.length === 0) return <FirstRun />
      return (
        <div className="page">
          <Head connections={list.data} />
          {list.problem ? (
            <StaleNote error={list.problem} readAt={list.readAt} now={now} onRetry={() => void refreshConnections()} />
          ) : null}
          <ExploreLine />
          <div className={list.problem ? 'stack-l stale' : 'stack-l'}>
            <Kpis connections={list.data} />
            <Cards connections={list.data} />
            <Breakdown />
          </div>
        </div>
      )
    default:
      return assertNever(list)
  }
}

function ExploreLine() {
  const exploring = useConnections(state => state.exploring)
  const error = useConnections(state => state.exploreError)
  if (error) return <ErrorNote error={error} onRetry={() => void exploreSandbox()} />
  return exploring ? <output className="stamp">Connecting the sandbox brokers, each through its own sign-in.</output> : null
}

function Head({ connections }: { readonly connections: readonly ConnectionView[] }) {
  const now = useNow(10)
  const accounts = connections.flatMap(connection => connection.accounts).filter(({ excluded }) => !excluded).length
  const figures = netLiquidation(connections)
  const stamps =
    figures?.asOf && figures.fetchedAt
      ? ` Figures as of ${formatMoment(figures.asOf, now)}, fetched ${formatMoment(figures.fetchedAt, now)}.`
      : ''
  return (
    <div className="page-head">
      <div>
        <h1>Overview</h1>
        <p className="sub">{`${plural(connections.length, 'connection')}, ${plural(accounts, 'account')}.${stamps}`}</p>
      </div>
      <Button icon="plus" onClick={openConnect}>
        Connect a broker
      </Button>
    </div>
  )
}

/** With this many connections nobody has to be shown how to add one: the button on top does. */
const ENOUGH = 3

function Cards({ connections }: { readonly connections: readonly ConnectionView[] }) {
  const now = useNow(30)
  const sandboxed = connections.some(connection => connection.environment === 'sandbox')
  return (
    <section className="cards" aria-label="Connections">
      {byAttention(connections, now).map(connection => (
        <BrokerCard key={connection.id} connection={connection} />
      ))}
      {connections.length < ENOUGH ? (
        <div className="card add">
          <div>
            <p className="strong">Another broker</p>
            <p className="stamp">{sandboxed ? 'Live or paper, with your own sign-in.' : 'Or try one that is simulated on this machine.'}</p>
            <div className="row wrap">
              <Button icon="plus" onClick={openConnect}>
                Connect
              </Button>
              {sandboxed ? null : <ExploreButton variant="ghost" />}
            </div>
          </div>
        </div>
      ) : null}
    </section>
  )
}
