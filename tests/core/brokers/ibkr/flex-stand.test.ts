import { afterEach, describe, expect, test } from 'vitest'
import { SANDBOX_FLEX, SANDBOX_TWS } from '../../../../electron/core/sandbox/client-keys.ts'
import { startSandbox } from '../../../../electron/core/sandbox/sandbox.ts'
import type { Clock } from '../../../../electron/core/ports.ts'
import { Instant, LocalDate } from '../../../../shared/domain/time.ts'
import { type Connection, connection } from './support/connection.ts'
import { codeOf } from './support/tws-scene.ts'

const { signal } = new AbortController()
const stop = { signal }
const NOON = Date.parse('2026-11-20T17:00:00Z')
const RANGE = { from: LocalDate.of('2025-12-01'), to: LocalDate.of('2026-11-20') }
const PAUSES = [1000, 3000, 5000, 10_000, 60_000]

const cleanUps: (() => Promise<void>)[] = []
afterEach(async () => {
  for (const cleanUp of cleanUps.splice(0).reverse()) await cleanUp()
})

/** A clock that leaps over the pauses between calls; no other timer of it ever rings. */
function leapingClock(): Clock {
  let elapsed = 0
  return {
    now: () => Instant.fromEpochMs(NOON + elapsed),
    monotonicMs: () => elapsed,
    after(ms, run) {
      if (!PAUSES.includes(ms)) return () => undefined
      elapsed += ms
      const soon = setImmediate(run)
      return () => clearImmediate(soon)
    },
  }
}

interface Scene extends Connection {
  set(knob: string, value: string): void
}

async function scene(
  knobs: Readonly<Record<string, string>> = {},
  { token = SANDBOX_FLEX.token, query = SANDBOX_FLEX.queryId }: { token?: string; query?: string } = {},
): Promise<Scene> {
  const clock = leapingClock()
  const sandbox = await startSandbox({ seed: 7, now: () => clock.now(), stands: ['ibkr-flex'] })
  for (const [name, value] of Object.entries(knobs)) sandbox.control('ibkr-flex').knobs.set(name, value)
  const opened = connection({ urls: sandbox.urls, ways: [{ method: 'flex', settings: { 'query-id': query }, secrets: { token } }], clock })
  cleanUps.push(
    () => sandbox.close(),
    () => opened.close(),
  )
  return { ...opened, set: (knob, value) => sandbox.control('ibkr-flex').knobs.set(knob, value) }
}

describe('the simulated Flex service', () => {
  test.each([
    ['1012', 'auth/token-expired'],
    ['1015', 'flex/wrong-token'],
    ['1014', 'flex/query-refused'],
    ['1013', 'flex/service-off'],
    ['1003', 'flex/no-statement'],
    ['1001', 'flex/not-ready'],
  ])('refusing with %s is %s', async (error, code) => {
    const { adapter, reports } = await scene({ error })
    await expect(codeOf(adapter.testConnection(stop))).resolves.toBe(code)
    expect(reports.get('flex')?.code).toBe(code)
  })

  test('knows its token and its query', async () => {
    await expect(codeOf((await scene({}, { token: '1111' })).adapter.testConnection(stop))).resolves.toBe('flex/wrong-token')
    await expect(codeOf((await scene({}, { query: '1' })).adapter.testConnection(stop))).resolves.toBe('flex/query-refused')
  })

  test('is asked itself when the connection is tested, and not what was fetched before', async () => {
    const { adapter, set } = await scene()
    await expect(adapter.testConnection(stop)).resolves.toEqual({ accounts: 2 })
    set('error', '1012')
    expect(await adapter.accounts(stop)).toHaveLength(2)
    await expect(codeOf(adapter.testConnection(stop))).resolves.toBe('auth/token-expired')
  })

  test('is waited for while it makes the statement', async () => {
    const { adapter } = await scene({ 'in-progress': '6' })
    await expect(adapter.testConnection(stop)).resolves.toEqual({ accounts: 2 })
  })

  test.each(['html', 'truncated'])('that sends a body of "%s" is no statement', async body => {
    const { adapter } = await scene({ body })
    await expect(codeOf(adapter.testConnection(stop))).resolves.toMatch(/^broker\/(?:page|unreadable)$/)
  })

  test('holds the same history whatever dates and levels the query has', async () => {
    const ids = async (knobs: Readonly<Record<string, string>>): Promise<unknown> => {
      const { adapter } = await scene(knobs)
      const { rows } = await adapter.activities(SANDBOX_TWS.account, RANGE, null, stop)
      return rows.map(({ facts }) => `${facts.externalId} ${facts.tradeDate} ${facts.executedAt}`).toSorted((a, b) => a.localeCompare(b))
    }
    const plain = await ids({})
    await expect(ids({ 'date-format': 'yyyy-MM-dd', 'time-format': 'HH:mm:ss', separator: ',' })).resolves.toEqual(plain)
    await expect(ids({ levels: 'all' })).resolves.toEqual(plain)
  })

  test('whose query lists orders only says what to tick', async () => {
    const { adapter } = await scene({ levels: 'ORDER' })
    await expect(codeOf(adapter.activities(SANDBOX_TWS.account, RANGE, null, stop))).resolves.toBe('flex/misconfigured')
  })

  test('never has its token in the log', async () => {
    const { adapter, log } = await scene({ error: '1012' })
    await codeOf(adapter.testConnection(stop))
    expect(JSON.stringify(log)).not.toContain(SANDBOX_FLEX.token)
  })
})
