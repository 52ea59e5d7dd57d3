import { expect, test } from 'vitest'
import { createElsewhere, type WorkingElsewhere } from '../../../electron/core/orders/open-value-of-all.ts'
import type { Venues } from '../../../electron/core/orders/venues.ts'
import { scriptedWeb } from '../brokers/ibkr/support/scripted-web.ts'
import { getAccount } from '../../../electron/core/store/accounts.ts'
import { orderDesk } from './support/order-desk.ts'

const { signal } = new AbortController()
const settled = (): Promise<void> => new Promise(resolve => setImmediate(resolve))
const KEYS = Array.from({ length: 12 }, (_, at) => `DU${1_000_001 + at}`)

test('what works in a dozen accounts of one IBKR session is read in time, though its list may be asked for once in five seconds', async () => {
  const desk = await orderDesk()
  const { adapter, clock } = scriptedWeb(
    'gateway',
    ({ path }) => (path === '/iserver/accounts' ? { accounts: KEYS } : path === '/iserver/account/orders' ? { orders: [] } : undefined),
    { paced: true },
  )
  // The code behind it is loaded with the first call.
  await adapter.accounts({ signal })
  const keys = [...KEYS]
  const venues: Venues = {
    ...desk.venues,
    async of(id) {
      const venue = await desk.venues.of(id)
      return { ...venue, adapter, account: { ...venue.account, brokerKey: keys.shift() ?? '' } }
    },
  }
  const other = getAccount(desk.db.reader, desk.otherId)
  if (!other) throw new Error('no account')
  const read = createElsewhere({ ...desk.core, clock }, venues)
  let found: readonly WorkingElsewhere[] | null = null
  void read(
    KEYS.map(() => other),
    { signal, again: false },
  ).then(all => (found = all))
  for (let second = 0; second < 20; second += 1) {
    await settled()
    clock.advance(1000)
  }
  await settled()
  const isRead = (found ?? []).map(({ reading }: WorkingElsewhere) => reading !== null)
  expect(isRead).toEqual(KEYS.map(() => true))
})
