import type { BrokerView } from '../../../shared/contract/app.ts'
import { assertNever } from '../../lib/assert-never.ts'
import { plural } from '../../lib/format/index.ts'
import { refreshBrokers, useApp } from '../../state/app.ts'
import { useNow } from '../../state/clock.ts'
import { openConnect } from '../../state/connect.ts'
import { exploreSandbox, useConnections } from '../../state/connections.ts'
import { dataOf } from '../../state/remote.ts'
import { Button } from '../../ui/Button.tsx'
import { EmptyState, ErrorNote, Skeletons, StaleNote } from '../../ui/notes.tsx'
import { BrokerTile } from './BrokerTile.tsx'
import { Comparison } from './Comparison.tsx'

/** Every broker Keelson knows: what each needs, how long a sign-in lasts, and how they compare. */
export function BrokersPage() {
  const brokers = useApp(state => state.brokers)
  return (
    <div className="page">
      <Head />
      {(() => {
        switch (brokers.status) {
          case 'idle':
          case 'loading':
            return <Skeletons heights={[250, 250, 320]} label="Loading the brokers" />
          case 'failed':
            return <ErrorNote error={brokers.error} onRetry={() => void refreshBrokers()} />
          case 'ready':
            return <Ready brokers={brokers.data} />
          default:
            return assertNever(brokers)
        }
      })()}
    </div>
  )
}

function Head() {
  const brokers = useApp(state => dataOf(state.brokers))
  const connected = useConnections(state => new Set(dataOf(state.list)?.map(({ broker }) => broker)).size)
  const exploring = useConnections(state => state.exploring)
  return (
    <div className="page-head">
      <div>
        <h1>Brokers</h1>
        <p className="sub">
          {brokers
            ? `${plural(brokers.length, 'broker')}, ${connected === 0 ? 'none' : connected} with a connection.`
            : 'What can be connected, and how.'}
        </p>
      </div>
      <div className="row wrap">
        <Button icon="flask" busy={exploring} onClick={() => void exploreSandbox()}>
          {exploring ? 'Connecting the sandbox brokers' : 'Explore the sandbox'}
        </Button>
        <Button variant="primary" icon="plus" onClick={openConnect}>
          Connect a broker
        </Button>
      </div>
    </div>
  )
}

function Ready({ brokers }: { readonly brokers: readonly BrokerView[] }) {
  const remote = useApp(state => state.brokers)
  const exploreError = useConnections(state => state.exploreError)
  const problem = remote.status === 'ready' ? remote.problem : null
  const now = useNow(30)
  if (brokers.length === 0) {
    return (
      <section className="panel">
        <EmptyState icon="brokers" title="No brokers" action={<Button onClick={() => void refreshBrokers()}>Read again</Button>}>
          This build of Keelson offers none. A file can still be imported.
        </EmptyState>
      </section>
    )
  }
  return (
    <>
      {exploreError ? <ErrorNote error={exploreError} onRetry={() => void exploreSandbox()} /> : null}
      {problem && remote.status === 'ready' ? (
        <StaleNote error={problem} readAt={remote.readAt} now={now} onRetry={() => void refreshBrokers()} />
      ) : null}
      <section className={problem ? 'tiles stale' : 'tiles'} aria-label="Set up a broker">
        {brokers.map(broker => (
          <BrokerTile key={broker.id} broker={broker} brokers={brokers} />
        ))}
      </section>
      <Comparison brokers={brokers} />
    </>
  )
}
