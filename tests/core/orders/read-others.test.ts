import { describe, expect, test } from 'vitest'
import { lossStops, unreadToday } from '../../../electron/core/orders/loss-of-all.ts'
import { readOthers } from '../../../electron/core/orders/read-others.ts'
import { getAccount } from '../../../electron/core/store/accounts.ts'
import { balancesOf, replaceBalances } from '../../../electron/core/store/balances.ts'
import { sql } from '../../../electron/core/db/sql.ts'
import { insertConnection } from '../../../electron/core/store/connections.ts'
import { positionsOf } from '../../../electron/core/store/positions.ts'
import { firstWorthOf } from '../../../electron/core/store/worth-days.ts'
import { AppError } from '../../../shared/contract/errors.ts'
import { Dec } from '../../../shared/domain/decimal.ts'
import type { AccountId } from '../../../shared/domain/ids.ts'
import { EXCHANGE_ZONE, Instant, toLocalDate } from '../../../shared/domain/time.ts'
import { adopt, connection } from '../store/support.ts'
import { type OrderDesk, orderDesk, positionOf } from './support/order-desk.ts'

const d = Dec.of
const { signal } = new AbortController()
type Balance = OrderDesk['says']['balances'][number]

const balance = ({ clock }: OrderDesk, changes: Partial<Balance> = {}): Balance => ({
  currency: 'USD',
  netLiquidation: d('9500'),
  cash: d('1'),
  buyingPower: null,
  asOf: clock.now(),
  ...changes,
})

function accountOf(desk: OrderDesk, id: AccountId = desk.accountId): NonNullable<ReturnType<typeof getAccount>> {
  const account = getAccount(desk.db.reader, id)
  if (!account) throw new Error('no account')
  return account
}
const own = (desk: OrderDesk) => ({ account: accountOf(desk), environment: desk.connection.environment })
const depsOf = ({ db, deps }: OrderDesk) => ({ reader: db.reader, switches: deps.switches })
const unread = (desk: OrderDesk): AccountId[] => unreadToday(depsOf(desk), own(desk), desk.clock.now()).map(({ id }) => id)
const stops = (desk: OrderDesk, loss: string, balances: readonly Balance[] = []) =>
  lossStops(depsOf(desk), { ...own(desk), loss: d(loss), balances }, desk.clock.now()).map(({ code, details }) => ({ code, details }))

describe('an account that nobody read today', () => {
  test('is read: what it is worth, now and first today, and what it holds', async () => {
    const desk = await orderDesk()
    const { db, clock, otherId } = desk
    desk.says.balances = [balance(desk)]
    desk.says.positions = [positionOf('IBM', '5')]
    await readOthers(desk.core, desk.venues, [{ id: otherId }], { signal })
    expect(desk.asked.toSorted()).toEqual(['balances of key-222', 'positions of key-222'])
    expect(balancesOf(db.reader, otherId)).toMatchObject([{ netLiquidation: '9500', fetchedAt: clock.now() }])
    expect(positionsOf(db.reader, otherId)).toMatchObject([{ symbol: 'IBM', quantity: '5' }])
    expect(firstWorthOf(db.reader, otherId, 'USD', toLocalDate(clock.now(), EXCHANGE_ZONE))).toMatchObject({ netLiquidation: '9500' })
  })

  test('and does not answer is left as it was, which the log says, and the others are read', async () => {
    const desk = await orderDesk()
    const venues = {
      ...desk.venues,
      of: (id: AccountId) => (id === desk.otherId ? Promise.reject(new AppError('net/offline')) : desk.venues.of(id)),
    }
    await readOthers(desk.core, venues, [{ id: desk.otherId }, { id: desk.accountId }], { signal })
    expect(desk.records).toMatchObject([
      { level: 'info', event: 'orders.account-not-read', fields: { accountId: desk.otherId, cause: expect.anything() as unknown } },
    ])
    expect([balancesOf(desk.db.reader, desk.otherId), balancesOf(desk.db.reader, desk.accountId).length]).toEqual([[], 1])
  })

  test('is not read on once nobody waits for it', async () => {
    const desk = await orderDesk()
    const going = readOthers(desk.core, desk.venues, [{ id: desk.otherId }], { signal: AbortSignal.abort() })
    await expect(going).rejects.toMatchObject({ code: 'app/canceled' })
    expect(desk.records).toEqual([])
  })

  test('is the other one, until all of its balances are of today', async () => {
    const desk = await orderDesk()
    const { db, clock, otherId } = desk
    expect(unread(desk)).toEqual([otherId])
    replaceBalances(db.writer, otherId, [balance(desk), balance(desk, { currency: 'EUR' })], clock.now())
    expect(unread(desk)).toEqual([])
    const yesterday = Instant.toEpochMicros(Instant.plus(clock.now(), -86_400_000))
    db.writer.run(sql`UPDATE balances SET fetched_at = ${yesterday} WHERE currency = 'EUR'`)
    expect(unread(desk)).toEqual([otherId])
  })

  test('is none of another environment, and none of files', async () => {
    const desk = await orderDesk()
    const { db, otherId } = desk
    for (const [id, changes] of [
      ['con_live', { environment: 'live' }],
      ['con_file', { method: 'file' }],
    ] as const) {
      insertConnection(db.writer, { ...desk.connection, ...connection(id), ...changes, scopes: ['trading'] })
      adopt(db, connection(id).id, [id])
    }
    const on = { reader: db.reader, switches: { isOn: () => true } }
    expect(unreadToday(on, own(desk), desk.clock.now()).map(({ id }) => id)).toEqual([otherId])
  })
})

