import { expect, test } from 'vitest'
import { tokenFailure } from '../../../electron/core/oauth/token-failure.ts'
import { toErrorView } from '../../../shared/contract/errors.ts'
import { Instant } from '../../../shared/domain/time.ts'
import { brokers } from '../../../electron/core/brokers/registry.ts'
import { Secret } from '../../../electron/core/vault/secret.ts'

const now = Instant.parse('2026-11-20T15:00:00Z')
const profile = brokers.tastytrade.environments.live?.oauth

function saidOf(body: string, status = 400): string | undefined {
  if (!profile) throw new Error('no profile')
  const endpoints = {
    http: { request: () => Promise.reject(new Error('never asked')) },
    profile,
    client: { id: 'id', secret: Secret.of('s') },
    broker: 'tastytrade',
  }
  return toErrorView(tokenFailure(endpoints, { status, headers: {}, body }, now)).brokerSays
}

test("a token endpoint's own sentence is passed on", () => {
  expect(saidOf('{"error":"invalid_grant","error_description":"Grant revoked"}')).toBe('Grant revoked')
})

test('a sentence inside the envelope of the API is passed on, too', () => {
  expect(saidOf('{"error":{"code":"unauthorized","message":"Unauthorized."}}', 401)).toBe('Unauthorized.')
  expect(saidOf('{"error":{"code":"unauthorized"}}', 401)).toBeUndefined()
})

test('a token it repeats is not', () => {
  expect(
    saidOf('{"error":"invalid_grant","error_description":"unknown token eyJhbGciOiJFZDI1NTE5IiwidHlwIjoicnQrand0In0.abc"}'),
  ).not.toContain('eyJ')
  expect(saidOf('{"error":"invalid_grant","message":"account 5WX01234567 is closed"}')).not.toContain('01234')
})

test('a page from somebody in front says nothing', () => {
  expect(saidOf('<html><body>Access Denied</body></html>', 403)).toBeUndefined()
})
