import { describe, expect, test } from 'vitest'
import type { Method } from '../../shared/domain/broker.ts'
import { type Case, CASES } from './cases.ts'
import { type House, openHouse } from './house.ts'

/** How the way in is called, told by the suite's own table. */
function caseOf(method: Method): Case {
  const row = CASES.find(({ broker, method: other }) => broker === 'ibkr' && other === method)
  if (!row) throw new Error(`no case for ${method}`)
  return row
}

async function join(house: House, method: Method) {
  const values = caseOf(method).values?.(house.sandbox) ?? {}
  return house.call('connections.withForm', { broker: 'ibkr', environment: 'sandbox', method, values: { ...values }, consent: true })
}

async function rowsOf(house: House) {
  const { accounts } = await house.connection()
  return (await Promise.all(accounts.map(({ id }) => house.rowsOf(id)))).flat()
}

async function executions(house: House): Promise<{ readonly ids: string[]; readonly rows: number }> {
  const rows = await rowsOf(house)
  return { ids: rows.filter(({ kind }) => kind === 'trade').map(({ externalId }) => externalId).sort(), rows: rows.length }
}

describe('several ways into one Interactive Brokers account', () => {
  test('are one connection: TWS, its gateway and Flex show the same accounts', async () => {
    await using house = await openHouse(caseOf('tws'))
    for (const method of ['flex', 'gateway'] as const) {
      expect(await join(house, method)).toEqual({ connectionId: house.connectionId, joined: true })
    }
    expect(await house.call('connections.list', {})).toHaveLength(1)
    const connection = await house.connection()
    expect(connection.methods.map(({ method }) => method)).toEqual(['tws', 'gateway', 'flex'])
    expect(connection.accounts).toHaveLength(2)
  })

  test('tell each execution once, whichever of them tells it', async () => {
    await using alone = await openHouse(caseOf('flex'))
    expect(await alone.sync()).toMatchObject({ result: 'success' })
    const history = await executions(alone)

    await using house = await openHouse(caseOf('tws'))
    expect(await house.sync()).toMatchObject({ result: 'success' })
    const recent = await executions(house)
    expect(recent.ids.length).toBeGreaterThan(0)
    expect(recent.ids.length).toBeLessThan(history.ids.length)
    await join(house, 'flex')
    await join(house, 'gateway')
    expect(await house.sync()).toMatchObject({ result: 'success' })
    const both = await executions(house)
    expect(new Set(both.ids).size).toBe(both.ids.length)
    expect(both.ids).toEqual([...new Set([...history.ids, ...recent.ids])].sort())
    expect((await house.sync()).accounts.map(account => account.new + account.updated)).toEqual([0, 0])
  })

  test('stand in for each other, and the one that fails says so', async () => {
    await using house = await openHouse(caseOf('gateway'))
    await join(house, 'flex')
    house.control.fault({ name: 'server-error', status: 503 })
    const result = await house.sync()
    // What is held now must not be told by the report of the day before; the history may.
    expect(result.accounts.map(({ because }) => because)).toEqual([expect.stringMatching(/^Balances, positions, orders:/), expect.stringMatching(/^Balances, positions, orders:/)])
    expect((await executions(house)).ids.length).toBeGreaterThan(20)
    const { state, methods } = await house.connection()
    expect(state).toEqual({ kind: 'connected' })
    expect(methods.map(({ method, trouble }) => [method, trouble === null])).toEqual([['gateway', false], ['flex', true]])
    house.control.fault(null)
    expect(await house.sync()).toMatchObject({ result: 'success' })
    expect((await house.connection()).methods.every(({ trouble }) => trouble === null)).toBe(true)
  })

  test('come off again one by one, and the rest goes on', async () => {
    await using house = await openHouse(caseOf('flex'))
    expect(await house.sync()).toMatchObject({ result: 'success' })
    const before = await rowsOf(house)
    await join(house, 'tws')
    await house.call('connections.removeMethod', { connectionId: house.connectionId, method: 'flex' })
    expect((await house.connection()).methods.map(({ method }) => method)).toEqual(['tws'])
    expect(await house.sync()).toMatchObject({ result: 'success' })
    // What Flex told of an execution is more than TWS knows of it.
    const known = new Set(before.map(({ externalId }) => externalId))
    expect((await rowsOf(house)).filter(({ externalId }) => known.has(externalId))).toEqual(before)
    expect((await executions(house)).ids.some(id => known.has(id))).toBe(true)
  })
})
