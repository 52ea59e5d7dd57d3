import type { ConnectionView } from '../../../shared/contract/schemas.ts'
import { connectionStatus, plural } from '../../lib/format/index.ts'
import { useNow } from '../../state/clock.ts'
import { connectionName, connectionTitle } from '../../state/connections.ts'
import { show } from '../../state/surface.ts'
import { EnvBadge, StatusWord } from '../../ui/badges.tsx'
import { Button } from '../../ui/Button.tsx'

interface ListProps {
  readonly connections: readonly ConnectionView[]
  readonly name: string
}

/** The connections of a broker, each with its state and the way to manage it. */
export function TileConnections({ connections, name }: ListProps) {
  const now = useNow(10)
  if (connections.length === 0) return null
  return (
    <ul className="tile-connections" aria-label={`Connections to ${name}`}>
      {connections.map(connection => (
        <li key={connection.id} data-connection={connection.id} tabIndex={-1}>
          <div className="grow">
            <p className="row">
              <span className="strong clip">{connectionName(connection, plural(connection.accounts.length, 'account'))}</span>
              <EnvBadge environment={connection.environment} />
              {connection.primary ? <span className="tag">Primary</span> : null}
            </p>
            <StatusWord status={connectionStatus(connection, now)} />
          </div>
          <Button
            onClick={() => show({ kind: 'manage', connectionId: connection.id })}
            aria-label={`Manage ${connectionTitle(connection, name)}`}
          >
            Manage
          </Button>
        </li>
      ))}
    </ul>
  )
}
