import { useState } from 'react'
import type { ErrorView } from '../../../shared/contract/errors.ts'
import type { AccountView, ConnectionView } from '../../../shared/contract/schemas.ts'
import { formatMoney } from '../../lib/format/index.ts'
import { useBrokerName } from '../../state/app.ts'
import { connectionTitle, excludeAccount, useConnections } from '../../state/connections.ts'
import { errorViewOf } from '../../state/failure.ts'
import { dataOf } from '../../state/remote.ts'
import { hide, useSurface } from '../../state/surface.ts'
import { Button } from '../../ui/Button.tsx'
import { Dialog } from '../../ui/Dialog.tsx'
import { ErrorNote } from '../../ui/notes.tsx'
import { ManageWays } from './ManageWays.tsx'
import { ScheduleForm } from './ScheduleForm.tsx'

/** The accounts of a connection, which of them count, and its ways in. */
export function ManageDialog() {
  const surface = useSurface(state => state.open)
  const connections = useConnections(state => dataOf(state.list))
  const id = surface.kind === 'manage' ? surface.connectionId : undefined
  const connection = connections?.find(candidate => candidate.id === id)
  return connection ? <Manage key={connection.id} connection={connection} /> : null
}

function Manage({ connection }: { readonly connection: ConnectionView }) {
  const name = useBrokerName(connection.broker)
  return (
    <Dialog open title={connectionTitle(connection, name)} onClose={hide} size={560}>
      <div className="stack-l">
        <section className="stack" aria-label="Accounts">
          <h3>Accounts</h3>
          <p className="sub">An excluded account is neither synced nor counted in the totals. Its history stays.</p>
          {connection.accounts.length === 0 ? <p className="stamp">Accounts appear after the first sync.</p> : null}
          <ul className="manage">
            {connection.accounts.map(account => (
              <AccountRow key={account.id} account={account} />
            ))}
          </ul>
        </section>
        {connection.method === 'file' ? null : (
          <section className="stack" aria-label="When it syncs">
            <h3>When it syncs</h3>
            <ScheduleForm connection={connection} />
          </section>
        )}
        {connection.method === 'file' ? null : <ManageWays connection={connection} />}
      </div>
    </Dialog>
  )
}

function AccountRow({ account }: { readonly account: AccountView }) {
  const [busy, setBusy] = useState(false)
  const [error, setError] = useState<ErrorView | null>(null)
  async function toggle() {
    setBusy(true)
    setError(null)
    try {
      await excludeAccount(account.id, !account.excluded)
    } catch (failure) {
      setError(errorViewOf(failure))
    }
    setBusy(false)
  }
  return (
    <li className={account.excluded ? 'excluded' : undefined}>
      <div className="row wrap">
        <span className="grow clip">
          <span className="stamp num">{account.maskedNumber}</span> {account.name}
        </span>
        {account.excluded ? <span className="tag">excluded</span> : null}
        {account.netLiquidation === null || account.excluded ? null : (
          <span className="num">{formatMoney(account.netLiquidation, account.currency)}</span>
        )}
        <Button
          busy={busy}
          onClick={() => void toggle()}
          aria-label={`${account.excluded ? 'Include' : 'Exclude'} ${account.name} ${account.maskedNumber}`}
        >
          {account.excluded ? 'Include' : 'Exclude'}
        </Button>
      </div>
      {error ? <ErrorNote error={error} /> : null}
    </li>
  )
}
