import { once } from 'node:events'
import { createServer } from 'node:net'
import { describe, expect, test } from 'vitest'
import { classifyFailure, classifyTokenFailure, oauthProfile, words } from '../../../../electron/core/brokers/ibkr/auth.ts'
import { ibkr } from '../../../../electron/core/brokers/ibkr/index.ts'
import { twsAddress } from '../../../../electron/core/brokers/ibkr/tws-address.ts'
import { isOpen, suggestGateway, suggestTws } from '../../../../electron/core/brokers/ibkr/ports.ts'
import { sayings } from '../../../../electron/core/brokers/ibkr/sayings.ts'
import { initialOf, type Method } from '../../../../shared/domain/broker.ts'
import { LocalDate } from '../../../../shared/domain/time.ts'
import { testSession } from '../support/test-session.ts'
import { stepClock } from '../../net/support/step-clock.ts'
import { scriptedWeb } from './support/scripted-web.ts'

const { signal } = new AbortController()

describe('the ways in of IBKR', () => {
  test('are offered in their order of preference, everywhere', () => {
    expect(ibkr.methods.map(({ method }) => method)).toEqual(['oauth', 'tws', 'gateway', 'flex'])
    for (const profile of Object.values(ibkr.environments)) expect(profile.methods).toEqual(['oauth', 'tws', 'gateway', 'flex'])
  })

  test('have forms whose first values fit them', () => {
    const fields = ibkr.methods.flatMap(method => method.fields).filter(({ initial }) => initial !== '')
    expect(fields.length).toBeGreaterThan(0)
    for (const { initial, pattern } of fields) expect(initial).toMatch(new RegExp(`^(?:${pattern})$`))
  })

  test('begin with the port TWS has in their environment', () => {
    const port = ibkr.methods.find(({ method }) => method === 'tws')?.fields.find(({ name }) => name === 'port')
    if (!port) throw new Error('no port')
    expect([initialOf(port, 'live'), initialOf(port, 'paper'), initialOf(port, 'sandbox')]).toEqual(['7496', '7497', '7497'])
    for (const environment of ['live', 'paper'] as const) {
      expect(ibkr.environments[environment]?.bases['tws']).toBe(`127.0.0.1:${initialOf(port, environment)}`)
    }
  })

  describe('at a program of the user’s own', () => {
    const pattern = (method: Method, name: string): RegExp => {
      const found = ibkr.methods.find(each => each.method === method)?.fields.find(each => each.name === name)
      expect(found?.problem).toContain('192.168.')
      return new RegExp(`^(?:${found?.pattern})$`)
    }

    test.each(['localhost', '127.0.0.1', '10.0.0.4', '172.31.255.1', '192.168.1.20', '::1', '[::1]', 'fd12:3456::1', '[fd12:3456::1]'])(
      'take %s',
      host => {
        expect(host).toMatch(pattern('tws', 'host'))
        const inUrl = host.includes(':') && !host.startsWith('[') ? `[${host}]` : host
        expect(`https://${inUrl}:5000`).toMatch(pattern('gateway', 'address'))
        expect(`https://${inUrl}/`).toMatch(pattern('gateway', 'address'))
      },
    )

    test.each(['10.0.0.999', 'x.local', '10.0.0', '010.0.0.1', '8.8.8.8', '172.32.0.1', 'example.com', '[::1', '2001:db8::1', '0.0.0.0'])(
      'refuse %s and say what they take',
      host => {
        expect(host).not.toMatch(pattern('tws', 'host'))
        expect(`https://${host}:5000`).not.toMatch(pattern('gateway', 'address'))
      },
    )

    test('reach an IPv6 host with and without brackets', () => {
      expect(twsAddress('[::1]:7497')).toEqual({ host: '::1', port: 7497 })
      expect(twsAddress('192.168.1.20:4001')).toEqual({ host: '192.168.1.20', port: 4001 })
    })
  })

  test('know when a Flex token ends, as far as the user says', () => {
    const flex = ibkr.methods.find(({ method }) => method === 'flex')
    expect(flex?.expiresAt?.({ 'expires-on': '2027-03-31' })).toBe('2027-03-31T04:00:00.000Z')
    expect(flex?.expiresAt?.({})).toBeNull()
  })

  test('return to the registered address', () => {
    expect(oauthProfile().redirect).toEqual({ scheme: 'http', port: 8733, path: '/callback/ibkr' })
  })

  test('reach as far back as they can', () => {
    const { adapter } = scriptedWeb('oauth', () => undefined)
    const today = LocalDate.of('2026-11-20')
    expect(adapter.historyStart(today)).toBe('2026-11-13')
    const session = testSession({ http: fails(), clock: stepClock(), method: 'flex' })
    expect(ibkr.connect(session).historyStart(today)).toBe('2022-01-01')
    expect(ibkr.connect(session).trading).toBeNull()
  })
})

describe('ports', () => {
  test('are open or not', async () => {
    const server = createServer().listen(0, '127.0.0.1')
    await once(server, 'listening')
    const address = server.address()
    const port = typeof address === 'object' && address !== null ? address.port : 0
    await expect(isOpen(port, signal)).resolves.toBe(true)
    server.close()
    await once(server, 'close')
    await expect(isOpen(port, signal)).resolves.toBe(false)
  })

  test('are not looked for in the sandbox', async () => {
    await expect(suggestTws({ signal, environment: 'sandbox' })).resolves.toEqual([])
    await expect(suggestGateway({ signal, environment: 'sandbox' })).resolves.toEqual([])
  })

  test.each(['live', 'paper'] as const)('of %s are suggested only as far as something listens there', async environment => {
    const found = await suggestTws({ signal, environment })
    expect(found.map(({ values }) => values['host'])).toEqual(found.map(() => '127.0.0.1'))
    expect((await suggestGateway({ signal, environment })).length).toBeLessThanOrEqual(1)
  })
})

describe('refusals of IBKR', () => {
  test.each([
    [400, '{"error":"invalid_grant"}', 'auth/sign-in-needed'],
    [401, '{"error":"invalid_client"}', 'auth/app-misconfigured'],
    [401, '{}', 'auth/app-misconfigured'],
    [400, '{"error":"invalid_request"}', undefined],
    [403, '<html>Access denied</html>', undefined],
    [503, '{"error":"invalid_grant"}', undefined],
  ])('of a token with %i %s are %s', (status, body, code) => {
    expect(classifyTokenFailure({ status, body })).toBe(code)
  })

  test.each([
    [401, '{"error":"expired"}', 'auth/sign-in-needed'],
    [400, '{"error":"no bridge"}', 'local/not-signed-in'],
    [503, '{"error":"Order 99 not found"}', 'order/not-found'],
    [403, '{"error":"insufficient_scope"}', 'broker/scope-missing'],
    [500, '{}', undefined],
    [401, '<html></html>', undefined],
  ])('of a call with %i %s are %s', (status, body, code) => {
    expect(classifyFailure({ status, body })).toBe(code)
  })

  test('are quoted without markup and account numbers', () => {
    expect(words({ body: '{"error":"Not allowed"}' })).toBe('Not allowed')
    expect(words({ body: '<html></html>' })).toBeNull()
    expect(sayings('<b>Order</b> of DU1234567\u0000 refused')).toBe('Order of [account] refused')
  })
})

function fails() {
  const refuse = (): never => {
    throw new TypeError('nothing is called')
  }
  return { get: refuse, getRows: refuse, getHistory: refuse, getText: refuse, send: refuse, ask: refuse }
}
