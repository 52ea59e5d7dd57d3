import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { createNetwork } from '../../electron/node/network.ts'

const MINUTE = 60_000
const HOUR = 60 * MINUTE

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

function watched(first: readonly string[]) {
  const seen = { addresses: first, looks: 0, returns: 0 }
  const network = createNetwork({ addresses: () => ((seen.looks += 1), seen.addresses) })
  return { seen, stop: network.onReturn(() => (seen.returns += 1)), network }
}

describe('the network', () => {
  test('is not watched while nobody listens', () => {
    const { seen, stop } = watched(['eth0 10.0.0.5'])
    stop()
    const { looks } = seen
    vi.advanceTimersByTime(HOUR)
    expect([seen.looks - looks, vi.getTimerCount()]).toEqual([0, 0])
  })

  test('says nothing while it stays as it is, nor when it goes', () => {
    const { seen } = watched(['eth0 10.0.0.5'])
    vi.advanceTimersByTime(HOUR)
    seen.addresses = []
    vi.advanceTimersByTime(HOUR)
    expect(seen.returns).toBe(0)
  })

  test('is back once when an address comes, after none or after another', () => {
    const { seen } = watched([])
    seen.addresses = ['wlan0 192.168.1.7']
    vi.advanceTimersByTime(HOUR)
    expect(seen.returns).toBe(1)
    seen.addresses = ['wlan0 172.20.10.2']
    vi.advanceTimersByTime(HOUR)
    expect(seen.returns).toBe(2)
  })

  test('may be back after a sleep, even on the same address', () => {
    const { seen } = watched(['eth0 10.0.0.5'])
    vi.advanceTimersByTime(MINUTE)
    vi.setSystemTime(Date.now() + 8 * HOUR)
    vi.advanceTimersByTime(MINUTE)
    expect(seen.returns).toBe(1)
  })

  test('is told to everyone who listens, until each stops', () => {
    const { seen, network, stop } = watched([])
    let other = 0
    const stopOther = network.onReturn(() => (other += 1))
    stop()
    seen.addresses = ['eth0 10.0.0.5']
    vi.advanceTimersByTime(MINUTE)
    expect([seen.returns, other]).toEqual([0, 1])
    stopOther()
    expect(vi.getTimerCount()).toBe(0)
  })

  test('of this machine can be read', () => {
    let returns = 0
    const stop = createNetwork().onReturn(() => (returns += 1))
    vi.advanceTimersByTime(5 * MINUTE)
    expect(returns).toBe(0)
    stop()
  })
})
