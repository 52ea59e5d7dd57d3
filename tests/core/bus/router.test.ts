import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { createRouter, type Handlers } from '../../../electron/core/bus/router.ts'
import { createEvents } from '../../../electron/core/bus/events.ts'
import { createLog } from '../../../electron/core/log/log.ts'
import type { LogRecord } from '../../../electron/core/ports.ts'
import { AppError, ERRORS } from '../../../shared/contract/errors.ts'
import type { AppEvent } from '../../../shared/contract/events.ts'
import { jumpingClock } from '../../support/fake-ports.ts'

const clock = jumpingClock()
const never: AbortSignal = new AbortController().signal

function routerWith(handlers: Partial<Handlers>) {
  const records: LogRecord[] = []
  const log = createLog(record => void records.push(record), clock)
  // The router only calls what a test asks for; a missing handler would be a compile error in the product.
  return { router: createRouter({ handlers: handlers as Handlers, clock, log }), records }
}

describe('the router', () => {
  test('answers any bytes with an envelope and never throws', async () => {
    const { router } = routerWith({})
    await fc.assert(fc.asyncProperty(fc.anything(), async request => {
      const reply = await router.dispatch(request, { signal: never })
      expect(reply.ok).toBe(false)
      expect(JSON.stringify(reply)).not.toContain('stack')
    }), { numRuns: 500 })
  })

  test('refuses inputs the contract does not know, unknown keys included, before any handler runs', async () => {
    let ran = 0
    const { router } = routerWith({ 'app.status': () => { ran += 1; throw new Error('not reached') } })
    const reply = await router.dispatch({ id: '1', route: 'app.status', input: { extra: 1 } }, { signal: never })
    expect(reply).toMatchObject({ ok: false, error: { code: 'app/invalid-request' } })
    expect(ran).toBe(0)
  })

  test.each(['nope', '__proto__', 'constructor', 'toString'])('does not know the route %s', async route => {
    const { router } = routerWith({})
    expect(await router.dispatch({ id: '1', route, input: {} }, { signal: never })).toMatchObject({ ok: false, error: { code: 'app/unknown-route' } })
  })

  test('shows a sentence for a stranger\'s error and keeps its words for the log', async () => {
    const { router, records } = routerWith({ 'brokers.list': () => { throw new TypeError('secret inner words') } })
    const reply = await router.dispatch({ id: '1', route: 'brokers.list', input: {} }, { signal: never })
    expect(reply).toMatchObject({ ok: false, error: { code: 'app/internal', message: ERRORS['app/internal'].message } })
    expect(JSON.stringify(reply)).not.toContain('inner words')
    expect(records.filter(record => record.event === 'request.failed')).toHaveLength(1)
    expect(JSON.stringify(records)).toContain('inner words')
  })

  test('passes a known failure on with its waiting time', async () => {
    const { router } = routerWith({ 'brokers.list': () => { throw new AppError('broker/rate-limited', { retryAfterMs: 30_000, details: { broker: 'Alpaca' } }) } })
    expect(await router.dispatch({ id: '1', route: 'brokers.list', input: {} }, { signal: never })).toEqual({
      ok: false, error: { code: 'broker/rate-limited', message: 'Alpaca asks to slow down.', action: ERRORS['broker/rate-limited'].action, retryAfterMs: 30_000 },
    })
  })

  test('says canceled when the caller gave up', async () => {
    const stop = new AbortController()
    const { router } = routerWith({
      'brokers.list': (_input, { signal }) => new Promise((_resolve, reject) => signal.addEventListener('abort', () => reject(new DOMException('stopped', 'AbortError')))),
    })
    const reply = router.dispatch({ id: '1', route: 'brokers.list', input: {} }, { signal: stop.signal })
    stop.abort()
    expect(await reply).toMatchObject({ ok: false, error: { code: 'app/canceled' } })
  })
})

test('events are numbered without gaps, and one bad listener does not silence the others', () => {
  const records: LogRecord[] = []
  const events = createEvents({ log: createLog(record => void records.push(record), clock) })
  const seen: AppEvent[] = []
  events.subscribe(() => { throw new Error('bad listener') })
  const stop = events.subscribe(event => void seen.push(event))
  events.emit({ type: 'brokers.changed' })
  events.emit({ type: 'vault.changed' })
  stop()
  events.emit({ type: 'vault.changed' })
  expect(seen.map(event => event.revision)).toEqual([1, 2])
  expect(records.filter(record => record.event === 'event.listener-failed')).toHaveLength(3)
})

test('every error code has a sentence and a way out, with no blame', () => {
  for (const [code, { message, action }] of Object.entries(ERRORS)) {
    // A detail at the end is a sentence or a quotation of its own.
    expect(message, code).toMatch(/^[A-Z{].*[.?}]$/)
    expect(action, code).toMatch(/^[A-Z{].*\.$/)
    expect(`${message} ${action}`, code).not.toMatch(/oops|invalid user|your fault|!/i)
  }
})
