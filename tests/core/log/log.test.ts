import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { createLog } from '../../../electron/core/log/log.ts'
import type { LogRecord } from '../../../electron/core/ports.ts'
import { Secret } from '../../../electron/core/vault/secret.ts'
import { Instant } from '../../../shared/domain/time.ts'

const at = Instant.parse('2026-11-20T15:00:00Z')

function capture() {
  const records: LogRecord[] = []
  return { log: createLog(record => void records.push(record), { now: () => at }), records, text: () => JSON.stringify(records) }
}

describe('the log', () => {
  test('writes level, time, event and plain fields', () => {
    const { log, records } = capture()
    log.info('sync.finished', { connectionId: 'con_1', rows: 42, ok: true, error: null })
    expect(records).toEqual([
      { at, level: 'info', event: 'sync.finished', fields: { connectionId: 'con_1', rows: 42, ok: true, error: null } },
    ])
  })

  test('hides fields by their name, at any depth', () => {
    const { log, text } = capture()
    const hidden = 'visible-if-wrong'
    log.warn('x', {
      token: hidden,
      accessToken: hidden,
      refresh_token: hidden,
      clientSecret: hidden,
      code: hidden,
      apiKey: hidden,
      'api-key-id': hidden,
      password: hidden,
      accountNumber: hidden,
      number: hidden,
      hashValue: hidden,
      authorization: hidden,
      state: hidden,
      codeVerifier: hidden,
      nested: { list: [{ passphrase: hidden }], headers: { Authorization: hidden, 'APCA-API-SECRET-KEY': hidden, cookie: hidden } },
      map: new Map([['token', hidden]]),
    })
    expect(text()).not.toContain(hidden)
  })

  test('shows what is harmless', () => {
    const { log, records } = capture()
    log.info('x', {
      broker: 'Alpaca',
      connection: 'con_1',
      errorCode: 'net/offline',
      path: '/v2/account',
      attempt: 2,
      failure: 'net/timeout',
    })
    expect(records[0]?.fields).toEqual({
      broker: 'Alpaca',
      connection: 'con_1',
      errorCode: 'net/offline',
      path: '/v2/account',
      attempt: 2,
      failure: 'net/timeout',
    })
  })

  test('tells codes of errors from codes of sign-ins', () => {
    const { log, records } = capture()
    log.warn('x', { code: 'broker/rate-limited', state: 'needs-sign-in' })
    log.warn('x', { code: 'ECONNRESET', state: 'x4Jq-8sQ2' })
    log.warn('x', { code: 'C0.b2F1dGg@', state: 40110000 })
    expect(records.map(record => Object.values(record.fields))).toEqual([
      ['broker/rate-limited', 'needs-sign-in'],
      ['ECONNRESET', '[hidden]'],
      ['[hidden]', '[hidden]'],
    ])
  })

  test('hides a guarded secret wherever and however it is written', () => {
    fc.assert(
      fc.property(fc.string({ minLength: 8, maxLength: 60, unit: 'binary-ascii' }), value => {
        const { log, records } = capture()
        log.guard(Secret.of(value))
        log.error('x', {
          plain: `before ${value} after`,
          url: encodeURIComponent(value),
          basic: Buffer.from(value).toString('base64'),
          list: [value],
          error: new Error(`bad ${value}`, { cause: value }),
        })
        const fields = records[0]?.fields ?? {}
        expect(fields['plain']).not.toContain(value)
        expect(fields['list']).not.toContain(JSON.stringify(value))
        expect(fields['error']).not.toContain(value)
        expect(fields['basic']).not.toContain(Buffer.from(value).toString('base64'))
      }),
      { numRuns: 200 },
    )
  })

  test('hides secrets by their shape and never keeps a query string', () => {
    const { log, text } = capture()
    log.info('x', {
      a: 'Authorization: Bearer abcdef0123456789',
      b: 'Basic dXNlcjpwYXNz',
      c: 'https://127.0.0.1:8182/callback/schwab?code=C0.abc%40&session=1#frag',
      d: '{"access_token":"tok-12345678","n":1}',
      e: 'grant_type=refresh_token&refresh_token=rt-12345678',
    })
    for (const part of ['abcdef0123456789', 'dXNlcjpwYXNz', 'C0.abc', 'session=1', 'frag', 'tok-12345678', 'rt-12345678'])
      expect(text()).not.toContain(part)
    expect(text()).toContain('https://127.0.0.1:8182/callback/schwab')
  })

  test('prints errors with code and cause, and takes anything as a field', () => {
    const { log, records } = capture()
    const loop: Record<string, unknown> = { name: 'loop' }
    loop['self'] = loop
    const error = Object.assign(new Error('socket hang up', { cause: new Error('below') }), { code: 'ECONNRESET' })
    log.error('x', {
      error,
      loop,
      bytes: new Uint8Array(3),
      when: new Date(0),
      big: 12n,
      nothing: undefined,
      fn: () => 1,
      nan: Number.NaN,
      secret: Secret.of('abc'),
      value: Secret.of('abc'),
      get broken(): string {
        return 'fine'
      },
    })
    expect(records[0]?.fields).toEqual({
      error: 'Error (ECONNRESET): socket hang up < Error: below',
      loop: '{"name":"loop","self":"[…]"}',
      bytes: '[bytes]',
      when: '1970-01-01T00:00:00.000Z',
      big: '12',
      nothing: null,
      fn: '[function]',
      nan: 'NaN',
      secret: '[hidden]',
      value: '[secret]',
      broken: 'fine',
    })
  })

  test('hides e-mail addresses and whose folder a file is in', () => {
    const { log, records } = capture()
    log.warn('x', {
      a: '550 5.1.1 <ada.lovelace+k@mail.example.org>: unknown',
      b: "ENOENT: no such file, open '/home/ada/.local/share/keelson/x.db'",
      c: 'at file:///Users/ada/keelson/electron/core/net/http.ts:1:1',
      d: 'C:\\Users\\Ada Lovelace\\AppData\\x',
    })
    const shown = Object.values(records[0]?.fields ?? {})
    expect(shown).toEqual([
      '550 5.1.1 <[e-mail]>: unknown',
      "ENOENT: no such file, open '~/.local/share/keelson/x.db'",
      'at file://~/keelson/electron/core/net/http.ts:1:1',
      '~\\AppData\\x',
    ])
  })

  test('cuts what is too long', () => {
    const { log, records } = capture()
    log.info('x', { text: 'a'.repeat(10_000) })
    expect(String(records[0]?.fields['text']).length).toBeLessThan(2100)
  })

  test('does not fail its caller when the sink fails or a field cannot be read', () => {
    const log = createLog(
      () => {
        throw new Error('disk full')
      },
      { now: () => at },
    )
    const hostile = {
      get trap(): string {
        throw new Error('no')
      },
    }
    expect(() => log.info('x', hostile)).not.toThrow()
    const { log: other, records } = capture()
    other.info('y', { nested: hostile })
    expect(records[0]?.fields).toEqual({ nested: '[unreadable]' })
  })
})
