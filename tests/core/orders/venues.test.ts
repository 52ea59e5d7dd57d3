import { describe, expect, test } from 'vitest'
import type { Broker, BrokerAdapter } from '../../../electron/core/brokers/adapter.ts'
import { brokers } from '../../../electron/core/brokers/registry.ts'
import { createVenues } from '../../../electron/core/orders/venues.ts'
import { setExcluded } from '../../../electron/core/store/accounts.ts'
import { insertConnection, removeConnection, setConnectionState } from '../../../electron/core/store/connections.ts'
import { AccountIdSchema } from '../../../shared/contract/schemas.ts'
import type { Environment } from '../../../shared/domain/broker.ts'
import { AT, tempDatabase } from '../../support/data-folder.ts'
import { adopt, connection } from '../store/support.ts'

const trading = {}
const taking = { trading } as unknown as BrokerAdapter

function house({
  environment = 'paper',
  adapter = taking,
  broker = brokers.alpaca,
}: { environment?: Environment; adapter?: BrokerAdapter; broker?: Broker } = {}) {
  const db = tempDatabase()
  const made = { ...connection('con_a'), environment }
  insertConnection(db.writer, made)
  const [account] = adopt(db, made.id, ['111'])
  if (!account) throw new Error('no account')
  const started: string[] = []
  const ensureSandbox = (): Promise<void> => Promise.resolve(void started.push('simulators'))
  const venues = createVenues({ reader: db.reader, broker: () => broker, adapterFor: () => adapter, ensureSandbox })
  return { db, venues, account, started, id: made.id }
}

describe('the way to the broker of an account', () => {
  test('is its connection, with what it takes of orders', async () => {
    const { venues, account, started, id } = house()
    expect(await venues.of(account.id)).toMatchObject({ account, connection: { id }, broker: { name: 'Alpaca' }, adapter: taking })
    const venue = await venues.forOrders(account.id)
    expect(venue.trading).toBe(trading)
    expect(venue.rules).toBe(brokers.alpaca.can.trading)
    expect(started).toEqual([])
  })

  test('in the sandbox starts the simulators first', async () => {
    const { venues, account, started } = house({ environment: 'sandbox' })
    await venues.of(account.id)
    expect(started).toEqual(['simulators'])
  })

  test('is none for an account nobody knows and one whose connection was removed, and for one that was left out none for orders', async () => {
    const { db, venues, account, id } = house()
    await expect(venues.of(AccountIdSchema.parse('acc_nobody'))).rejects.toMatchObject({ code: 'app/not-found' })
    setExcluded(db.writer, account.id, true)
    await expect(venues.forOrders(account.id)).rejects.toMatchObject({ code: 'app/not-found' })
    expect((await venues.of(account.id)).account.id).toBe(account.id)
    setExcluded(db.writer, account.id, false)
    removeConnection(db.writer, id, AT)
    await expect(venues.forOrders(account.id)).rejects.toMatchObject({ code: 'app/not-found' })
  })

  test('needs a sign-in, or the vault', async () => {
    const { db, venues, account, id } = house()
    setConnectionState(db.writer, id, { kind: 'needs-sign-in', because: 'revoked', since: AT })
    await expect(venues.of(account.id)).rejects.toMatchObject({ code: 'auth/sign-in-needed', details: { broker: 'Alpaca' } })
    setConnectionState(db.writer, id, { kind: 'needs-sign-in', because: 'vault-locked', since: AT })
    await expect(venues.of(account.id)).rejects.toMatchObject({ code: 'vault/locked' })
  })

  test('is not one for orders where this way in or the broker takes none', async () => {
    const reports = house({ adapter: { trading: null } as unknown as BrokerAdapter })
    await expect(reports.venues.forOrders(reports.account.id)).rejects.toMatchObject({
      code: 'order/not-offered',
      details: { broker: 'Alpaca' },
    })
    const closed = house({ broker: { ...brokers.alpaca, can: { ...brokers.alpaca.can, trading: null } } })
    await expect(closed.venues.forOrders(closed.account.id)).rejects.toMatchObject({ code: 'order/not-offered' })
    expect((await closed.venues.of(closed.account.id)).account.id).toBe(closed.account.id)
  })
})
