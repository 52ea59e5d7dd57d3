import { describe, expect, test } from 'vitest'
import type { Broker, EnvironmentProfile } from '../../../electron/core/brokers/adapter.ts'
import { alpaca } from '../../../electron/core/brokers/alpaca/index.ts'
import { allowedOrigins, basesFor, resolveEnvironment } from '../../../electron/core/brokers/sandbox-address.ts'
import type { StandId } from '../../../electron/core/sandbox/stands.ts'

/** A broker with several simulated servers, one of them no web server. */
const several: EnvironmentProfile = {
  methods: ['oauth', 'tws', 'flex'],
  bases: { api: 'https://api.example.com/v1/api', tws: '127.0.0.1:7497', flex: 'https://flex.example.com/service' },
  basesOf: { oauth: ['api'], tws: ['tws'], flex: ['flex'] },
  stands: { api: 'ibkr-oauth', tws: 'ibkr-tws', flex: 'ibkr-flex' },
  oauth: alpaca.environments.live?.oauth ?? null,
}
const broker: Broker = { ...alpaca, id: 'ibkr', environments: { live: several, sandbox: several } }
const served: Partial<Record<StandId, string>> = {
  'ibkr-oauth': 'http://127.0.0.1:9001',
  'ibkr-flex': 'http://127.0.0.1:9002',
  'ibkr-tws': '127.0.0.1:9003',
  'ibkr-gateway': '',
}
const builtIn = (stand: StandId): string | undefined => served[stand]
const basesWith = (env: Record<string, string>): Readonly<Record<string, string>> =>
  resolveEnvironment(broker, 'sandbox', env, builtIn).bases

describe('a broker with several stands', () => {
  test('gets each base from its own stand, with its path, and the sign-in from the stand of its base', () => {
    const { bases, oauth } = resolveEnvironment(broker, 'sandbox', {}, builtIn)
    expect(bases).toEqual({ api: 'http://127.0.0.1:9001/v1/api', tws: '127.0.0.1:9003', flex: 'http://127.0.0.1:9002/service' })
    expect(oauth?.tokenUrl).toBe('http://127.0.0.1:9001/oauth/token')
  })

  test("prefers each stand's own variable", () => {
    expect(basesWith({ KEELSON_SANDBOX_IBKR_FLEX_URL: 'http://127.0.0.1:1', KEELSON_SANDBOX_IBKR_TWS: '127.0.0.1:2' })).toEqual({
      api: 'http://127.0.0.1:9001/v1/api',
      tws: '127.0.0.1:2',
      flex: 'http://127.0.0.1:1/service',
    })
  })

  test.each([
    'localhost:4002',
    '192.168.1.5:4002',
    '127.0.0.1',
    '127.0.0.1:0',
    '127.0.0.1:70000',
    'http://127.0.0.1:4002',
    '127.0.0.1.example.com:4002',
  ])('refuses a socket anywhere but at a loopback number: %s', address => {
    expect(() => basesWith({ KEELSON_SANDBOX_IBKR_TWS: address })).toThrow(expect.objectContaining({ code: 'sandbox/address-refused' }))
  })

  test('leaves out the base of a stand that is not served', () => {
    const gone = (stand: StandId): string => (stand === 'ibkr-tws' ? '' : (builtIn(stand) ?? ''))
    expect(Object.keys(resolveEnvironment(broker, 'sandbox', {}, gone).bases)).toEqual(['api', 'flex'])
  })

  test('lets each way in call its own bases only; a socket is no origin', () => {
    const live = resolveEnvironment(broker, 'live', {})
    expect(basesFor(live, 'flex')).toEqual({ flex: 'https://flex.example.com/service' })
    expect(allowedOrigins({ bases: basesFor(live, 'flex'), oauth: null })).toEqual(['https://flex.example.com'])
    expect(allowedOrigins({ bases: basesFor(live, 'tws'), oauth: null })).toEqual([])
    expect(basesFor(live, 'gateway')).toEqual(live.bases)
  })
})
