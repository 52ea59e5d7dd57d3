import fc from 'fast-check'
import { expect, test } from 'vitest'
import { judgeVisit } from '../../../electron/core/oauth/gate.ts'

const expected = { host: '127.0.0.1:8731', path: '/callback/alpaca', state: 'the-state' }
const head = (url: string, headers: Record<string, string> = {}, method = 'GET') => {
  const all = { host: expected.host, ...headers }
  return { method, url, headers: all, rawHeaders: Object.entries(all).flat() }
}

test('a visit ends the sign-in only with our path, our state and one code', () => {
  expect(judgeVisit(head('/callback/alpaca?state=the-state&code=abc'), expected)).toMatchObject({
    kind: 'result',
    params: { kind: 'code' },
  })
  expect(judgeVisit(head('/callback/alpaca?state=the-state&error=server_error'), expected)).toEqual({
    kind: 'result',
    params: { kind: 'error', error: 'server_error' },
  })
})

test('an error word that is no error word is passed on as another one', () => {
  expect(judgeVisit(head('/callback/alpaca?state=the-state&error=%3Cscript%3E'), expected)).toEqual({
    kind: 'result',
    params: { kind: 'error', error: 'other' },
  })
})

test('whatever is sent without the state, judging it never throws and never ends the sign-in', () => {
  const header = fc.constantFrom(
    'host',
    'origin',
    'sec-fetch-site',
    'sec-fetch-mode',
    'sec-fetch-dest',
    'sec-purpose',
    'purpose',
    'x-moz',
    'upgrade',
    'cookie',
  )
  const method = fc.oneof(fc.constant('GET'), fc.constantFrom('HEAD', 'POST', 'OPTIONS', 'TRACE', ''))
  const target = fc.oneof(
    fc.string(),
    fc.string().map(text => `/callback/alpaca?${text}`),
    fc.string().map(text => `/callback/alpaca?code=x&state=${text}`),
  )
  fc.assert(
    fc.property(target, fc.dictionary(header, fc.string()), method, (url, headers, verb) => {
      fc.pre(!url.includes('the-state'))
      expect(judgeVisit(head(url, headers, verb), expected).kind).toBe('stray')
    }),
    { numRuns: 20_000 },
  )
})
