import type { ConnectionView } from '../../../shared/contract/schemas.ts'
import { formatCount, formatMoment, needsUser, standingOf } from '../../lib/format/index.ts'
import { useNow } from '../../state/clock.ts'
import { isUnderWay, openReconnect, useConnect } from '../../state/connect.ts'
import { useConnections } from '../../state/connections.ts'
import { openImport } from '../../state/imports.ts'
import { show } from '../../state/surface.ts'
import { Button } from '../../ui/Button.tsx'
import { ConnectButton } from '../../ui/ConnectButton.tsx'
import { Icon, type IconName } from '../../ui/icons.tsx'
import { CardMenu } from './CardMenu.tsx'
import { runSync, runTest } from './card-actions.ts'
import { lastSyncWords } from './last-sync.ts'

interface FooterProps {
  readonly connection: ConnectionView
  readonly name: string
}

/** The last result in words, and the one action that helps now. */
export function CardFooter({ connection, name }: FooterProps) {
  return (
    <footer className={connection.lastSync && connection.lastSync.result !== 'success' && !connection.syncing ? 'tall' : undefined}>
      <Result connection={connection} />
      <MainAction connection={connection} name={name} />
      <CardMenu connection={connection} name={name} />
    </footer>
  )
}

const RESULT_ICONS: Readonly<Record<string, IconName>> = { success: 'check', partial: 'half', failed: 'warn' }

function Result({ connection }: { readonly connection: ConnectionView }) {
  const now = useNow(10)
  const progress = useConnections(state => state.progress[connection.id])
  if (connection.syncing) {
    return (
      <output className="result">
        <span>{progress ? `Syncing, ${formatCount(progress.fetched)} read` : 'Syncing'}</span>
      </output>
    )
  }
  if (!connection.lastSync)
    return (
      <div className="result">
        <span>{connection.method === 'file' ? 'Grows with every file' : 'Not synced yet'}</span>
      </div>
    )
  const { result } = connection.lastSync
  const words = lastSyncWords(connection, formatMoment(connection.lastSync.finishedAt, now))
  return (
    <div className={`result ${result}`}>
      <Icon name={RESULT_ICONS[result] ?? 'info'} />
      <span title={words}>{words}</span>
    </div>
  )
}

function MainAction(props: FooterProps) {
  if (props.connection.method === 'file') return <Button onClick={() => openImport(props.connection.broker)}>Import a file</Button>
  return <SyncedAction {...props} />
}

function SyncedAction({ connection, name }: FooterProps) {
  const reconnecting = useConnect(({ step }) => isUnderWay(step) && step.choice.reconnect === connection.id)
  const testing = useConnections(state => state.busy[connection.id] === 'testing')
  const standing = standingOf(connection, useNow(30))
  if (standing.kind === 'locked') return null
  if (needsUser(standing)) {
    return (
      <ConnectButton
        state={reconnecting ? 'connecting' : 'disconnected'}
        word="Sign in"
        brokerName={name}
        onConnect={() => openReconnect(connection)}
      />
    )
  }
  const partial = connection.lastSync !== null && connection.lastSync.result !== 'success'
  return (
    <>
      {partial && !connection.syncing ? (
        <Button
          variant="ghost"
          onClick={() => show({ kind: 'sync-report', connectionId: connection.id })}
          aria-label={`Why the last sync of ${name} is incomplete`}
        >
          Why
        </Button>
      ) : null}
      {partial ? null : (
        <Button variant="ghost" busy={testing} onClick={() => void runTest(connection, name)} aria-label={`Test the connection to ${name}`}>
          Test
        </Button>
      )}
      <Button
        busy={connection.syncing}
        onClick={() => void runSync(connection)}
        aria-label={connection.syncing ? `Syncing ${name}` : `Sync ${name} now`}
      >
        {connection.syncing ? 'Syncing' : 'Sync'}
      </Button>
    </>
  )
}
