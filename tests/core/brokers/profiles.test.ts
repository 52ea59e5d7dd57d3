import { describe, expect, test } from 'vitest'
import { classifyTokenFailure as alpacaToken } from '../../../electron/core/brokers/alpaca/auth.ts'
import { brokers } from '../../../electron/core/brokers/registry.ts'
import { allowedOrigins, isSocket, resolveEnvironment } from '../../../electron/core/brokers/sandbox-address.ts'
import { classifyTokenFailure as schwabToken } from '../../../electron/core/brokers/schwab/auth.ts'
import { BROKER_IDS } from '../../../shared/domain/broker.ts'

const { alpaca, schwab } = brokers

describe('the registry', () => {
  test('lists every broker under its own id, with a sandbox', () => {
    expect(Object.keys(brokers).sort()).toEqual([...BROKER_IDS].sort())
    for (const id of BROKER_IDS) expect([brokers[id].id, brokers[id].environments.sandbox?.methods.includes('oauth')]).toEqual([id, true])
  })

  test('gives each broker a redirect path of its own', () => {
    const paths = BROKER_IDS.flatMap(id => Object.values(brokers[id].environments).map(profile => profile.oauth?.redirect.path))
    expect(new Set(paths).size).toBe(BROKER_IDS.length)
  })

  test('calls addresses over https only, and sockets of this computer', () => {
    const addresses = BROKER_IDS.flatMap(id => Object.values(brokers[id].environments)).flatMap(profile => [
      ...Object.values(profile.bases),
      profile.oauth?.authorizeUrl,
      profile.oauth?.tokenUrl,
    ])
    const said = addresses.filter(address => address !== undefined)
    for (const address of said) expect(address).toMatch(isSocket(address) ? /^127\.0\.0\.1:\d+$/ : /^https:\/\//)
  })
})

describe('an environment', () => {
  test('of a real account is used as written', () => {
    expect(resolveEnvironment(alpaca, 'paper', { KEELSON_SANDBOX_ALPACA_URL: 'http://127.0.0.1:8200' }).bases['trading']).toBe(
      'https://paper-api.alpaca.markets',
    )
    expect(allowedOrigins(resolveEnvironment(alpaca, 'live', {}))).toEqual(['https://api.alpaca.markets', 'https://data.alpaca.markets'])
    expect(allowedOrigins(resolveEnvironment(schwab, 'live', {}))).toEqual(['https://api.schwabapi.com'])
  })

  test('the broker does not have is refused', () => {
    expect(() => resolveEnvironment(schwab, 'paper', {})).toThrow(expect.objectContaining({ code: 'auth/method-unavailable' }))
  })

  test.each(['http://127.0.0.1:8200', 'http://127.0.0.1:8200/', 'http://127.9.8.7:1', 'http://[::1]:8200', 'https://127.0.0.1:8443'])(
    "sandbox keeps the broker's paths below %s",
    address => {
      const origin = new URL(address).origin
      const [first, second] = [
        resolveEnvironment(alpaca, 'sandbox', { KEELSON_SANDBOX_ALPACA_URL: address }),
        resolveEnvironment(schwab, 'sandbox', { KEELSON_SANDBOX_SCHWAB_URL: address }),
      ]
      expect(first).toMatchObject({
        bases: { trading: origin, data: origin },
        oauth: { authorizeUrl: `${origin}/oauth/authorize`, tokenUrl: `${origin}/oauth/token`, redirect: { port: null } },
      })
      expect(second).toMatchObject({
        bases: { trader: `${origin}/trader/v1`, marketdata: `${origin}/marketdata/v1` },
        oauth: { authorizeUrl: `${origin}/v1/oauth/authorize`, tokenUrl: `${origin}/v1/oauth/token` },
      })
      expect(allowedOrigins(first)).toEqual([origin])
    },
  )

  test('sandbox may live below a path', () => {
    expect(resolveEnvironment(schwab, 'sandbox', {}, 'http://127.0.0.1:8200/schwab/').bases['trader']).toBe(
      'http://127.0.0.1:8200/schwab/trader/v1',
    )
  })

  test('sandbox prefers the address that was set', () => {
    expect(
      resolveEnvironment(alpaca, 'sandbox', { KEELSON_SANDBOX_ALPACA_URL: 'http://127.0.0.1:1' }, 'http://127.0.0.1:2').bases['trading'],
    ).toBe('http://127.0.0.1:1')
    expect(resolveEnvironment(alpaca, 'sandbox', { KEELSON_SANDBOX_ALPACA_URL: ' ' }, 'http://127.0.0.1:2').bases['trading']).toBe(
      'http://127.0.0.1:2',
    )
  })

  test.each([
    'http://localhost:8200',
    'http://example.com',
    'https://api.alpaca.markets',
    'http://127.0.0.1.evil.test',
    'http://10.0.0.1',
    'http://0.0.0.0:1',
    'http://[::ffff:10.0.0.1]',
    'http://user:pw@127.0.0.1:1',
    'http://127.0.0.1:1/?a=b',
    'http://127.0.0.1:1/#x',
    'ftp://127.0.0.1',
    'file:///tmp',
    '127.0.0.1:8200',
    'nonsense',
  ])('sandbox refuses %s', address => {
    expect(() => resolveEnvironment(alpaca, 'sandbox', { KEELSON_SANDBOX_ALPACA_URL: address }, 'http://127.0.0.1:2')).toThrow(
      expect.objectContaining({
        code: 'sandbox/address-refused',
        message: 'KEELSON_SANDBOX_ALPACA_URL must be a loopback address such as http://127.0.0.1:8200.',
      }),
    )
  })

  test('sandbox without any address is refused', () => {
    expect(() => resolveEnvironment(alpaca, 'sandbox', {})).toThrow(expect.objectContaining({ code: 'sandbox/address-refused' }))
  })
})

describe('a failed token answer', () => {
  const nested =
    '{"error":"unsupported_token_type","error_description":"400 Bad Request: \\"{\\"error_description\\":\\"Exception while authenticating refresh token\\",\\"error\\":\\"refresh_token_authentication_error\\"}\\""}'

  test.each<[number, string, string | undefined]>([
    [400, nested, 'auth/sign-in-needed'],
    [400, '{"error":"invalid_grant"}', 'auth/sign-in-needed'],
    [401, '{"error":"invalid_client","error_description":"refresh token invalid"}', 'auth/sign-in-needed'],
    [401, '{"error":"invalid_client"}', 'auth/app-misconfigured'],
    [401, '{"errors":[{"detail":"Client not authorized"}]}', 'auth/app-misconfigured'],
    [400, '{"message":"try later"}', undefined],
    [500, nested, undefined],
    [503, '', undefined],
    [403, '<html>Access Denied invalid_grant</html>', undefined],
    [429, 'Rate Limit Exceeded', undefined],
  ])('of Schwab with %i %s means %s', (status, body, code) => {
    expect(schwabToken({ status, body })).toBe(code)
  })

  test.each<[number, string, string | undefined]>([
    [401, '{"code":40110000,"message":"invalid_client"}', 'auth/app-misconfigured'],
    [422, '{"code":40010001,"message":"redirect_uri"}', 'auth/app-misconfigured'],
    [400, '{"error":"invalid_grant"}', 'auth/sign-in-needed'],
    [400, '{}', undefined],
    [504, '', undefined],
    [403, '<html>', undefined],
  ])('of Alpaca with %i %s means %s', (status, body, code) => {
    expect(alpacaToken({ status, body })).toBe(code)
  })
})
