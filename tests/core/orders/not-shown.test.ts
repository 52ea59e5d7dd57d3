import { expect, test } from 'vitest'
import { createGate } from '../../../electron/core/orders/gate.ts'
import { createReadiness, type ReadinessDeps } from '../../../electron/core/orders/readiness.ts'
import type { SyncResult } from '../../../shared/contract/schemas.ts'
import { scriptedVenue } from './support/scripted-venue.ts'

test('A sync that went well does not open entry where no way in shows the orders of the account', async () => {
  const { core, venue, accountId } = await scriptedVenue()
  const gate = createGate(core.db)
  const told: ((result: SyncResult) => void)[] = []
  const sync = {
    onResult(listener: (result: SyncResult) => void) {
      told.push(listener)
      return () => undefined
    },
  }
  createReadiness({ core, gate, sync } as unknown as ReadinessDeps)
  const syncs = (code?: string): void => {
    const account = { id: accountId, result: 'success', ...(code === undefined ? {} : { code }) }
    for (const listener of told) listener({ connectionId: venue.connection.id, accounts: [account] } as unknown as SyncResult)
  }
  syncs('order/not-shown')
  expect(gate.isOpen(accountId)).toBe(false)
  syncs()
  expect(gate.isOpen(accountId)).toBe(true)
})
