import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { plainRecord, plainText } from '../../../electron/core/log/plain-words.ts'
import type { LogRecord } from '../../../electron/core/ports.ts'
import { Instant } from '../../../shared/domain/time.ts'

const at = Instant.parse('2026-11-20T15:00:00Z')
const recordOf = (fields: LogRecord['fields'], event = 'http.failed'): LogRecord => ({ at, level: 'warn', event, fields })

/** Account numbers, e-mail addresses, tokens, home folders, names of machines and of people. */
const canaries = fc.oneof(
  fc.stringMatching(/^[A-Z]{0,2}[0-9]{6,12}$/),
  fc.stringMatching(/^[a-z]{3,10}\.[a-z]{3,10}@[a-z]{3,12}\.(com|org)$/),
  fc.stringMatching(/^[A-Za-z0-9_-]{20,60}$/),
  fc.stringMatching(/^\/home\/[a-z]{4,12}$/),
  fc.stringMatching(/^C:\\Users\\[A-Z][a-z]{3,12}$/),
  fc.stringMatching(/^[a-z]{4,12}-macbook\.local$/),
  fc.stringMatching(/^[A-Z][a-z]{3,10} [A-Z][a-z]{3,12}$/),
)

describe('a record to be handed on', () => {
  test('says nothing of what its texts hold, wherever that stands', () => {
    const shapes = fc.constantFrom(
      (it: string) => it,
      (it: string) => `Error: connect ECONNREFUSED ${it} (${it}) < AppError (net/offline): ${it}`,
      (it: string) => `{"account":"${it}","list":["${it}"]}`,
      (it: string) => `open ${it}/.local/share/keelson/keelson.db`,
      (it: string) => `at Object.run (file://${it}/electron/core/net/http.ts:12:3)`,
      (it: string) => `electron/core/${it}:1:1`,
    )
    const names = fc.constantFrom('cause', 'path', 'host', 'because', 'code', 'x-request-id', 'message', 'status')
    fc.assert(
      fc.property(canaries, shapes, names, (canary, shape, name) => {
        const plain = JSON.stringify(plainRecord(recordOf({ [name]: shape(canary) }, canary)))
        expect(plain).not.toContain(JSON.stringify(canary).slice(1, -1))
      }),
      { numRuns: 500 },
    )
  })

  test('says nothing of numbers large enough for an account', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1_000_000, max: 2_000_000_000 }), number => {
        expect(JSON.stringify(plainRecord(recordOf({ ms: number, account: -number })))).not.toContain(String(number))
      }),
    )
  })

  test('keeps what helps: codes, durations, paths, kinds of errors and the places in Keelson they came from', () => {
    const fields = {
      broker: 'Charles Schwab',
      route: 'sync.run',
      version: '0.1.0',
      method: 'GET',
      path: '/trader/v1/accounts/12345678901234/orders',
      status: 503,
      ms: 1200,
      failure: 'net/timeout',
      cause: 'TypeError: x is not a function\n    at read (/home/alice/keelson/electron/core/net/body.ts:31:9)\n    at node:internal/x:1:1',
      other: 'Error (UND_ERR_SOCKET): other side closed < Error (ECONNRESET)',
      since: '2026-11-20T15:00:00.000Z',
      ok: true,
      none: null,
      connectionId: 'con_0f8fad5b-d9cb-469f-a165-70867728950e',
    }
    expect(plainRecord(recordOf(fields)).fields).toEqual({
      ...fields,
      path: '/trader/v1/accounts/…/orders',
      cause: 'TypeError electron/core/net/body.ts:31',
      other: 'Error UND_ERR_SOCKET Error ECONNRESET',
    })
  })

  test('gives the length of a text in which it knows no word', () => {
    expect(plainText('My retirement money')).toBe('[text of 19]')
    expect(plainRecord(recordOf({}, 'Not an event')).event).toBe('other')
  })
})
