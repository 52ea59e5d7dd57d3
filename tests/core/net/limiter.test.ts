import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { createLimiter } from '../../../electron/core/net/limiter.ts'
import { never } from './support/client.ts'
import { stepClock } from './support/step-clock.ts'

const settled = (): Promise<void> => new Promise(resolve => setImmediate(resolve))

describe('the limiter', () => {
  test('lets a full window through at once and the next one when the first has passed', async () => {
    const clock = stepClock()
    const limiter = createLimiter({ requests: 3, perMs: 1000, clock })
    const order: number[] = []
    const turns = [1, 2, 3, 4, 5].map(async number => {
      await limiter.take({ signal: never })
      order.push(number)
    })
    await settled()
    expect(order).toEqual([1, 2, 3])
    clock.advance(1000)
    await settled()
    expect(order).toEqual([1, 2, 3])
    clock.advance(500)
    await Promise.all(turns)
    expect(order).toEqual([1, 2, 3, 4, 5])
  })

  test('never lets more than its share depart in any window, whenever callers come', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 1, max: 5 }),
        fc.array(fc.integer({ min: 0, max: 700 }), { minLength: 1, maxLength: 30 }),
        async (requests, gaps) => {
          const clock = stepClock()
          const limiter = createLimiter({ requests, perMs: 1000, clock })
          const departures: number[] = []
          const turns: Promise<void>[] = []
          for (const gap of gaps) {
            for (let moved = 0; moved < gap; moved += 50) {
              clock.advance(Math.min(50, gap - moved))
              await settled()
            }
            turns.push(limiter.take({ signal: never }).then(() => void departures.push(clock.monotonicMs())))
            await settled()
          }
          while (departures.length < gaps.length) {
            clock.advance(50)
            await settled()
          }
          await Promise.all(turns)
          for (const from of departures)
            expect(departures.filter(at => at >= from && at < from + 1000).length).toBeLessThanOrEqual(requests)
        },
      ),
      { numRuns: 25 },
    )
  })

  test('forgets a caller that gave up, without losing the turn of the next', async () => {
    const clock = stepClock()
    const limiter = createLimiter({ requests: 1, perMs: 1000, clock })
    await limiter.take({ signal: never })
    const stop = new AbortController()
    const given = limiter.take({ signal: stop.signal })
    const next = limiter.take({ signal: never })
    stop.abort()
    await expect(given).rejects.toMatchObject({ code: 'app/canceled' })
    clock.advance(1500)
    await expect(next).resolves.toBeUndefined()
    expect(clock.pending()).toEqual([])
  })

  test('leaves no timer behind when the last caller gave up', async () => {
    const clock = stepClock()
    const limiter = createLimiter({ requests: 1, perMs: 1000, clock })
    await limiter.take({ signal: never })
    const stop = new AbortController()
    const given = limiter.take({ signal: stop.signal })
    stop.abort()
    await expect(given).rejects.toMatchObject({ code: 'app/canceled' })
    expect(clock.pending()).toEqual([])
  })

  test('lets a sign-in pass a queue, within the limit', async () => {
    const clock = stepClock()
    const limiter = createLimiter({ requests: 80, perMs: 60_000, clock })
    let through = 0
    const sync = Array.from({ length: 100 }, () => limiter.take({ signal: never }).then(() => void (through += 1)))
    await settled()
    expect(through).toBe(78)
    await Promise.all([limiter.take({ signal: never, urgent: true }), limiter.take({ signal: never, urgent: true })])
    expect(through).toBe(78)
    const third = limiter.take({ signal: never, urgent: true }).then(() => through)
    clock.advance(60_500)
    expect(await third).toBeLessThan(100)
    await Promise.all(sync)
  })

  test('keeps the longer of two pauses', async () => {
    const clock = stepClock()
    const limiter = createLimiter({ requests: 10, perMs: 1000, clock })
    limiter.pause(5000)
    limiter.pause(1000)
    let through = false
    const turn = limiter.take({ signal: never }).then(() => void (through = true))
    clock.advance(4999)
    await settled()
    expect(through).toBe(false)
    clock.advance(1)
    await turn
  })

  test('does not believe a pause of years', async () => {
    const clock = stepClock()
    const limiter = createLimiter({ requests: 10, perMs: 1000, clock })
    limiter.pause(1e12)
    await expect(limiter.take({ signal: never })).rejects.toMatchObject({ code: 'broker/rate-limited', retryAfterMs: 86_400_000 })
  })
})
