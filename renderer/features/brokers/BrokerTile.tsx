import type { BrokerView } from '../../../shared/contract/app.ts'
import type { ConnectionView } from '../../../shared/contract/schemas.ts'
import { assetWords } from '../../lib/format/index.ts'
import { toStep } from '../../state/connect.ts'
import { afterBroker, environmentsOf } from '../../state/connect-steps.ts'
import { useConnections } from '../../state/connections.ts'
import { dataOf } from '../../state/remote.ts'
import { openImport } from '../../state/imports.ts'
import { AccountGuide } from '../../ui/AccountGuide.tsx'
import { BrokerMark } from '../../ui/badges.tsx'
import { Button } from '../../ui/Button.tsx'
import { MethodFacts } from './MethodFacts.tsx'
import { TileConnections } from './TileConnections.tsx'

interface TileProps {
  readonly broker: BrokerView
  readonly brokers: readonly BrokerView[]
}

const NONE: readonly ConnectionView[] = []

/** One broker to set up: what it trades, the ways in and what each needs, the connections there are, and the next step. */
export function BrokerTile({ broker, brokers }: TileProps) {
  const all = useConnections(state => dataOf(state.list)) ?? NONE
  const connections = all.filter(connection => connection.broker === broker.id)
  return (
    <article className="card tile" aria-label={broker.name}>
      <header>
        <BrokerMark broker={broker.id} />
        <div className="grow">
          <h2 className="clip">{broker.name}</h2>
          <small>{assetWords(broker.facts.assetClasses)}</small>
        </div>
        {broker.closed ? <span className="tag">Closed</span> : null}
        {broker.edition.included ? null : <span className="tag premium">Not in this edition</span>}
      </header>
      <div className="tile-body">
        {broker.edition.included ? null : <p className="note info">{broker.edition.sentence}</p>}
        {broker.closed ? <p>{broker.closed.sentence}</p> : null}
        {broker.closed ? null : <MethodFacts broker={broker} />}
        {broker.closed || connections.length > 0 ? null : <AccountGuide broker={broker.id} />}
        <TileConnections connections={connections} name={broker.name} />
      </div>
      <footer>
        {broker.closed ? <ClosedActions broker={broker} brokers={brokers} /> : <OpenActions broker={broker} any={connections.length > 0} />}
      </footer>
    </article>
  )
}

function OpenActions({ broker, any }: { readonly broker: BrokerView; readonly any: boolean }) {
  const offered = broker.edition.included && environmentsOf(broker).length > 0
  return (
    <>
      <span className="grow" />
      <Button variant="ghost" onClick={() => openImport(broker.id)} aria-label={`Import a file of ${broker.name}`}>
        Import a file
      </Button>
      <Button
        variant={any || !offered ? 'default' : 'primary'}
        disabled={!offered}
        onClick={() => toStep(afterBroker(broker))}
        aria-label={`${any ? 'Connect another' : 'Connect'} ${broker.name}`}
      >
        {any ? 'Connect another' : 'Connect'}
      </Button>
    </>
  )
}

function ClosedActions({ broker, brokers }: TileProps) {
  const successor = brokers.find(({ id }) => id === broker.closed?.successor)
  return (
    <>
      <span className="grow" />
      <Button variant="ghost" onClick={() => openImport(broker.id)}>
        Import old history
      </Button>
      {successor ? <Button onClick={() => toStep(afterBroker(successor))}>{`Connect ${shortName(successor.name)}`}</Button> : null}
    </>
  )
}

function shortName(name: string): string {
  return name.replace(/^Charles /, '')
}
