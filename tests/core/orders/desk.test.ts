import { describe, expect, test } from 'vitest'
import { brokers } from '../../../electron/core/brokers/registry.ts'
import { deskView } from '../../../electron/core/orders/desk.ts'
import { setExcluded } from '../../../electron/core/store/accounts.ts'
import { insertConnection, setConnectionState, setLabel } from '../../../electron/core/store/connections.ts'
import { insertIntent } from '../../../electron/core/store/order-intents.ts'
import { AppError } from '../../../shared/contract/errors.ts'
import type { DeskView } from '../../../shared/contract/orders.ts'
import { connection } from '../store/support.ts'
import { limitDraft } from './support/order-books.ts'
import { type OrderDesk, orderDesk } from './support/order-desk.ts'

const { trading } = brokers.alpaca.can
function view({ db, deps }: OrderDesk, broker = brokers.alpaca): DeskView {
  const { kill, gate, arming, switches } = deps
  return deskView({ reader: db.reader, broker: () => broker, kill, gate, arming, switches }, 3)
}

describe('where ordering stands', () => {
  test('is said of every connection with its accounts, what it takes, and what is in doubt', async () => {
    const desk = await orderDesk()
    const seen = view(desk)
    expect(seen.requests).toBe(3)
    expect(seen.kill).toEqual({ on: false, since: null, by: null })
    const [account] = seen.connections[0]?.accounts ?? []
    expect(account).toEqual({
      accountId: desk.accountId,
      name: 'Account PA3ABCDEF',
      maskedNumber: '••••CDEF',
      currency: 'USD',
      isArmed: true,
    })
    expect(seen.connections).toMatchObject([
      {
        connectionId: desk.connection.id,
        broker: 'alpaca',
        name: 'Alpaca',
        environment: 'paper',
        isOn: true,
        because: null,
        isReconciled: true,
        unknown: 0,
        automation: 'approve',
      },
    ])
    expect(seen.connections[0]?.accounts).toHaveLength(2)
    expect(seen.connections[0]?.rules).toEqual({
      assetClasses: trading?.assetClasses,
      types: ['market', 'limit', 'stop', 'stop-limit'],
      timesInForce: trading?.timesInForce,
      fractional: trading?.fractional,
      notional: trading?.notional,
      preview: false,
      replace: true,
      extendedHours: true,
    })
  })

  test('counts the orders in doubt of all its accounts', async () => {
    const desk = await orderDesk()
    const at = desk.clock.now()
    const where = { connectionId: desk.connection.id, environment: desk.connection.environment, ticket: null, hash: '', target: null }
    for (const [number, accountId] of [desk.accountId, desk.otherId, desk.otherId].entries())
      insertIntent(desk.db.writer, {
        ...where,
        id: `int_${number}`,
        accountId,
        kind: 'place',
        clientOrderId: `c${number}`,
        draft: limitDraft(),
        createdAt: at,
        sentAt: at,
      })
    expect(view(desk).connections).toMatchObject([{ unknown: 3, isReconciled: false }])
  })

  test('says who pulled the kill switch and when', async () => {
    const desk = await orderDesk()
    desk.deps.kill.pull('tray')
    expect(view(desk).kill).toEqual({ on: true, since: desk.clock.now(), by: 'tray' })
  })

  test('goes by the name the user gave, as plain text, and leaves out files and accounts that were left out', async () => {
    const desk = await orderDesk()
    setLabel(desk.db.writer, desk.connection.id, 'My\u202e own')
    setExcluded(desk.db.writer, desk.otherId, true)
    insertConnection(desk.db.writer, { ...connection('con_f'), method: 'file' })
    const { connections } = view(desk)
    expect(connections.map(({ name }) => name)).toEqual(['My  own'])
    expect(connections[0]?.accounts.map(({ accountId }) => accountId)).toEqual([desk.accountId])
  })

  test('is not ready while one account was not read, but for one that was left out', async () => {
    const desk = await orderDesk()
    desk.deps.gate.reconnected(desk.connection.id)
    desk.deps.gate.readWhole(desk.connection.id, desk.accountId)
    expect(view(desk).connections).toMatchObject([{ isReconciled: false, unknown: 0 }])
    setExcluded(desk.db.writer, desk.otherId, true)
    expect(view(desk).connections).toMatchObject([{ isReconciled: true }])
  })

  test('says why a connection cannot order, and what it would take all the same', async () => {
    const desk = await orderDesk()
    setConnectionState(desk.db.writer, desk.connection.id, { kind: 'needs-sign-in', because: 'expired', since: desk.clock.now() })
    const [row] = view(desk).connections
    expect(row).toMatchObject({ isOn: true, because: { code: 'auth/sign-in-needed' } })
    expect(row?.rules).not.toBeNull()
    const none = view(desk, { ...brokers.alpaca, can: { ...brokers.alpaca.can, trading: null } })
    expect(none.connections[0]?.rules).toBeNull()
  })

  test('takes nothing where this way in takes no orders', async () => {
    const desk = await orderDesk()
    const switches = { ...desk.deps.switches, obstacle: () => new AppError('order/not-offered') }
    const [row] = deskView({ reader: desk.db.reader, broker: () => brokers.alpaca, ...desk.deps, switches }, 0).connections
    expect(row).toMatchObject({ rules: null, because: { code: 'order/not-offered' } })
  })

  test('of real money says for each account whether its digits were typed', async () => {
    const desk = await orderDesk('live')
    desk.deps.arming.arm({ id: desk.otherId, maskedNumber: '••••0222' }, '0222')
    expect(view(desk).connections[0]?.accounts.map(({ isArmed }) => isArmed)).toEqual([false, true])
  })
})
