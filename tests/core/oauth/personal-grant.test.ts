import { describe, expect, test } from 'vitest'
import { type PersonalGrant, renewPersonalGrant, tryPersonalGrant } from '../../../electron/core/oauth/personal-grant.ts'
import type { OAuthProfile } from '../../../electron/core/oauth/profile.ts'
import { Secret } from '../../../electron/core/vault/secret.ts'
import { testProfile } from './support/profile.ts'
import { openTokenEndpointDesk, type TokenEndpointDesk } from './support/token-desk.ts'
import { json, type Reply } from './support/token-server.ts'

const { signal } = new AbortController()
const classifyTokenFailure: OAuthProfile['classifyTokenFailure'] = ({ body }) =>
  body.includes('invalid_grant') ? 'auth/sign-in-needed' : undefined

function present(it: TokenEndpointDesk, by: typeof tryPersonalGrant = tryPersonalGrant) {
  const profile = testProfile(it.server.origin, { classifyTokenFailure, pkce: false })
  const grant: PersonalGrant = { clientSecret: Secret.of('my-secret'), refresh: Secret.of('refresh-1'), now: () => it.clock.now(), signal }
  return by({ http: it.http, profile, broker: 'Test' }, grant)
}

describe('a personal grant', () => {
  test('is presented with its secret alone, for no app id was asked', async () => {
    await using it = await openTokenEndpointDesk()
    it.server.answer(() => json({ access_token: 'access-1', token_type: 'Bearer', expires_in: 900 }))
    const { access, expiresInMs } = await present(it)
    expect([access.reveal(), expiresInMs]).toEqual(['access-1', 900_000])
    expect(Object.fromEntries(it.server.requests[0]?.form ?? [])).toEqual({
      grant_type: 'refresh_token',
      refresh_token: 'refresh-1',
      client_secret: 'my-secret',
    })
    expect(it.server.requests[0]?.headers['user-agent']).toMatch(/^\w+\/\w+/)
  })

  test.each([
    [undefined, 'refresh-1'],
    ['refresh-2', 'refresh-2'],
  ])('keeps a refresh token, whether another came (%s) or not', async (sent, kept) => {
    await using it = await openTokenEndpointDesk()
    it.server.answer(() => json({ access_token: 'access-1', token_type: 'Bearer', expires_in: 900, refresh_token: sent }))
    expect((await present(it)).refresh?.reveal()).toBe(kept)
  })

  test.each<[string, Reply, string, string]>([
    ['a wrong token', json({ error_code: 'invalid_grant', error_description: 'Invalid JWT' }, 400), 'auth/bad-keys', 'auth/sign-in-needed'],
    ['a wrong secret', json({ error: 'invalid_client' }, 401), 'auth/bad-keys', 'auth/sign-in-needed'],
    ['an odd request', json({ error: 'invalid_request' }, 400), 'auth/bad-keys', 'broker/refused'],
    [
      'a refusal in the envelope of the API',
      json({ error: { code: 'unauthorized', message: 'Unauthorized.' } }, 401),
      'auth/bad-keys',
      'broker/unavailable',
    ],
    [
      'a refusal under a number',
      json({ code: 40_110_000, message: 'request is not authorized' }, 401),
      'auth/bad-keys',
      'broker/unavailable',
    ],
    ['a server in trouble', json({}, 503), 'broker/unavailable', 'broker/unavailable'],
    ['a page', { status: 401, body: '<html>no user agent</html>' }, 'broker/unavailable', 'broker/unavailable'],
  ])('refused for %s says so when it is tried and when it is renewed', async (_, reply, tried, renewed) => {
    await using it = await openTokenEndpointDesk()
    it.server.answer(() => reply)
    await expect(present(it)).rejects.toMatchObject({ code: tried, details: { broker: 'Test' } })
    await expect(present(it, renewPersonalGrant)).rejects.toMatchObject({ code: renewed })
  })
})
