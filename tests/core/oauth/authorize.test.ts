import { createHash, randomBytes } from 'node:crypto'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { authorizeAddress, challengeOf, newAttempt, sameText } from '../../../electron/core/oauth/authorize.ts'
import { readCallback } from '../../../electron/core/oauth/callback.ts'
import { fakePorts } from '../../support/fake-ports.ts'
import { testProfile } from './support/profile.ts'

const { random } = fakePorts('unused')
const seeded = (bytes: Uint8Array) => ({ bytes: () => bytes, uuid: () => '', fraction: () => 0 })

describe('state and PKCE', () => {
  test('are new, long and well-formed in 10,000 sign-ins', () => {
    const attempts = Array.from({ length: 10_000 }, () => newAttempt(random, true))
    const texts = attempts.flatMap(({ state, verifier }) => [state, verifier ?? ''])
    expect(new Set(texts).size).toBe(20_000)
    expect(texts.filter(text => !/^[A-Za-z0-9_-]{43,128}$/.test(text))).toEqual([])
  })

  test('carry all 256 bits of the random port', () => {
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 32, maxLength: 32 }), bytes => {
        const { state } = newAttempt(seeded(bytes), false)
        expect(Buffer.from(state, 'base64url').equals(bytes)).toBe(true)
      }),
    )
    const asked: number[] = []
    newAttempt({ ...random, bytes: length => (asked.push(length), randomBytes(length)) }, true)
    expect(asked.every(length => length >= 32) && asked.length === 2).toBe(true)
  })

  test('challenge with BASE64URL(SHA256(verifier)) and nothing else', () => {
    // RFC 7636 appendix B.
    expect(challengeOf('dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk')).toBe('E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM')
    fc.assert(
      fc.property(fc.stringMatching(/^[A-Za-z0-9._~-]{43,128}$/), verifier => {
        expect(challengeOf(verifier)).toBe(createHash('sha256').update(verifier).digest('base64url'))
      }),
    )
  })

  test('compare equal only to themselves', () => {
    fc.assert(
      fc.property(fc.string(), fc.string(), (a, b) => {
        expect(sameText(a, b)).toBe(a === b)
        expect(sameText(a, a)).toBe(true)
      }),
    )
  })

  test('let an answer in only with exactly this state, once', () => {
    fc.assert(
      fc.property(fc.stringMatching(/^[A-Za-z0-9_-]{43}$/), fc.string(), fc.stringMatching(/^[!-~]{1,200}$/), (state, other, code) => {
        expect(readCallback(new URLSearchParams({ code, state }), state)).toMatchObject({ kind: 'code' })
        expect(readCallback(new URLSearchParams({ code, state: other }), state) === null).toBe(other !== state)
        expect(
          readCallback(
            new URLSearchParams([
              ['code', code],
              ['state', state],
              ['state', other],
            ]),
            state,
          ),
        ).toBeNull()
        expect(
          readCallback(
            new URLSearchParams([
              ['code', code],
              ['code', code],
              ['state', state],
            ]),
            state,
          ),
        ).toBeNull()
        expect(readCallback(new URLSearchParams({ code }), state)).toBeNull()
      }),
    )
  })
})

describe('the authorize address', () => {
  const base = {
    profile: testProfile('http://127.0.0.1:1'),
    clientId: 'my-app',
    redirectUri: 'http://127.0.0.1:8731/callback/alpaca',
    scopes: ['account:write', 'trading'],
  }

  test("is the broker's own, with an S256 challenge and no verifier", () => {
    const attempt = newAttempt(random, true)
    const url = new URL(authorizeAddress({ ...base, attempt }))
    expect(url.origin + url.pathname).toBe('http://127.0.0.1:1/oauth/authorize')
    expect(Object.fromEntries(url.searchParams)).toEqual({
      env: 'paper',
      response_type: 'code',
      client_id: 'my-app',
      redirect_uri: base.redirectUri,
      state: attempt.state,
      scope: 'account:write trading',
      code_challenge: challengeOf(attempt.verifier ?? ''),
      code_challenge_method: 'S256',
    })
    expect(url.href).toContain('scope=account%3Awrite%20trading')
    expect(url.href).not.toContain(attempt.verifier)
  })

  test('has no challenge where the broker takes none, and no scope when none is asked for', () => {
    const url = new URL(authorizeAddress({ ...base, scopes: [''], attempt: newAttempt(random, false) }))
    expect([...url.searchParams.keys()]).toEqual(['env', 'response_type', 'client_id', 'redirect_uri', 'state'])
  })

  test('does not let extra parameters replace those of the standard', () => {
    const attempt = newAttempt(random, true)
    const profile = { ...base.profile, extra: { state: 'fixed', redirect_uri: 'https://evil.example', code_challenge_method: 'plain' } }
    const { searchParams } = new URL(authorizeAddress({ ...base, profile, attempt }))
    expect(searchParams.getAll('state')).toEqual([attempt.state])
    expect(searchParams.getAll('redirect_uri')).toEqual([base.redirectUri])
    expect(searchParams.getAll('code_challenge_method')).toEqual(['S256'])
  })

  test('keeps a plus sign in a client id apart from a space', () => {
    const url = authorizeAddress({ ...base, clientId: 'a+b c', attempt: newAttempt(random, false) })
    expect(url).toContain('client_id=a%2Bb%20c')
  })
})
