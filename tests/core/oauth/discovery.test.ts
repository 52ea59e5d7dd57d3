import { describe, expect, test } from 'vitest'
import { createDiscovery } from '../../../electron/core/oauth/discovery.ts'
import { testProfile } from './support/profile.ts'
import { openTokenEndpointDesk, type TokenEndpointDesk } from './support/token-desk.ts'
import { json, type Reply } from './support/token-server.ts'

const { signal } = new AbortController()
const PATH = '/.well-known/oauth-authorization-server'

/** What a server publishes about itself, with what a test wants different. */
function published({ server }: TokenEndpointDesk, changes: Readonly<Record<string, unknown>> = {}): Reply {
  const { origin } = server
  return json({
    issuer: origin,
    authorization_endpoint: `${origin}/v2/authorize`,
    token_endpoint: `${origin}/v2/token`,
    code_challenge_methods_supported: ['plain', 'S256'],
    ...changes,
  })
}

function resolve(it: TokenEndpointDesk, discovery = createDiscovery({ log: it.log }), path = PATH) {
  const profile = testProfile(it.server.origin, { discoveryUrl: `${it.server.origin}${path}` })
  return discovery.resolve({ http: it.http, profile, broker: 'Test' }, { signal })
}

describe('published addresses', () => {
  test('take the place of our own, and are asked for once', async () => {
    await using it = await openTokenEndpointDesk()
    const { origin } = it.server
    it.server.answer(() => published(it, { revocation_endpoint: `${origin}/v2/revoke` }))
    const discovery = createDiscovery({ log: it.log })
    for (const found of [await resolve(it, discovery), await resolve(it, discovery)])
      expect(found).toMatchObject({
        authorizeUrl: `${origin}/v2/authorize`,
        tokenUrl: `${origin}/v2/token`,
        revokeUrl: `${origin}/v2/revoke`,
        redirect: { path: '/callback/alpaca' },
      })
    expect(it.server.requests.map(({ path }) => path)).toEqual([PATH])
  })

  test('leave the address to revoke at where none is published', async () => {
    await using it = await openTokenEndpointDesk()
    it.server.answer(() => published(it))
    expect((await resolve(it)).revokeUrl).toBe(`${it.server.origin}/oauth/revoke`)
  })

  test('belong to the issuer they came from, a path included', async () => {
    await using it = await openTokenEndpointDesk()
    it.server.answer(() => published(it, { issuer: `${it.server.origin}/oauth2` }))
    expect((await resolve(it, undefined, `${PATH}/oauth2`)).tokenUrl).toBe(`${it.server.origin}/v2/token`)
    expect((await resolve(it)).tokenUrl).toBe(`${it.server.origin}/oauth/token`)
  })

  test.each<[string, (it: TokenEndpointDesk) => Reply | 'drop']>([
    ['lead elsewhere', it => published(it, { token_endpoint: 'https://evil.test/token' })],
    ['leave https', it => published(it, { authorization_endpoint: it.server.origin.replace('http:', 'ftp:') })],
    ['name a place inside a page', it => published(it, { authorization_endpoint: `blob:${it.server.origin}/v2/authorize` })],
    ['name a user', it => published(it, { authorization_endpoint: it.server.origin.replace('://', '://user:word@') })],
    ['lead elsewhere to revoke', it => published(it, { revocation_endpoint: 'https://evil.test/revoke' })],
    ['come from another issuer', it => published(it, { issuer: 'https://evil.test' })],
    ['are not addresses', it => published(it, { token_endpoint: 'token' })],
    ['are not there', () => json({}, 404)],
    ['are half there', it => published(it, { token_endpoint: undefined })],
    ['are a page', () => ({ body: '<html>' })],
    ['do not come', () => 'drop'],
  ])('that %s are not used, and the log says so', async (_, answer) => {
    await using it = await openTokenEndpointDesk()
    it.server.answer(() => answer(it))
    expect(await resolve(it)).toMatchObject({
      tokenUrl: `${it.server.origin}/oauth/token`,
      authorizeUrl: `${it.server.origin}/oauth/authorize`,
    })
    expect(it.records.filter(({ event }) => event === 'sign-in.discovery')).toHaveLength(1)
  })

  test('without S256 end the sign-in, since the code could not be protected', async () => {
    await using it = await openTokenEndpointDesk()
    it.server.answer(() => published(it, { code_challenge_methods_supported: ['plain'] }))
    await expect(resolve(it)).rejects.toMatchObject({ code: 'auth/app-misconfigured' })
    it.server.answer(() => published(it, { code_challenge_methods_supported: undefined }))
    expect((await resolve(it)).tokenUrl).toBe(`${it.server.origin}/v2/token`)
  })

  test('are not asked for where the broker publishes none', async () => {
    await using it = await openTokenEndpointDesk()
    const profile = testProfile(it.server.origin)
    expect(await createDiscovery({ log: it.log }).resolve({ http: it.http, profile, broker: 'Test' }, { signal })).toBe(profile)
    expect(it.server.requests).toEqual([])
  })

  test('stop being waited for when the sign-in stops', async () => {
    await using it = await openTokenEndpointDesk()
    const profile = testProfile(it.server.origin, { discoveryUrl: `${it.server.origin}${PATH}` })
    const stopped = createDiscovery({ log: it.log }).resolve({ http: it.http, profile, broker: 'Test' }, { signal: AbortSignal.abort() })
    await expect(stopped).rejects.toMatchObject({ code: 'app/canceled' })
  })
})
