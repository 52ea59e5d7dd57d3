import { describe, expect, test } from 'vitest'
import { mayRepeat } from '../../../../electron/core/oauth/oauth1/endpoint.ts'
import { createTimestamps } from '../../../../electron/core/oauth/oauth1/timestamps.ts'
import { Instant } from '../../../../shared/domain/time.ts'

const NOW = Instant.parse('2026-11-20T15:00:00Z')
const SECONDS = Instant.toEpochMs(NOW) / 1000
const refused = { word: 'timestamp_refused', window: null } as const

describe('the time a signature carries', () => {
  test("is the broker's, as far as it is known", () => {
    let driftMs = 0
    const timestamps = createTimestamps({ now: () => NOW }, () => driftMs)
    expect(timestamps.seconds()).toBe(SECONDS)
    driftMs = 900_000
    expect(timestamps.seconds()).toBe(SECONDS - 900)
    timestamps.follow({ from: SECONDS + 100, to: SECONDS + 200 })
    expect(timestamps.seconds()).toBe(SECONDS + 150)
  })

  test('is tried once more when the refusal itself told how wrong the clock is, and not when it told nothing', () => {
    let driftMs = 0
    const timestamps = createTimestamps({ now: () => NOW }, () => driftMs)
    timestamps.seconds()
    expect(mayRepeat(refused, timestamps)).toBe(false)
    driftMs = -900_000
    expect(mayRepeat(refused, timestamps)).toBe(true)
    timestamps.seconds()
    expect(mayRepeat(refused, timestamps)).toBe(false)
  })
})
