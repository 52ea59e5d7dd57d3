import { describe, expect, test } from 'vitest'
import { expectStated } from '../support/stated.ts'
import { type Case, CASES, nameOf } from './cases.ts'
import { openHouse } from './house.ts'

/** Two years hold all that E*TRADE's simulator tells; the live ways into IBKR tell a week. */
const isWhole = ({ addsUp, broker }: Case): boolean => addsUp || broker === 'etrade'

describe.each(CASES.filter(isWhole).map(row => [nameOf(row), row] as const))('%s', (_, row) => {
  test('states what the app works out: every closed lot, every day, every year, and what the open lots cost', async () => {
    await using house = await openHouse(row, { activities: 1500 })
    expect(await house.sync()).toMatchObject({ result: 'success' })
    await expectStated(house.call, await house.connection(), house.control.statements())
    house.control.addFill()
    house.control.correct()
    expect(await house.sync()).toMatchObject({ result: 'success' })
    await expectStated(house.call, await house.connection(), house.control.statements())
  })
})
