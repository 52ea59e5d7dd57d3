import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { createClockSkew } from '../../../electron/core/net/clock-skew.ts'
import { Instant } from '../../../shared/domain/time.ts'

const HOST = 'api.example.test'
const START = Date.parse('2026-11-20T15:00:00Z')

/** A world with a true time, a clock that is off, and a monotonic one that only runs while the computer is awake. */
function world(offMs: number) {
  let [trueMs, steadyMs, off] = [START, 0, offMs]
  const clock = { now: () => Instant.fromEpochMs(trueMs + off), monotonicMs: () => steadyMs }
  const skew = createClockSkew(clock)
  const pass = (ms: number): void => {
    trueMs += ms
    steadyMs += ms
  }
  return {
    skew,
    pass,
    sleep: (ms: number) => void (trueMs += ms),
    set: (ms: number) => void (off += ms),
    /** One call whose answer was written after a part of its time. */
    call(rttMs = 200, part = 0.5, host = HOST, serverOffMs = 0) {
      const sentMs = steadyMs
      pass(rttMs * part)
      const date = new Date(Math.floor((trueMs + serverOffMs) / 1000) * 1000).toUTCString()
      pass(rttMs * (1 - part))
      skew.note(host, date, { sentMs, receivedMs: steadyMs })
    },
  }
}

describe('the clock of this computer', () => {
  test('is measured within a second, however wrong it is and however the answers travelled', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: -365 * 86_400_000, max: 365 * 86_400_000 }),
        fc.array(fc.record({ rtt: fc.integer({ min: 1, max: 900 }), part: fc.double({ min: 0, max: 1, noNaN: true }) }), {
          minLength: 1,
          maxLength: 30,
        }),
        (off, calls) => {
          const { skew, call, pass } = world(off)
          for (const { rtt, part } of calls) {
            call(rtt, part)
            pass(7_300)
          }
          expect(Math.abs((skew.current().driftMs ?? Number.NaN) - off)).toBeLessThanOrEqual(1_000)
        },
      ),
    )
  })

  test('is unknown before the first answer, and after answers that tell nothing', () => {
    const { skew, call } = world(900_000)
    expect(skew.current()).toEqual({ driftMs: null, asOf: null })
    skew.note(HOST, undefined, { sentMs: 0, receivedMs: 1 })
    skew.note(HOST, 'yesterday', { sentMs: 0, receivedMs: 1 })
    call(6_000)
    call(100, 0.5, '127.0.0.1')
    expect(skew.current()).toEqual({ driftMs: null, asOf: null })
    expect(skew.correctionMs()).toBe(0)
  })

  test('is not believed wrong for one server that is', () => {
    const { skew, call } = world(0)
    for (const off of [0, 0, -3_600_000, 0, 0]) call(100, 0.5, HOST, off)
    expect(Math.abs(skew.current().driftMs ?? Number.NaN)).toBeLessThanOrEqual(1_000)
    expect(skew.correctionMs()).toBe(0)
  })

  test('is not believed wrong for one host that always is, however much it talks, when another says otherwise', () => {
    const { skew, call } = world(0)
    call(100, 0.5, 'api.right.test')
    for (let time = 0; time < 50; time += 1) call(100, 0.5, 'api.wrong.test', -86_400_000)
    expect(skew.correctionMs()).toBe(0)
    call(100, 0.5, 'api.also-right.test')
    expect(Math.abs(skew.current().driftMs ?? Number.NaN)).toBeLessThanOrEqual(1_000)
  })

  test('is known to be wrong where most hosts say so', () => {
    const { skew, call } = world(900_000)
    call(100, 0.5, 'api.right.test')
    call(100, 0.5, 'api.also-right.test')
    for (let time = 0; time < 50; time += 1) call(100, 0.5, 'api.wrong.test', 900_000)
    expect(Math.abs(skew.correctionMs() - 900_000)).toBeLessThanOrEqual(1_000)
  })

  test.each<[string, (of: ReturnType<typeof world>) => void]>([
    ['it was set', ({ set }) => set(-900_000)],
    ['the computer slept', ({ sleep }) => sleep(28_800_000)],
  ])('is measured anew after %s', (_, happen) => {
    const of = world(900_000)
    of.call()
    expect(of.skew.correctionMs()).toBeGreaterThan(890_000)
    happen(of)
    expect(of.skew.current()).toEqual({ driftMs: null, asOf: null })
    of.call()
    expect(of.skew.current().driftMs).not.toBeNull()
  })
})
