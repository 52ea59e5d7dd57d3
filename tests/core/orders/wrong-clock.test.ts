import { describe, expect, test } from 'vitest'
import { appraise, type AppraiseDeps, type Candidate } from '../../../electron/core/orders/appraise.ts'
import { brokers } from '../../../electron/core/brokers/registry.ts'
import { createYes } from '../../../electron/core/orders/consent.ts'
import { lockedUntil } from '../../../electron/core/orders/limits.ts'
import { createOrderHandlers, type OrderHandlerDeps } from '../../../electron/core/services/orders.ts'
import { AppError } from '../../../shared/contract/errors.ts'
import { STARTING_LIMITS } from '../../../shared/domain/order-limits.ts'
import { Dec } from '../../../shared/domain/decimal.ts'
import { Instant } from '../../../shared/domain/time.ts'
import { limitDraft } from './support/order-books.ts'
import { scriptedVenue, sendInDoubt } from './support/scripted-venue.ts'

const DAY_MS = 86_400_000

/** What stands against two shares on a computer whose clock is ahead, for an account that holds some of them. */
async function stopsAt(aheadMs: number, { side, held }: { readonly side: 'buy' | 'sell'; readonly held: string }): Promise<string[]> {
  const { core, kill, venue } = await scriptedVenue()
  const deps = {
    core: { ...core, aheadMs: () => aheadMs },
    kill,
    gate: { isOpen: () => true },
    arming: { isArmed: () => true },
    switches: { isOn: () => true },
    profile: () => brokers.alpaca.environments.paper,
  } as unknown as AppraiseDeps
  const reading = {
    told: undefined,
    positions: [{ symbol: 'AAPL', assetClass: 'equity', quantity: Dec.of(held), currency: 'USD' }],
    orders: [],
    balances: [],
    quote: null,
    quotedAt: core.clock.now(),
    others: [],
    isMixed: false,
  }
  const candidate = {
    venue: { ...venue, broker: brokers.alpaca },
    ticket: { action: side, replaces: null },
    draft: limitDraft({ side }),
    environment: 'paper',
    reading,
    confirmed: [],
  } as unknown as Candidate
  return appraise(deps, candidate).stops.map(({ code }) => code)
}

describe('a clock that is wrong', () => {
  test('by more than five minutes lets nothing be opened: days, hours and limits are reckoned by it', async () => {
    for (const aheadMs of [DAY_MS, -DAY_MS, 300_001])
      expect(await stopsAt(aheadMs, { side: 'buy', held: '0' })).toContain('order/stopped-clock')
    for (const aheadMs of [0, 300_000, -300_000])
      expect(await stopsAt(aheadMs, { side: 'buy', held: '0' })).not.toContain('order/stopped-clock')
  })

  test('lets a position be closed', async () => {
    expect(await stopsAt(DAY_MS, { side: 'sell', held: '5' })).not.toContain('order/stopped-clock')
  })

  test('does not begin the day on which limits may be raised', async () => {
    const house = await scriptedVenue()
    sendInDoubt(house)
    const raise = async (aheadMs: number): Promise<string> => {
      const handlers = createOrderHandlers({
        core: { ...house.core, aheadMs: () => aheadMs },
        yes: createYes({ consent: undefined, isLocked: () => false }),
      } as unknown as OrderHandlerDeps)
      const limits = { ...STARTING_LIMITS, allow: null, deny: [], ordersPerDay: 51 }
      const answer = Promise.resolve(handlers['orders.setLimits']({ accountId: null, limits }, { signal: new AbortController().signal }))
      return answer.then(
        () => 'raised',
        (error: unknown) => (error instanceof AppError ? error.code : String(error)),
      )
    }
    house.clock.set(4 * DAY_MS)
    expect(await raise(4 * DAY_MS)).toBe('order/limit-locked')
    expect(await raise(0)).toBe('raised')
  })

  test('and was set back does not either: what was sent later than it says was sent', async () => {
    const house = await scriptedVenue()
    sendInDoubt(house)
    const yesterday = Instant.plus(house.clock.now(), -DAY_MS)
    expect(lockedUntil(house.db.reader, yesterday)).not.toBeNull()
    // Four days later nothing was sent on its day.
    expect(lockedUntil(house.db.reader, Instant.plus(house.clock.now(), 4 * DAY_MS))).toBeNull()
  })
})
