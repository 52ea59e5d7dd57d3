import { describe, expect, test } from 'vitest'
import { type CrashMarks, createCrashWatch, createTally } from '../../electron/shell/crash-watch.ts'
import { Instant } from '../../shared/domain/time.ts'

const T0 = Instant.parse('2026-11-20T15:00:00Z')
const at = (seconds: number): Instant => Instant.plus(T0, seconds * 1000)

/** A disk with the marks on it, and starts of the app that end in one way or the other. */
function computer(first: CrashMarks = { running: null, ends: [] }) {
  let marks = first
  return {
    marks: () => marks,
    start(seconds: number) {
      const watch = createCrashWatch({ marks, save: next => void (marks = next), now: () => at(seconds) })
      watch.began()
      return watch
    },
  }
}

describe('a start', () => {
  test('is as usual the first time, and after an end in order', () => {
    const disk = computer()
    disk.start(0).ended()
    expect(disk.start(10)).toMatchObject({ crashes: 0, isSafeMode: false })
  })

  test('is as usual after one or two ends nobody asked for', () => {
    const disk = computer()
    disk.start(0)
    expect(disk.start(60)).toMatchObject({ crashes: 1, isSafeMode: false })
    expect(disk.start(120)).toMatchObject({ crashes: 2, isSafeMode: false })
  })

  test('is in safe mode after the third within five minutes', () => {
    const disk = computer()
    for (const seconds of [0, 100, 200]) disk.start(seconds)
    expect(disk.start(300)).toMatchObject({ crashes: 3, isSafeMode: true })
  })

  test('stays in safe mode when that ends unexpectedly too', () => {
    const disk = computer()
    for (const seconds of [0, 10, 20, 30]) disk.start(seconds)
    expect(disk.start(40).isSafeMode).toBe(true)
  })

  test('is as usual when the three are further apart', () => {
    const disk = computer()
    for (const seconds of [0, 200, 400]) disk.start(seconds)
    expect(disk.start(601)).toMatchObject({ crashes: 2, isSafeMode: false })
  })

  test('is as usual after safe mode was left in order', () => {
    const disk = computer()
    for (const seconds of [0, 10, 20]) disk.start(seconds)
    const safe = disk.start(30)
    expect(safe.isSafeMode).toBe(true)
    safe.ended()
    expect(disk.start(31)).toMatchObject({ crashes: 0, isSafeMode: false })
  })

  test('counts nothing that a clock set back put into the future', () => {
    expect(computer({ running: null, ends: [at(10), at(20), at(30)] }).start(0).isSafeMode).toBe(false)
  })

  test('counts a run that nobody ended, however long it was', () => {
    expect(computer({ running: at(-86_400), ends: [] }).start(0).crashes).toBe(1)
  })
})

describe('a tally', () => {
  test('is full from the third within five minutes on, and empties with time', () => {
    let now = 0
    const isTooOften = createTally(() => now)
    const seen = [0, 1000, 2000, 3000, 400_000].map(ms => {
      now = ms
      return isTooOften()
    })
    expect(seen).toEqual([false, false, true, true, false])
  })
})
