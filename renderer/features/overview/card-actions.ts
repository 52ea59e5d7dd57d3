import type { ConnectionView } from '../../../shared/contract/schemas.ts'
import { formatCount, plural } from '../../lib/format/index.ts'
import { makePrimary, syncConnection, testConnection } from '../../state/connections.ts'
import { errorViewOf } from '../../state/failure.ts'
import { toast, toastError } from '../../state/toast.ts'

/** Tests a connection and says what came of it. */
export async function runTest(connection: ConnectionView, name: string) {
  try {
    const { accounts, ms } = await testConnection(connection.id)
    toast(`${name} answered in ${formatCount(ms)} ms and shows ${plural(accounts, 'account')}.`, 'The connection works')
  } catch (error) {
    toastError(errorViewOf(error))
  }
}

/** Syncs a connection; a failure is said, a result shows on the card. */
export async function runSync(connection: ConnectionView) {
  try {
    await syncConnection(connection.id)
  } catch (error) {
    toastError(errorViewOf(error))
  }
}

/** Makes a connection the first one. */
export async function runPrimary(connection: ConnectionView, name: string) {
  try {
    await makePrimary(connection.id)
    toast('It comes first from now on, unless another needs a sign-in.', `${name} is the primary connection`)
  } catch (error) {
    toastError(errorViewOf(error))
  }
}
