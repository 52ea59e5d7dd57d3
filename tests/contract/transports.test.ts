import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { isRouteName, routes } from '../../shared/contract/routes.ts'
import type { Envelope } from '../../shared/contract/envelope.ts'
import type { AppEvent } from '../../shared/contract/events.ts'
import type { ConnectionId } from '../../shared/domain/ids.ts'
import { type Call, callerOf, type TestCore, testCore } from '../support/test-core.ts'
import { type Carrier, inMemory, overIpc, overWebSocket } from './carriers.ts'

/** Whether an answer is what its route promises. */
function isInShape(route: string, envelope: Envelope<unknown>): boolean {
  return isRouteName(route) && envelope.ok && routes[route].output.safeParse(envelope.data).success
}

let app: TestCore
let connectionId: ConnectionId

beforeAll(async () => {
  app = await testCore()
  connectionId = await app.connect('alpaca')
  await app.call('sync.run', { connectionId })
})
afterAll(() => app[Symbol.asyncDispose]())

describe.each([['in memory', inMemory], ['over IPC', overIpc], ['over a WebSocket', overWebSocket]] as const)('the contract %s', (_name, open) => {
  let carrier: Carrier
  let call: Call
  let seen: AppEvent[]

  beforeAll(async () => {
    carrier = await open(app.core)
    call = callerOf(carrier.dispatch)
    seen = []
    carrier.subscribe(event => void seen.push(event))
  })
  afterAll(() => carrier.close())

  test('answers every query with the same bytes as the core itself', async () => {
    const [account] = (await app.call('connections.list', {}))[0]?.accounts ?? []
    const [row] = (await app.call('activities.page', { limit: 1 })).rows
    const asked: [string, unknown][] = [
      ['connections.list', {}], ['brokers.list', {}], ['sync.schedule', {}], ['portfolio.positions', { accountId: account?.id }],
      ['portfolio.orders', { limit: 50 }], ['activities.page', { limit: 200, kinds: ['trade'], side: 'buy' }], ['activities.detail', { id: row?.id }],
      ['activities.count', { search: 'div' }], ['activities.coverage', {}], ['activities.csv', {}],
    ]
    for (const [route, input] of asked) {
      const request = { id: `q-${route}`, route, input: JSON.parse(JSON.stringify(input)) as unknown }
      const signal = new AbortController().signal
      const carried = await carrier.dispatch(request, signal)
      const direct = await app.core.dispatch(request, { signal })
      expect(carried, route).toEqual(JSON.parse(JSON.stringify(direct)))
      expect(carried, route).toMatchObject({ ok: true })
      expect(isInShape(route, carried), route).toBe(true)
    }
  })

  test('pages through the whole history without losing or repeating a row', async () => {
    const ids: string[] = []
    for (let after: string | undefined; ;) {
      const page = await call('activities.page', { limit: 37, ...(after === undefined ? {} : { after }) })
      ids.push(...page.rows.map(row => row.id))
      if (page.next === null) break
      after = page.next
    }
    const { count } = await call('activities.count', {})
    expect(ids).toHaveLength(count)
    expect(new Set(ids).size).toBe(count)
  })

  test('tells of a change by event after a command, numbered without gaps', async () => {
    await call('sync.pause', { paused: true })
    await call('sync.pause', { paused: false })
    await call('connections.test', { connectionId })
    const revisions = seen.map(event => event.revision)
    expect(seen.some(event => event.type === 'connections.changed' && event.connectionIds.includes(connectionId))).toBe(true)
    expect(revisions.every((revision, at) => at === 0 || revision === (revisions[at - 1] ?? 0) + 1)).toBe(true)
  })

  test.each([
    ['an unknown route', { id: '1', route: 'nope', input: {} }, 'app/unknown-route'],
    ['a wrong input', { id: '2', route: 'activities.page', input: { limit: 0 } }, 'app/invalid-request'],
    ['an unknown key', { id: '3', route: 'app.status', input: { extra: true } }, 'app/invalid-request'],
    ['a bad cursor', { id: '4', route: 'activities.page', input: { limit: 5, after: 'not-a-cursor' } }, 'app/invalid-request'],
    ['an id of nobody', { id: '5', route: 'activities.detail', input: { id: 'act_999999' } }, 'app/not-found'],
  ])('refuses %s with its own code', async (_what, request, code) => {
    expect(await carrier.dispatch(request, new AbortController().signal)).toMatchObject({ ok: false, error: { code } })
  })

  test('stops a request that its caller gave up, and goes on with the next', async () => {
    app.sandbox.control('alpaca').fault({ name: 'slow', ms: 20_000 })
    const stop = new AbortController()
    const slow = carrier.dispatch({ id: 'slow', route: 'connections.test', input: { connectionId } }, stop.signal)
    stop.abort()
    expect(await slow).toMatchObject({ ok: false, error: { code: 'app/canceled' } })
    app.sandbox.control('alpaca').fault(null)
    expect(await call('app.status', {})).toMatchObject({ host: 'test' })
  })

  test('carries text in any script unharmed', async () => {
    const search = 'кит 鯨 🐋 "quoted" \\ back'
    expect(await call('activities.count', { search })).toMatchObject({ count: 0 })
  })

  test('answers a hundred requests at once, each to its own caller', async () => {
    const pages = await Promise.all(Array.from({ length: 100 }, (_, at) => call('activities.page', { limit: at + 1 })))
    expect(pages.map(page => page.rows.length)).toEqual(Array.from({ length: 100 }, (_, at) => at + 1))
  })
})
