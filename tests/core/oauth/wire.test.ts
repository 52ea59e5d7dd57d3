import { existsSync, readFileSync } from 'node:fs'
import path from 'node:path'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { readGrant, readOAuthError } from '../../../electron/core/oauth/wire.ts'
import { Instant } from '../../../shared/domain/time.ts'
import { repoRoot } from '../../support/repo-root.ts'

const now = Instant.parse('2026-11-20T12:00:00Z')
const samples = path.resolve(repoRoot, '../shared/samples')
const grant = (fields: Record<string, unknown>) => readGrant(JSON.stringify({ access_token: 'a1', token_type: 'Bearer', ...fields }), now)

describe('a token answer', () => {
  test('is read with its life, its scopes and its refresh token', () => {
    const read = grant({ expires_in: 1800, refresh_token: 'r1', scope: 'api trading', id_token: 'not.a.jwt' })
    expect(read).toMatchObject({ expiresInMs: 1_800_000, scopes: ['api', 'trading'], receivedAt: now })
    expect([read?.access.reveal(), read?.refresh?.reveal()]).toEqual(['a1', 'r1'])
  })

  test.each([
    [1800, 1_800_000],
    ['1800', 1_800_000],
    ['1799.5', 1_799_500],
    [0, null],
    ['0', null],
    [-5, null],
    ['-5', null],
    ['soon', null],
    ['', null],
    [null, null],
    [undefined, null],
    [true, null],
    [[], null],
    ['1e9', null],
  ])('with expires_in %j lives %j ms', (expires_in, expected) => {
    expect(grant({ expires_in })?.expiresInMs).toBe(expected)
  })

  test('keeps no refresh token when it sends none or an empty one', () => {
    for (const refresh_token of [undefined, null, '']) expect(grant({ refresh_token })?.refresh).toBeNull()
  })

  test('is refused without a usable access token, with another token type, and when it is not JSON', () => {
    for (const fields of [
      { access_token: '' },
      { access_token: 5 },
      { access_token: 'a b' },
      { access_token: 'a\r\nx' },
      { token_type: 'mac' },
      { refresh_token: 7 },
    ])
      expect(grant(fields)).toBeNull()
    for (const body of ['', '{', '<html>Access Denied</html>', '[]', 'null', '"a"', '{"access_token":"a1","token_ty'])
      expect(readGrant(body, now)).toBeNull()
  })

  test('never throws, whatever comes', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.json()), body => {
        expect(() => readGrant(body, now)).not.toThrow()
        expect(() => readOAuthError(body)).not.toThrow()
      }),
    )
  })

  test('prints no token', () => {
    expect(`${JSON.stringify(grant({ refresh_token: 'canary-refresh', access_token: 'canary-access' }))}`).not.toContain('canary')
  })

  test.skipIf(!existsSync(samples))('is read from what Alpaca documents', () => {
    const read = readGrant(readFileSync(path.join(samples, 'alpaca/oauth_token_response.json'), 'utf8'), now)
    expect(read).toMatchObject({ refresh: null, expiresInMs: null })
    expect(read?.scopes).toContain('trading')
  })
})
