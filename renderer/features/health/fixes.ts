import type { FixView } from '../../../shared/contract/health.ts'
import { assertNever } from '../../lib/assert-never.ts'
import { pauseSync, unlockVault, useApp } from '../../state/app.ts'
import { openReconnect } from '../../state/connect.ts'
import { syncConnection, testConnection, useConnections } from '../../state/connections.ts'
import { backUpNow, refreshHealth } from '../../state/health.ts'
import { retryRevocation } from '../../state/revocations.ts'
import { dataOf } from '../../state/remote.ts'
import { show } from '../../state/surface.ts'
import { toast } from '../../state/toast.ts'

/** Does what the button of a finding says, and reads the findings again. Rejects with BridgeError. */
export async function runFix(fix: FixView): Promise<void> {
  await act(fix)
  await refreshHealth()
}

async function act({ kind, connectionId, revocationId }: FixView): Promise<void> {
  const connection = dataOf(useConnections.getState().list)?.find(({ id }) => id === connectionId)
  switch (kind) {
    case 'reconnect':
      return connection ? openReconnect(connection) : undefined
    case 'sync':
      return connection ? void (await syncConnection(connection.id)) : undefined
    case 'retry':
      return connection ? void (await testConnection(connection.id)) : undefined
    case 'unlock': {
      const { state, notice } = await unlockVault()
      return toast(state === 'open' ? 'Keelson syncs again.' : (notice ?? ''), state === 'open' ? 'The vault is open' : 'Still locked')
    }
    case 'resume':
      return pauseSync(!(dataOf(useApp.getState().schedule)?.paused ?? true))
    case 'backup':
      return toast((await backUpNow()) ? 'The copy is in the backups folder.' : 'Today\u2019s copy was there already.', 'Backed up')
    case 'end-access': {
      const ended = revocationId !== undefined && (await retryRevocation(revocationId))
      return toast(ended ? 'The broker ended it.' : 'Keelson asks again by itself.', ended ? 'Access ended' : 'Not yet')
    }
    case 'open':
      return show({ kind: 'diagnostics' })
    default:
      return assertNever(kind)
  }
}
