import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { connect } from '../../electron/headless/commands/connect.ts'
import { sync } from '../../electron/headless/commands/sync.ts'
import { sayWaiting } from '../../electron/headless/say-waiting.ts'
import { createClient } from '../../electron/headless/wire.ts'
import { type Answers, fakeCore } from './support/fake-core.ts'
import { fakeTerminal } from './support/fake-terminal.ts'
import { brokerOf, connectionOf } from './support/views.ts'

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

function setting(answers: Answers) {
  const core = fakeCore(answers)
  const terminal = fakeTerminal({ lines: ['a-token-of-a-user', '12345'] })
  const stop = new AbortController()
  return { core, terminal, stop, context: { client: createClient(core), terminal, json: true, signal: stop.signal } }
}

describe('a command that waits', () => {
  test('says so after a few seconds and again later, and is silent afterwards', async () => {
    const terminal = fakeTerminal()
    const { promise, resolve } = Promise.withResolvers<string>()
    const waiting = sayWaiting(terminal, () => 'Waiting for Alpaca.', promise)
    await vi.advanceTimersByTimeAsync(3999)
    expect(terminal.errors).toEqual([])
    await vi.advanceTimersByTimeAsync(15_001)
    expect(terminal.errors).toEqual([
      'Waiting for Alpaca. 4 s so far; Ctrl+C stops it.',
      'Waiting for Alpaca. 19 s so far; Ctrl+C stops it.',
    ])
    resolve('answered')
    expect(await waiting).toBe('answered')
    await vi.advanceTimersByTimeAsync(60_000)
    expect(terminal.errors).toHaveLength(2)
  })

  test('is silent after a failure, too', async () => {
    const terminal = fakeTerminal()
    await expect(sayWaiting(terminal, () => '', Promise.reject(new Error('no')))).rejects.toThrow('no')
    expect(vi.getTimerCount()).toBe(0)
  })

  test('names the broker a form is tried at, and what may hold it up', async () => {
    const { core, terminal, stop, context } = setting({ 'brokers.list': () => [brokerOf('ibkr', 'Interactive Brokers', ['flex'])] })
    const code = connect(context, { broker: 'ibkr', environment: 'sandbox', method: 'flex', open: false, paste: false, yes: true })
    await core.untilAsked('connections.withForm')
    await vi.advanceTimersByTimeAsync(4000)
    expect(terminal.errors).toEqual([
      'Waiting for Interactive Brokers. IBKR writes the report first; that can take a minute. 4 s so far; Ctrl+C stops it.',
    ])
    stop.abort()
    expect(await code).toBe(130)
  })

  test('names the connections that are still syncing', async () => {
    const list = [connectionOf('con_1', 'alpaca'), connectionOf('con_2', 'schwab', { label: 'Savings' })]
    const { core, terminal, stop, context } = setting({ 'connections.list': () => list })
    const code = sync(context, undefined)
    await core.untilAsked('sync.run')
    await vi.advanceTimersByTimeAsync(4000)
    expect(terminal.errors).toEqual(['Waiting for alpaca sandbox, Savings. 4 s so far; Ctrl+C stops it.'])
    stop.abort()
    expect(await code).toBe(130)
  })
})
