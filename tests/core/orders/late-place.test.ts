import { describe, expect, test } from 'vitest'
import { AppError } from '../../../shared/contract/errors.ts'
import type { AppraiseDeps, Candidate } from '../../../electron/core/orders/appraise.ts'
import { createPlace } from '../../../electron/core/orders/place.ts'
import { reviewHash, type Reviews } from '../../../electron/core/orders/reviews.ts'
import type { Sendable, Submit } from '../../../electron/core/orders/submit.ts'
import type { Ticket } from '../../../shared/contract/orders.ts'
import { limitDraft } from './support/order-books.ts'
import { scriptedVenue } from './support/scripted-venue.ts'

/** How an order ends that was confirmed, and then waited: `wait` runs while its broker is read. */
async function endAfter(wait: (house: Awaited<ReturnType<typeof scriptedVenue>>) => Promise<void> | void): Promise<string> {
  const house = await scriptedVenue()
  const { core, kill, venue, accountId } = house
  // What is measured after the time is not asked here.
  const found = { venue, ticket: { accountId, replaces: null } as Ticket, draft: limitDraft(), environment: 'paper' } as Candidate
  const hash = reviewHash(found)
  const reviews = {
    take: () => ({ ...found, hash, killed: kill.timesTakenBack(), named: { needs: [], offMarket: null } }),
    async candidate() {
      await wait(house)
      return found
    },
  } as unknown as Reviews
  const submit = (async ({ mayGo }: Sendable) => {
    mayGo()
    throw new Error('it may go')
  }) as unknown as Submit
  const deps = { core, kill } as unknown as AppraiseDeps
  const place = createPlace(deps, { reviews, submit })
  return place({ reviewId: 'rev_1', hash, confirmed: [], from: 'window', signal: new AbortController().signal }).then(
    () => 'placed',
    (error: unknown) => (error instanceof AppError ? error.code : 'measured'),
  )
}

describe('an order that was confirmed', () => {
  test('does not go after its computer slept in between, or its clock was set', async () => {
    expect(await endAfter(({ clock }) => clock.sleep(31_000, { announced: false }))).toBe('order/review-expired')
    expect(await endAfter(({ clock }) => clock.set(31_000))).toBe('order/review-expired')
    expect(await endAfter(({ clock }) => clock.set(-31_000))).toBe('order/review-expired')
  })

  test('does not go after its broker took longer than that to be read, and is measured before', async () => {
    expect(await endAfter(({ clock }) => clock.jump(30_001))).toBe('order/review-expired')
    expect(await endAfter(({ clock }) => clock.jump(30_000))).toBe('measured')
    expect(await endAfter(({ clock }) => clock.set(-30_000))).toBe('measured')
  })

  test('does not go late by the clock that never jumps, though the one on the wall was set back meanwhile', async () => {
    expect(
      await endAfter(({ clock }) => {
        clock.jump(30_001)
        clock.set(-30_001)
      }),
    ).toBe('order/review-expired')
  })
})
