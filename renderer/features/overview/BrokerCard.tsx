import type { ConnectionView } from '../../../shared/contract/schemas.ts'
import { connectionStatus, methodWord, needsUser, standingOf, tokenText } from '../../lib/format/index.ts'
import { useBrokerName, useMethodLabel } from '../../state/app.ts'
import { useNow } from '../../state/clock.ts'
import { openReconnect } from '../../state/connect.ts'
import { connectionName, connectionTitle } from '../../state/connections.ts'
import { BrokerMark, EnvBadge, LifeBar, PrimaryStar, StatusWord, TokenStatusBadge } from '../../ui/badges.tsx'
import { Icon } from '../../ui/icons.tsx'
import { Accounts } from './Accounts.tsx'
import { CardFooter } from './CardFooter.tsx'
import { WaysIn } from './WaysIn.tsx'

/** One connection: who it is, how its sign-in stands, its ways in, what its accounts hold, how the last sync went. */
export function BrokerCard({ connection }: { readonly connection: ConnectionView }) {
  const name = useBrokerName(connection.broker)
  const attn = needsUser(standingOf(connection, useNow(30)))
  return (
    <article
      className={attn ? 'card attn' : 'card'}
      data-connection={connection.id}
      tabIndex={-1}
      aria-label={connectionTitle(connection, name)}
    >
      <Header connection={connection} name={name} />
      <div>
        {connection.method === 'file' ? <FromFiles /> : <TokenLine connection={connection} name={name} />}
        <WaysIn connection={connection} />
        <Accounts connection={connection} />
      </div>
      <CardFooter connection={connection} name={name} />
    </article>
  )
}

interface PartProps {
  readonly connection: ConnectionView
  readonly name: string
}

function Header({ connection, name }: PartProps) {
  const label = useMethodLabel(connection.broker, connection.method)
  const own = connection.method === 'oauth' ? methodWord('oauth') : label
  const method = connection.methods.length > 1 ? `${connection.methods.length} ways in` : own
  const status = connectionStatus(connection, useNow(10))
  return (
    <header>
      <BrokerMark broker={connection.broker} />
      <div className="grow">
        <h2 className="clip">{connectionName(connection, name)}</h2>
        <small className="card-who">
          <StatusWord status={status} />
          <span className="clip">{connection.label === '' ? method : `${name}, ${method}`}</span>
        </small>
      </div>
      {connection.primary ? <PrimaryStar /> : null}
      <EnvBadge environment={connection.environment} />
    </header>
  )
}

function FromFiles() {
  return <p className="token stamp">Its history comes from files you imported. Nothing is synced and there is no sign-in.</p>
}

function TokenLine({ connection, name }: PartProps) {
  const text = tokenText(connection, name, useNow(1))
  // Several ways in say themselves how they stand; without a deadline there is nothing to add.
  const plain = text.kind === 'ok' || text.kind === 'due'
  if (connection.methods.length > 1 && plain && text.badge === 'no-expiry' && connection.trouble === null) return null
  return (
    <div className="token">
      <div className="row between">
        <TokenStatusBadge text={text} onReconnect={() => openReconnect(connection)} />
        <span className="stamp">{text.stamp}</span>
      </div>
      <LifeBar text={text} />
      {text.detail && text.detail !== connection.trouble?.message ? (
        <p className="trouble">
          <Icon name="info" />
          <span>{text.detail}</span>
        </p>
      ) : null}
      {connection.trouble ? (
        <p className="trouble">
          <Icon name="info" />
          <span>
            {connection.trouble.message} {connection.trouble.action}
            {connection.trouble.brokerSays ? <q className="says">{connection.trouble.brokerSays}</q> : null}
          </span>
        </p>
      ) : null}
    </div>
  )
}
