import { describe, expect, test } from 'vitest'
import { createConnect } from '../../../electron/core/services/connect.ts'
import type { ConnectionId } from '../../../shared/domain/ids.ts'
import { tempDatabase } from '../../support/data-folder.ts'
import { stepClock } from '../net/support/step-clock.ts'
import { withAccounts } from '../store/support.ts'

const id = 'con_1' as ConnectionId

/** A sign-in that shows an account of somebody else while a run is or is not under way. */
async function refusedDuring(underWay: boolean): Promise<ConnectionId[]> {
  const db = tempDatabase()
  withAccounts(db, { [id]: ['12345678'] })
  const planned: ConnectionId[] = []
  const stranger = { key: 'b', number: '99999999', name: 'Other', type: 'margin', currency: 'USD' }
  const connect = createConnect({
    db,
    desk: { broker: () => ({ name: 'Alpaca' }), adapter: () => ({ accounts: () => Promise.resolve([stranger]) }) },
    ways: { stored: () => [{ method: 'oauth' }] },
    keepers: { of: () => () => undefined, close: () => Promise.resolve() },
    clock: stepClock(),
    stopSync: () => Promise.resolve(underWay),
    onConnected: (connected: ConnectionId) => void planned.push(connected),
  } as never)
  const request = { broker: 'alpaca', environment: 'paper', scopes: [], reconnect: id, candidate: { method: 'oauth' } }
  await expect(connect({ ...request, signal: new AbortController().signal } as never)).rejects.toMatchObject({ code: 'auth/other-account' })
  return planned
}

describe('a sign-in that is refused', () => {
  test('has the sync it stopped run again', async () => expect(await refusedDuring(true)).toEqual([id]))
  test('plans nothing when it stopped none', async () => expect(await refusedDuring(false)).toEqual([]))
})
