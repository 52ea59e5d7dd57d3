import { describe, expect, test } from 'vitest'
import type { Broker, BrokerAdapter } from '../../../electron/core/brokers/adapter.ts'
import { brokers } from '../../../electron/core/brokers/registry.ts'
import { createSwitches, type TradingSwitches } from '../../../electron/core/orders/switches.ts'
import { setTradingSwitch } from '../../../electron/core/store/trading-switches.ts'
import type { Connection } from '../../../shared/domain/connection.ts'
import { AT, tempDatabase } from '../../support/data-folder.ts'
import { connection, withAccounts } from '../store/support.ts'

const taking = { trading: {} } as unknown as BrokerAdapter
const base: Connection = { ...connection('con_a'), scopes: ['account:write trading'] }

/** A switch that was put on, over a broker that needs the scope `trading`. */
function switched(adapterFor: () => BrokerAdapter = () => taking, changes: Partial<Broker> = {}): TradingSwitches {
  const db = tempDatabase()
  withAccounts(db, { con_a: ['111'] })
  setTradingSwitch(db.writer, base.id, { isOn: true, automation: 'direct' }, AT)
  const broker: Broker = { ...brokers.alpaca, tradeScope: 'trading', ...changes }
  return createSwitches({ reader: db.reader, broker: () => broker, adapterFor })
}

const because = (switches: TradingSwitches, changes: Partial<Connection> = {}): string | undefined =>
  switches.obstacle({ ...base, ...changes })?.code

describe('a connection', () => {
  test('may order once it was switched on, signed in, with the scope and a way in that takes orders', () => {
    const switches = switched()
    expect(switches.of(base)).toEqual({ isOn: true, automation: 'direct' })
    expect(because(switches)).toBeUndefined()
    expect(switches.isOn(base)).toBe(true)
  })

  test('that nobody switched on may not, though nothing else stands in the way', () => {
    const other = { ...base, id: connection('con_b').id }
    const switches = switched()
    expect(switches.obstacle(other)).toBeNull()
    expect(switches.isOn(other)).toBe(false)
    expect(switches.of(other)).toEqual({ isOn: false, automation: 'approve' })
  })

  test.each<[string, Partial<Connection>]>([
    ['order/not-offered', { method: 'file' }],
    ['order/scope-missing', { scopes: ['account:write', 'trad', 'trading2'] }],
    ['order/scope-missing', { scopes: [] }],
    ['auth/sign-in-needed', { state: { kind: 'needs-sign-in', because: 'expired', since: AT } }],
    ['vault/locked', { state: { kind: 'needs-sign-in', because: 'vault-locked', since: AT } }],
  ])('may not, although it is switched on: %s', (code, changes) => {
    const switches = switched()
    expect(because(switches, changes)).toBe(code)
    expect(switches.isOn({ ...base, ...changes })).toBe(false)
    expect(switches.obstacle({ ...base, ...changes })?.details).toEqual({ broker: 'Alpaca' })
  })

  test.each(['trading', 'account:write,trading', 'account:write+trading', 'account:write  trading', 'data trading'])(
    'has the scope in "%s"',
    scope => {
      expect(because(switched(), { scopes: ['other', scope] })).toBeUndefined()
    },
  )

  test('by keys or a grant needs no scope, and neither does a sign-in at a broker without one', () => {
    expect(because(switched(), { method: 'api-key', scopes: [] })).toBeUndefined()
    const { tradeScope: _, ...plain } = brokers.alpaca
    const db = tempDatabase()
    const switches = createSwitches({ reader: db.reader, broker: () => plain, adapterFor: () => taking })
    expect(because(switches, { scopes: [] })).toBeUndefined()
  })

  test('may not where the broker takes no orders, this way in only reports, or it cannot be reached', () => {
    const none = switched(() => taking, { can: { ...brokers.alpaca.can, trading: null } })
    expect(because(none)).toBe('order/not-offered')
    const reports = switched(() => ({ trading: null }) as unknown as BrokerAdapter)
    expect(reports.obstacle(base)).toMatchObject({ code: 'order/not-offered', details: { broker: 'Alpaca' } })
    const broken = switched(() => {
      throw new Error('no address')
    })
    expect(because(broken)).toBe('order/not-offered')
    expect(broken.isOn(base)).toBe(false)
  })
})
