import { describe, expect, test } from 'vitest'
import { readForm } from '../../../electron/core/services/form.ts'
import { ownAddresses } from '../../../electron/core/services/local-address.ts'
import type { FieldSpec } from '../../../shared/domain/broker.ts'
import { Instant } from '../../../shared/domain/time.ts'

const field = (name: string, kind: FieldSpec['kind'], more: Partial<FieldSpec> = {}): FieldSpec => ({
  name,
  kind,
  label: name.toUpperCase(),
  hint: '',
  pattern: null,
  problem: 'Not this.',
  initial: '',
  required: true,
  ...more,
})
const now = Instant.parse('2026-11-20T15:00:00Z')
const fields = [
  field('token', 'secret'),
  field('port', 'number', { pattern: '[1-9]\\d{0,4}' }),
  field('until', 'day', { required: false, future: true }),
]
const said = (values: Record<string, string>): unknown => {
  try {
    return readForm(fields, values, now)
  } catch (error) {
    return error instanceof Error ? error.message : error
  }
}

describe('what is typed into a form', () => {
  test('is trimmed and told apart: what may be shown, and what is sealed', () => {
    expect(readForm(fields, { token: ' t1 ', port: '7497', until: '' }, now)).toEqual({
      values: { port: '7497', token: 't1' },
      settings: { port: '7497' },
      secrets: { token: 't1' },
    })
    expect(readForm(fields, { token: 't', port: '1', until: '2027-03-31' }, now).settings).toEqual({ port: '1', until: '2027-03-31' })
  })

  test.each([
    [{ port: '7497' }, 'TOKEN: This is needed.'],
    [{ token: 't', port: '74x' }, 'PORT: Not this.'],
    [{ token: 't', port: '07497' }, 'PORT: Not this.'],
    [{ token: 't', port: '7497\n7497' }, 'PORT: Not this.'],
    [{ token: 't', port: '7497', until: '2027-02-30' }, 'UNTIL: Not this.'],
    [{ token: 't', port: '7497', until: '2020-01-01' }, 'UNTIL: This day is over.'],
    [{ token: 't\u0000', port: '7497' }, 'TOKEN: Not this.'],
    [{ token: 't', port: '7497', host: 'x' }, 'host: This form has no such field.'],
  ])('is refused by its own sentence: %j', (values, sentence) => {
    expect(said(values)).toBe(sentence)
  })
})

describe('the address of a program of the user’s own', () => {
  const bases = { tws: '127.0.0.1:7496', gateway: 'https://localhost:5000/v1/api' }
  const at = (method: 'tws' | 'gateway' | 'flex', settings: Record<string, string>): unknown => {
    try {
      return ownAddresses(method === 'tws' ? { tws: bases.tws } : { gateway: bases.gateway }, method, settings)
    } catch (error) {
      return error instanceof Error ? error.message : error
    }
  }

  test('is the usual one until the form says another', () => {
    expect(at('tws', {})).toEqual({ tws: '127.0.0.1:7496' })
    expect(at('gateway', {})).toEqual({ gateway: 'https://localhost:5000/v1/api' })
    expect(at('flex', { host: 'example.com', address: 'https://example.com' })).toEqual({ gateway: bases.gateway })
  })

  test.each(['192.168.1.20', '10.0.0.4', '172.20.1.1', '127.0.0.2', 'localhost', '::1', 'fd12:3456::1'])(
    'may be on this computer or in one’s own network: %s',
    host => {
      const written = host.includes(':') ? `[${host}]` : host
      expect(at('tws', { host, port: '4001' })).toEqual({ tws: `${written}:4001` })
      expect(at('tws', { host: written, port: '4001' })).toEqual({ tws: `${written}:4001` })
      expect(at('gateway', { address: `https://${written}:5001` })).toEqual({ gateway: `https://${written}:5001/v1/api` })
    },
  )

  test('keeps the path of the gateway’s API', () => {
    expect(at('gateway', { address: 'https://192.168.1.20:5001/' })).toEqual({ gateway: 'https://192.168.1.20:5001/v1/api' })
  })

  test.each([
    '8.8.8.8',
    'example.com',
    '172.32.0.1',
    '192.168.1.1.example.com',
    '10.0.0.4@example.com',
    '169.254.1.1',
    '10.0.0.999',
    'x.local',
    '010.0.0.1',
    '[::1',
    '2001:db8::1',
    '::ffff:8.8.8.8',
    'fd::g',
  ])('is never out in the world: %s', host => {
    expect(at('tws', { host, port: '4001' })).toMatch(/^Host: This computer \(localhost, 127\.0\.0\.1, ::1\) or .* 192\.168\./)
    expect(at('gateway', { address: `https://${host}:5000` })).toMatch(/^Address: /)
  })

  test('speaks https only', () => {
    expect(at('gateway', { address: 'http://127.0.0.1:5000' })).toMatch(/^Address: /)
    expect(at('tws', { host: '127.0.0.1', port: '99999' })).toMatch(/^Port: /)
  })
})
