import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { stayPresent } from '../../electron/headless/own-lock.ts'
import { fakeCore } from './support/fake-core.ts'

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

test('a core of one command is touched more often than its lock could close, until the command ends', async () => {
  const own = fakeCore({ 'lock.touch': () => ({}) })
  const core = stayPresent(own)
  for (let minute = 1; minute <= 5; minute += 1) {
    const before = own.asked.length
    await vi.advanceTimersByTimeAsync(59_000)
    expect(own.asked.length).toBeGreaterThan(before)
  }
  await core.close()
  expect(own.closed()).toBe(true)
  const { length } = own.asked
  await vi.advanceTimersByTimeAsync(600_000)
  expect(own.asked).toHaveLength(length)
})
