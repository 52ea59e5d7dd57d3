import type { NoticeView } from '../../../shared/contract/notices.ts'
import { assertNever } from '../../lib/assert-never.ts'
import { unlockVault } from '../../state/app.ts'
import { openReconnect } from '../../state/connect.ts'
import { syncConnection, useConnections } from '../../state/connections.ts'
import { errorViewOf } from '../../state/failure.ts'
import { markRead } from '../../state/notices.ts'
import { dataOf } from '../../state/remote.ts'
import { go } from '../../state/route.ts'
import { hide } from '../../state/surface.ts'
import { toast, toastError } from '../../state/toast.ts'

/** Does what the button of a notice says; the notice counts as read. */
export function runNoticeAction(notice: NoticeView): void {
  hide()
  const work = Promise.all([act(notice), markRead(notice.readAt === null ? [notice.id] : [])])
  void work.catch((error: unknown) => toastError(errorViewOf(error)))
}

async function act({ action: { kind }, connectionId }: NoticeView): Promise<void> {
  const connection = dataOf(useConnections.getState().list)?.find(({ id }) => id === connectionId)
  switch (kind) {
    case 'reconnect':
      return connection ? openReconnect(connection) : go('overview')
    case 'sync': {
      if (!connection) return go('overview')
      const { result } = await syncConnection(connection.id)
      return result === 'success' ? toast('Everything asked for came back.', 'Synced') : go('overview')
    }
    case 'unlock': {
      const { state, notice } = await unlockVault()
      return toast(state === 'open' ? 'Keelson syncs again.' : (notice ?? ''), state === 'open' ? 'The vault is open' : 'Still locked')
    }
    case 'open-health':
      return go('health')
    case 'open-orders':
      return go('orders')
    case 'open-overview':
      return go('overview')
    default:
      return assertNever(kind)
  }
}
