import { describe, expect, test } from 'vitest'
import { createReadiness, type Readiness } from '../../../electron/core/orders/readiness.ts'
import { setExcluded } from '../../../electron/core/store/accounts.ts'
import { removeConnection, setConnectionState } from '../../../electron/core/store/connections.ts'
import { orderEvents } from '../../../electron/core/store/order-events.ts'
import { getIntent, insertIntent, type Intent, settleIntent } from '../../../electron/core/store/order-intents.ts'
import { oldestOpenOrder } from '../../../electron/core/store/orders.ts'
import { AppError } from '../../../shared/contract/errors.ts'
import type { SyncResult } from '../../../shared/contract/schemas.ts'
import { brokerOrder, limitDraft } from './support/order-books.ts'
import { type OrderDesk, orderDesk } from './support/order-desk.ts'

interface Ready {
  readonly desk: OrderDesk
  readonly readiness: Readiness
  readonly told: Intent[]
  /** What a sync says of an account. */
  synced(account: Partial<SyncResult['accounts'][number]>): void
  /** How many listen to syncs. */
  listeners(): number
  isOpen(): readonly [boolean, boolean]
}

/** Ordering of a run that has just begun: nothing was read yet. */
async function ready(): Promise<Ready> {
  const desk = await orderDesk()
  desk.deps.gate.reconnected(desk.connection.id)
  const told: Intent[] = []
  const listening = new Set<(result: SyncResult) => void>()
  const sync = {
    onResult(listener: (result: SyncResult) => void) {
      listening.add(listener)
      return () => void listening.delete(listener)
    },
  }
  const { core, deps, venues } = desk
  const readiness = createReadiness({
    core,
    gate: deps.gate,
    switches: deps.switches,
    venues,
    sync,
    onOutcome: intent => void told.push(intent),
  })
  return {
    desk,
    readiness,
    told,
    synced(account) {
      const result = { connectionId: desk.connection.id, accounts: [{ id: desk.accountId, ...account }] } as unknown as SyncResult
      for (const listener of listening) listener(result)
    },
    listeners: () => listening.size,
    isOpen: () => [deps.gate.isOpen(desk.accountId), deps.gate.isOpen(desk.otherId)],
  }
}

function wasSent({ db, clock, accountId, connection }: OrderDesk, id: string, outcome: 'sending' | 'unknown'): void {
  const at = clock.now()
  const where = { accountId, connectionId: connection.id, environment: connection.environment }
  insertIntent(db.writer, {
    id,
    ...where,
    kind: 'place',
    clientOrderId: id,
    draft: limitDraft(),
    ticket: null,
    hash: '',
    target: null,
    createdAt: at,
    sentAt: at,
  })
  if (outcome === 'unknown') settleIntent(db.writer, id, { outcome, externalId: null, status: null, error: null, at })
}
const settled = ({ desk }: Ready): Promise<void> => desk.clock.advance(1)

describe('a start', () => {
  test('reads orders and positions of every account that may order, and then opens entry', async () => {
    const house = await ready()
    house.desk.says.orders = [brokerOrder({ externalId: 'w' })]
    house.readiness.start(true)
    expect(house.isOpen()).toEqual([false, false])
    await settled(house)
    expect(house.isOpen()).toEqual([true, true])
    expect(house.desk.asked.toSorted()).toEqual([
      'orders of key-222',
      'orders of key-PA3ABCDEF',
      'positions of key-222',
      'positions of key-PA3ABCDEF',
    ])
    expect(oldestOpenOrder(house.desk.db.reader, house.desk.accountId)).not.toBeNull()
    expect(house.desk.events).toEqual([{ type: 'orders.changed' }])
  })

  test('reads nothing for a command in the foreground, where trading is off, and of accounts that were left out', async () => {
    const command = await ready()
    command.readiness.start(false)
    await settled(command)
    expect(command.desk.asked).toEqual([])
    const off = await ready()
    off.desk.db.writer.exec('DELETE FROM trading_switches')
    off.readiness.start(true)
    await settled(off)
    expect(off.desk.asked).toEqual([])
    const one = await ready()
    setExcluded(one.desk.db.writer, one.desk.otherId, true)
    one.readiness.start(true)
    await settled(one)
    expect(one.desk.asked).toEqual(['orders of key-PA3ABCDEF', 'positions of key-PA3ABCDEF'])
    expect(one.desk.says.range).toMatch(/^open from /)
    expect(one.desk.records).toEqual([])
    expect(one.isOpen()).toEqual([true, false])
  })

  test('that cannot read says so in the log, and leaves entry closed', async () => {
    const house = await ready()
    house.desk.says.orders = [
      {
        ...brokerOrder(),
        get externalId(): string {
          throw new AppError('net/offline')
        },
      },
    ]
    house.readiness.start(true)
    await settled(house)
    expect(house.isOpen()).toEqual([false, false])
    expect(house.desk.records.map(({ level, event, fields }) => [level, event, fields['connectionId']])).toEqual([
      ['info', 'orders.not-ready', 'con_a'],
    ])
  })

  test('does not know what became of an order that was being sent, says so, and has it looked for', async () => {
    const house = await ready()
    const { desk } = house
    wasSent(desk, 'int_sending', 'sending')
    wasSent(desk, 'int_unknown', 'unknown')
    house.readiness.start(true)
    expect(getIntent(desk.db.reader, 'int_sending')?.outcome).toBe('unknown')
    expect(house.told.map(({ id, outcome }) => [id, outcome])).toEqual([
      ['int_sending', 'unknown'],
      ['int_unknown', 'unknown'],
    ])
    const sentences = (intentId: string): [string, string][] =>
      orderEvents(desk.db.reader, { accountId: desk.accountId, externalId: null, intentId }).map(({ kind, detail }) => [
        kind,
        detail.sentence,
      ])
    const sentence =
      'Keelson ended while it was on its way. Whether the order arrived is not known: it may be working. Keelson looks for it and sends nothing again.'
    expect(sentences('int_sending')).toEqual([['outcome', sentence]])
    expect(sentences('int_unknown')).toEqual([])
    expect(desk.core.audit.page({ limit: 5 }).rows).toMatchObject([
      { kind: 'order.unknown', intentId: 'int_sending', accountId: desk.accountId },
      {},
    ])
  })

  test('of a command writes that down too, and leaves looking to whoever stays', async () => {
    const house = await ready()
    wasSent(house.desk, 'int_sending', 'sending')
    house.readiness.start(false)
    expect(getIntent(house.desk.db.reader, 'int_sending')?.outcome).toBe('unknown')
    expect(house.told).toEqual([])
  })
})

