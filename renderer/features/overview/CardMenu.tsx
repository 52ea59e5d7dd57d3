import { Menu } from '@mantine/core'
import type { ConnectionView } from '../../../shared/contract/schemas.ts'
import { useApp } from '../../state/app.ts'
import { openOtherWay, openReconnect } from '../../state/connect.ts'
import { waysIn } from '../../state/connect-steps.ts'
import { connectionName, connectionTitle } from '../../state/connections.ts'
import { setFilter } from '../../state/history.ts'
import { dataOf } from '../../state/remote.ts'
import { go } from '../../state/route.ts'
import { show } from '../../state/surface.ts'
import { Icon } from '../../ui/icons.tsx'
import { runPrimary, runSync, runTest } from './card-actions.ts'

interface MenuProps {
  readonly connection: ConnectionView
  readonly name: string
}

/** Everything that can be done with a connection. */
export function CardMenu({ connection, name }: MenuProps) {
  const connectionId = connection.id
  return (
    <Menu position="bottom-end" shadow="none" width={220}>
      <Menu.Target>
        <button type="button" className="btn icon-only ghost" aria-label={`More for ${connectionTitle(connection, name)}`}>
          <Icon name="more" />
        </button>
      </Menu.Target>
      <Menu.Dropdown>
        {connection.method === 'file' ? null : <Syncing connection={connection} name={name} />}
        <Menu.Item onClick={() => seeHistory(connection)}>Show its history</Menu.Item>
        <Menu.Divider />
        <Menu.Item onClick={() => show({ kind: 'rename', connectionId })}>Rename</Menu.Item>
        <Menu.Item onClick={() => void runPrimary(connection, connectionName(connection, name))} disabled={connection.primary}>
          Set as primary
        </Menu.Item>
        <Menu.Item onClick={() => show({ kind: 'manage', connectionId })}>Accounts and ways in</Menu.Item>
        <OtherWay connection={connection} />
        {connection.method === 'file' ? null : <Ending connection={connection} />}
      </Menu.Dropdown>
    </Menu>
  )
}

function Syncing({ connection, name }: MenuProps) {
  const signedIn = connection.state.kind === 'connected'
  return (
    <>
      <Menu.Item onClick={() => void runTest(connection, name)} disabled={!signedIn}>
        Test connection
      </Menu.Item>
      <Menu.Item onClick={() => void runSync(connection)} disabled={!signedIn || connection.syncing}>
        Sync now
      </Menu.Item>
      <Menu.Item onClick={() => show({ kind: 'schedule', connectionId: connection.id })}>When it syncs</Menu.Item>
      <Menu.Item onClick={() => show({ kind: 'sync-report', connectionId: connection.id })} disabled={!connection.lastSync}>
        Last sync in full
      </Menu.Item>
    </>
  )
}

function Ending({ connection }: Pick<MenuProps, 'connection'>) {
  return (
    <>
      <Menu.Divider />
      <Menu.Item onClick={() => openReconnect(connection)}>Reconnect</Menu.Item>
      <Menu.Item className="danger" onClick={() => show({ kind: 'disconnect', connectionId: connection.id })}>
        Disconnect
      </Menu.Item>
    </>
  )
}

function OtherWay({ connection }: Pick<MenuProps, 'connection'>) {
  const broker = useApp(state => dataOf(state.brokers)?.find(({ id }) => id === connection.broker))
  if (!broker || waysIn(broker, connection.environment).length < 2) return null
  return <Menu.Item onClick={() => openOtherWay(connection)}>Connect another way</Menu.Item>
}

function seeHistory({ id }: ConnectionView) {
  void setFilter({ connectionId: id })
  go('history')
}