describe('the limit for a day of all accounts', () => {
  test('names the account of which nobody knows what it lost', async () => {
    const desk = await orderDesk()
    expect(stops(desk, '0')).toEqual([{ code: 'order/stopped-loss-unknown-all', details: { account: 'Account 222 ••••222' } }])
  })

  test('is converted by the rate between the two currencies, and by that of no others', async () => {
    const desk = await orderDesk()
    const { db, clock, otherId } = desk
    insertConnection(db.writer, { ...connection('con_c'), method: 'api-key' })
    const [third] = adopt(db, connection('con_c').id, ['333'])
    if (!third) throw new Error('no account')
    db.writer.run(sql`UPDATE accounts SET currency = 'EUR' WHERE id = ${otherId}`)
    db.writer.run(sql`UPDATE accounts SET currency = 'CHF', excluded = 1 WHERE id = ${third.id}`)
    const first = balance(desk, { currency: 'EUR', netLiquidation: d('10000') })
    await readOthersSaying(desk, [first])
    replaceBalances(db.writer, otherId, [{ ...first, netLiquidation: d('9000') }], clock.now())
    // In Swiss francs, which nobody asked for.
    const francs = [balance(desk, { currency: 'EUR', toBase: d('0.9') }), balance(desk, { currency: 'USD', toBase: d('0.8') })]
    replaceBalances(db.writer, third.id, francs, clock.now())
    const unknown = [
      {
        code: 'order/stopped-loss-currency',
        details: { account: 'Account 222 ••••222', currency: 'EUR', other: 'USD', environment: 'paper' },
      },
    ]
    expect(stops(desk, '0')).toEqual(unknown)
    expect(
      stops(desk, '0', [balance(desk, { currency: 'GBP', toBase: d('1.3') }), balance(desk, { currency: 'EUR', toBase: null })]),
    ).toEqual(unknown)
    expect(stops(desk, '0', [balance(desk, { currency: 'EUR', toBase: d('-1') })])).toEqual(unknown)
    expect(stops(desk, '0', [balance(desk, { currency: 'EUR', toBase: d('1.1') })])).toMatchObject([
      { code: 'order/stopped-daily-loss-all', details: { value: '1100 USD' } },
    ])
  })
})

/** Has the other account read as worth this. */
async function readOthersSaying(desk: OrderDesk, balances: readonly Balance[]): Promise<void> {
  desk.says.balances = balances
  await readOthers(desk.core, desk.venues, [{ id: desk.otherId }], { signal })
}
