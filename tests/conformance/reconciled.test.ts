import { describe, expect, test } from 'vitest'
import { Dec } from '../../shared/domain/decimal.ts'
import { expectStated } from '../support/stated.ts'
import { type Case, CASES, nameOf } from './cases.ts'
import { type House, openHouse } from './house.ts'

/** Two years hold all that E*TRADE's simulator tells; the live ways into IBKR tell a week. */
const isWhole = ({ addsUp, broker }: Case): boolean => addsUp || broker === 'etrade'

async function settled(row: Case): Promise<House> {
  const house = await openHouse(row, { activities: 1500 })
  expect(await house.sync()).toMatchObject({ result: 'success' })
  return house
}

const named = (rows: typeof CASES) => rows.map(row => [nameOf(row), row] as const)

describe.each(named(CASES.filter(isWhole)))('%s', (_, row) => {
  test('agrees with its broker in every holding, every closed lot and every cent, and says so; and again after a fill and a correction', async () => {
    await using house = await settled(row)
    const { accounts } = await house.connection()
    expect(await house.call('reconciliation.drifts', {})).toEqual([])
    const { reconciled, totals, environment } = await house.call('portfolio.overview', { by: 'account' })
    expect(reconciled).toMatchObject({ agree: row.accounts, accounts: row.accounts, drifts: 0, worst: null })
    expect(environment).toBe('sandbox')
    const stated = Dec.sum(accounts.flatMap(({ netLiquidation }) => (netLiquidation === null ? [] : [netLiquidation])))
    expect(totals.find(({ currency }) => currency === 'USD')?.value).toBe(stated)
    for (const { holdings, symbol } of await house.call('portfolio.grouped', {})) {
      for (const { agrees, quantity, ledgerQuantity } of holdings)
        expect([symbol, agrees, ledgerQuantity]).toEqual([symbol, true, quantity])
    }
    await expectStated(house.call, await house.connection(), house.control.statements())
    house.control.addFill()
    house.control.correct()
    expect(await house.sync()).toMatchObject({ result: 'success' })
    await expectStated(house.call, await house.connection(), house.control.statements())
  })
})

test('money of another currency is converted by the rate the broker states, as of its statement', async () => {
  const flex = CASES.find(({ stand }) => stand === 'ibkr-flex')
  if (!flex) throw new Error('no Flex')
  await using house = await openHouse(flex)
  house.control.knobs.set('euros', '2500')
  expect(await house.sync()).toMatchObject({ result: 'success' })
  expect(await house.call('reconciliation.drifts', {})).toEqual([])
  const [stated] = house.control.statements()
  const { totals } = await house.call('portfolio.overview', { by: 'account' })
  const [euros, dollars] = totals
  expect(euros).toMatchObject({ currency: 'EUR', value: null, cash: '2500', rate: { base: 'USD', source: 'broker', asOf: euros?.asOf } })
  const { value, cash, positions } = stated ?? { value: Dec.zero, cash: { USD: Dec.zero }, positions: [] }
  const inDollars = Dec.sub(value, Dec.sum([cash['USD'] ?? Dec.zero, ...positions.map(position => position.value)]))
  expect(euros?.rate?.value).toBe(inDollars)
  expect(Dec.round(Dec.mul(Dec.of('2500'), euros?.rate?.rate ?? Dec.zero), 2)).toBe(inDollars)
  expect(dollars?.value).toBe(Dec.sum(house.control.statements().map(each => each.value)))
})

describe.each(named(CASES.filter(row => !isWhole(row))))('%s', (_, row) => {
  test('differs only by what was before its history, and agrees once that is added; taken back, it differs again', async () => {
    await using house = await settled(row)
    const drifts = await house.call('reconciliation.drifts', {})
    expect(drifts.length).toBeGreaterThan(0)
    for (const drift of drifts)
      expect([drift.symbol, drift.reason]).toEqual([drift.symbol, drift.kind === 'cash' ? 'opening-balance' : 'range-not-fetched'])
    for (const { id } of drifts) expect(await house.call('reconciliation.fix', { id })).toEqual({ isGone: true })
    expect(await house.call('reconciliation.drifts', {})).toEqual([])
    expect((await house.call('portfolio.overview', { by: 'broker' })).reconciled).toMatchObject({ agree: row.accounts, drifts: 0 })
    for (const { id } of await house.call('reconciliation.fixes', {})) await house.call('reconciliation.undoFix', { id })
    const again = await house.call('reconciliation.drifts', {})
    expect(again.map(({ id, ledger, broker }) => [id, ledger, broker])).toEqual(
      drifts.map(({ id, ledger, broker }) => [id, ledger, broker]),
    )
  })
})