describe('a connection', () => {
  test('that came back is read anew, and closed until then', async () => {
    const house = await ready()
    const { desk, readiness } = house
    const { id } = desk.connection
    readiness.start(true)
    await settled(house)
    readiness.connectionChanged(id)
    expect(house.isOpen()).toEqual([true, true])
    expect(desk.asked).toHaveLength(4)
    setConnectionState(desk.db.writer, id, { kind: 'needs-sign-in', because: 'expired', since: desk.clock.now() })
    readiness.connectionChanged(id)
    await settled(house)
    expect(house.isOpen()).toEqual([false, false])
    expect(desk.asked).toHaveLength(4)
    setConnectionState(desk.db.writer, id, { kind: 'connected' })
    readiness.connectionChanged(id)
    expect(house.isOpen()).toEqual([false, false])
    await settled(house)
    expect(house.isOpen()).toEqual([true, true])
    expect(desk.asked).toHaveLength(8)
  })

  test('that was signed in to anew, or in another way, is closed, and so is one that was removed', async () => {
    const house = await ready()
    const { desk, readiness } = house
    const { id } = desk.connection
    readiness.start(false)
    for (const change of [`consented_at = 1`, `method = 'api-key'`]) {
      desk.deps.gate.readWhole(id, desk.accountId)
      desk.db.writer.exec(`UPDATE connections SET ${change}`)
      readiness.connectionChanged(id)
      expect(house.isOpen()[0]).toBe(false)
    }
    desk.deps.gate.readWhole(id, desk.accountId)
    removeConnection(desk.db.writer, id, desk.clock.now())
    readiness.connectionChanged(id)
    expect(house.isOpen()[0]).toBe(false)
    expect(desk.asked).toEqual([])
  })
})

describe('a connection that changed', () => {
  test('before the start is not read yet', async () => {
    const { desk, readiness } = await ready()
    readiness.connectionChanged(desk.connection.id)
    await desk.clock.advance(100)
    expect(desk.asked).toEqual([])
  })

  test('and is gone is closed, and not read', async () => {
    const { desk, readiness, isOpen } = await ready()
    readiness.start(true)
    await desk.clock.advance(100)
    const asked = desk.asked.length
    removeConnection(desk.db.writer, desk.connection.id, desk.clock.now())
    expect(() => readiness.connectionChanged(desk.connection.id)).not.toThrow()
    await desk.clock.advance(100)
    expect([desk.asked.length, isOpen()]).toEqual([asked, [false, false]])
  })
})

describe('a sync', () => {
  test('opens entry to an account it read whole, and to none of which something is missing', async () => {
    const house = await ready()
    house.synced({ result: 'failed' })
    house.synced({ result: 'success', code: 'order/not-shown' })
    expect(house.isOpen()).toEqual([false, false])
    house.synced({ result: 'success' })
    expect(house.isOpen()).toEqual([true, false])
    expect(house.desk.events).toHaveLength(3)
  })
})

describe('the end', () => {
  test('stops what is being read and waits for it, listens to no sync any more, and reads nothing any more', async () => {
    const house = await ready()
    const { desk, readiness } = house
    readiness.start(true)
    await readiness.stop()
    expect(house.listeners()).toBe(0)
    expect(house.isOpen()).toEqual([false, false])
    expect(desk.records.map(({ event }) => event)).toEqual(['orders.not-ready'])
    setConnectionState(desk.db.writer, desk.connection.id, { kind: 'needs-sign-in', because: 'expired', since: desk.clock.now() })
    readiness.connectionChanged(desk.connection.id)
    setConnectionState(desk.db.writer, desk.connection.id, { kind: 'connected' })
    readiness.connectionChanged(desk.connection.id)
    await settled(house)
    expect(desk.asked).toEqual([])
    expect(desk.records).toHaveLength(1)
  })
})
