import type { ConnectionView, SyncResult } from '../../../shared/contract/schemas.ts'
import { formatCount, formatExact, formatRange } from '../../lib/format/index.ts'
import { useBrokerName } from '../../state/app.ts'
import { syncConnection, useConnections } from '../../state/connections.ts'
import { dataOf } from '../../state/remote.ts'
import { hide, useSurface } from '../../state/surface.ts'
import { Button } from '../../ui/Button.tsx'
import { Dialog } from '../../ui/Dialog.tsx'
import { Icon } from '../../ui/icons.tsx'
import { ErrorNote } from '../../ui/notes.tsx'

/** The last sync of a connection in full: each account, what was asked for and what came back. */
export function SyncReport() {
  const surface = useSurface(state => state.open)
  const connections = useConnections(state => dataOf(state.list))
  const id = surface.kind === 'sync-report' ? surface.connectionId : undefined
  const connection = connections?.find(candidate => candidate.id === id)
  return connection?.lastSync ? <Report connection={connection} sync={connection.lastSync} /> : null
}

const WORDS = {
  success: 'Everything asked for came back',
  partial: 'Some of it did not come back',
  failed: 'Nothing came back',
  canceled: 'It was stopped before its end',
} as const

function Report({ connection, sync }: { readonly connection: ConnectionView; readonly sync: SyncResult }) {
  const name = useBrokerName(connection.broker)
  const again = () => {
    hide()
    void syncConnection(connection.id).catch(() => undefined)
  }
  return (
    <Dialog open title={`Last sync of ${name}`} onClose={hide} size={560}>
      <div className="stack-l">
        <p>
          <span className="strong">{WORDS[sync.result]}.</span> <span className="sub">Finished {formatExact(sync.finishedAt)}.</span>
        </p>
        {sync.error ? <ErrorNote error={sync.error} /> : null}
        <ul className="report">
          {sync.accounts.map(result => (
            <AccountLine key={result.id} result={result} connection={connection} />
          ))}
        </ul>
        <div className="dialog-foot">
          <Button onClick={hide}>Close</Button>
          {connection.state.kind === 'connected' ? (
            <Button variant="primary" onClick={again} disabled={connection.syncing}>
              Sync again
            </Button>
          ) : null}
        </div>
      </div>
    </Dialog>
  )
}

function AccountLine({ result, connection }: { readonly result: SyncResult['accounts'][number]; readonly connection: ConnectionView }) {
  const account = connection.accounts.find(candidate => candidate.id === result.id)
  const ok = result.result === 'success'
  const { requested, returned } = result
  return (
    <li>
      <span className={ok ? 'good' : 'bad'}>
        <Icon name={ok ? 'check' : 'warn'} />
      </span>
      <div className="grow stack">
        <div className="row between wrap">
          <span className="strong">{account ? `${account.name} ${account.maskedNumber}` : 'Account'}</span>
          <span className="stamp">{`${formatCount(result.fetched)} read, ${formatCount(result.new)} new, ${formatCount(result.updated)} updated`}</span>
        </div>
        {result.because ? <p>{result.because}</p> : null}
        {requested ? (
          <p className="stamp">{`Asked for ${formatRange(requested.from, requested.to)}; ${returned ? `came back ${formatRange(returned.from, returned.to)}` : 'nothing came back'}.`}</p>
        ) : null}
        {result.code ? <span className="stamp mono">{result.code}</span> : null}
      </div>
    </li>
  )
}
