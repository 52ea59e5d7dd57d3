import { describe, expect, test } from 'vitest'
import { Dec } from '../../shared/domain/decimal.ts'
import { CASES, nameOf } from './cases.ts'
import { openHouse } from './house.ts'

const MOVES_SHARES: ReadonlySet<string> = new Set(['trade', 'split', 'option-event', 'transfer', 'corporate-action'])

describe.each(CASES.map(row => [nameOf(row), row] as const))('%s', (_, row) => {
  test('reads accounts, balances, positions and history, page by page, and a second look changes nothing', async () => {
    await using house = await openHouse(row, { activities: 700 })
    expect(await house.sync()).toMatchObject({ result: 'success', error: null })
    const { accounts, state } = await house.connection()
    expect(state).toEqual({ kind: 'connected' })
    expect(accounts).toHaveLength(row.accounts)
    let trades = 0
    for (const account of accounts) {
      expect(account.maskedNumber).toMatch(/^••••.{2,4}$/)
      const rows = await house.rowsOf(account.id)
      expect(new Set(rows.map(({ externalId }) => externalId)).size).toBe(rows.length)
      trades += rows.filter(({ kind }) => kind === 'trade').length
      if (!row.addsUp) continue
      const held = new Map<string, Dec>()
      const expired = new Set<string>()
      for (const { symbol, quantity, kind, side } of rows) {
        if (symbol === null || !MOVES_SHARES.has(kind)) continue
        // An expiry that names no direction takes what is held, and nothing is traded after it.
        if (quantity === null && kind === 'option-event') expired.add(symbol)
        if (quantity === null) continue
        held.set(symbol, Dec.add(held.get(symbol) ?? Dec.zero, side === 'sell' ? Dec.neg(quantity) : quantity))
      }
      const positions = await house.call('portfolio.positions', { accountId: account.id })
      expect(Object.fromEntries([...held].filter(([symbol, quantity]) => !expired.has(symbol) && !Dec.isZero(quantity)))).toEqual(
        Object.fromEntries(positions.map(({ symbol, quantity }) => [symbol, quantity])),
      )
    }
    expect(trades).toBeGreaterThan(0)
    expect(await house.call('portfolio.positions', {})).not.toEqual([])
    const again = await house.sync()
    expect(again).toMatchObject({ result: 'success' })
    expect(again.accounts.map(account => account.new + account.updated)).toEqual(accounts.map(() => 0))
  })

  test.runIf(row.renews)('renews access that ran out, without the user', async () => {
    await using house = await openHouse(row)
    house.control.expireAccessTokens()
    expect(await house.sync()).toMatchObject({ result: 'success' })
    expect((await house.connection()).state).toEqual({ kind: 'connected' })
  })

  test.runIf(row.wire === 'http')('gets over a single refusal', async () => {
    await using house = await openHouse(row)
    house.control.fault({ name: 'unauthorized-once' })
    expect(await house.sync()).toMatchObject({ result: 'success' })
    expect((await house.connection()).state).toEqual({ kind: 'connected' })
  })

  test.runIf(row.wire !== 'socket').each([
    ['"slow down" with a time', { name: 'rate-limited', times: 1, retryAfter: 1 }],
    ['two failures on the broker\'s side', { name: 'server-error', status: 503, times: 2 }],
    ['an answer cut off on its way', { name: 'truncated', times: 1 }],
    ['a dropped line', { name: 'dropped', times: 1 }],
    ['rows sent twice', { name: 'duplicates' }],
  ] as const)('gets over %s', async (_name, fault) => {
    await using house = await openHouse(row)
    house.control.fault(fault)
    expect(await house.sync()).toMatchObject({ result: 'success' })
    expect((await house.connection()).state).toEqual({ kind: 'connected' })
    house.control.fault(null)
    const again = await house.sync()
    expect(again.accounts.map(account => account.new + account.updated)).toEqual(again.accounts.map(() => 0))
  })

  test.runIf(row.wire !== 'socket').each([
    ['stays down', { name: 'server-error', status: 500 }],
    ['shows a page instead of data', { name: 'forbidden-html' }],
  ] as const)('keeps the sign-in while the broker %s, and goes on when it is back', async (_name, fault) => {
    await using house = await openHouse(row)
    house.control.fault(fault)
    const failed = await house.sync()
    expect(failed.result).not.toBe('success')
    expect((await house.connection()).state).toEqual({ kind: 'connected' })
    house.control.fault(null)
    expect(await house.sync()).toMatchObject({ result: 'success' })
  })

  test.runIf(row.revocable)('asks for a sign-in once the broker took the access away', async () => {
    await using house = await openHouse(row)
    expect(await house.sync()).toMatchObject({ result: 'success' })
    house.control.revokeAll()
    const failed = await house.sync()
    expect(failed).toMatchObject({ result: 'failed', error: { code: 'auth/sign-in-needed' } })
    const { state, accounts } = await house.connection()
    expect(state.kind).toBe('needs-sign-in')
    const [first] = accounts
    expect(first && (await house.rowsOf(first.id)).length).toBeGreaterThan(0)
  })

  test.runIf(row.wire === 'http' && row.accounts > 1)('reads the other account when one fails, and says which', async () => {
    await using house = await openHouse(row)
    const { accounts } = await house.connection()
    house.control.fault({ name: 'account-failing', account: 1 })
    const partial = await house.sync()
    expect(partial.result).toBe('partial')
    expect(partial.accounts.map(({ result }) => result)).toEqual(accounts.map((_account, at) => (at === 1 ? 'failed' : 'success')))
    expect(partial.accounts[1]?.because).toMatch(/\S/)
    house.control.fault(null)
    expect(await house.sync()).toMatchObject({ result: 'success' })
  })

  test.runIf(row.wire !== 'socket')('stops when it is told to, and a later look is whole', async () => {
    await using house = await openHouse(row)
    house.control.fault({ name: 'slow', ms: 60_000 })
    const stop = new AbortController()
    const began = house.next(event => event.type === 'connections.changed')
    const running = house.sync(stop.signal)
    running.catch(() => undefined)
    await began
    stop.abort()
    await expect(running).rejects.toMatchObject({ view: { code: 'app/canceled' } })
    house.control.fault(null)
    expect(await house.sync()).toMatchObject({ result: 'success' })
  })
})
