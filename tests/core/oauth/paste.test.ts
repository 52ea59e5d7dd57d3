import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { readPaste } from '../../../electron/core/oauth/paste.ts'
import { AppError, type ErrorCode } from '../../../shared/contract/errors.ts'

const STATE = 'Zm9vYmFyLXN0YXRlLTAxMjM0NTY3ODktYWJjZGVmZ2g'
const redirectUri = 'https://127.0.0.1:8182/callback/schwab'
const expected = { redirectUri, state: STATE, broker: 'Charles Schwab' }

function codeOf(text: string): string {
  const read = readPaste(text, expected)
  return read.kind === 'code' ? read.code.reveal() : `error ${read.error}`
}

function refusal(text: string): ErrorCode | 'accepted' {
  try {
    readPaste(text, expected)
    return 'accepted'
  } catch (error) {
    return error instanceof AppError ? error.code : 'app/internal'
  }
}

describe('a pasted answer', () => {
  test('may be the whole redirected address, with the code decoded once', () => {
    expect(codeOf(`${redirectUri}?code=C0.abc%40&session=1b2c&state=${STATE}`)).toBe('C0.abc@')
    expect(codeOf(`  ${redirectUri}?state=${STATE}&code=C0.abc%2540\n`)).toBe('C0.abc%40')
    expect(codeOf(`${redirectUri}?code=67f74f5a-cf2b-4dd7&state=${STATE}#_=_`)).toBe('67f74f5a-cf2b-4dd7')
  })

  test('may be the code alone, encoded or not', () => {
    expect(codeOf('C0.abcdefgh%40')).toBe('C0.abcdefgh@')
    expect(codeOf('C0.abcdefgh@')).toBe('C0.abcdefgh@')
    expect(codeOf('\t67f74f5a-cf2b-4dd7-9c1e-000000000000 ')).toBe('67f74f5a-cf2b-4dd7-9c1e-000000000000')
    expect(codeOf('YWJjZGVmZ2g=')).toBe('YWJjZGVmZ2g=')
  })

  test('may be a refusal', () => {
    expect(codeOf(`${redirectUri}?error=access_denied&state=${STATE}`)).toBe('error access_denied')
  })

  test('of an older sign-in is told apart', () => {
    expect(refusal(`${redirectUri}?code=C0.abc%40&state=${STATE.replace('Z', 'Y')}`)).toBe('auth/wrong-state')
    expect(refusal(`${redirectUri}?error=access_denied&state=other`)).toBe('auth/wrong-state')
  })

  test('of another broker is told apart', () => {
    expect(refusal(`http://127.0.0.1:8731/callback/alpaca?code=abc&state=${STATE}`)).toBe('auth/wrong-broker')
    expect(refusal(`https://127.0.0.1:8182/callback/alpaca?code=abc&state=${STATE}`)).toBe('auth/wrong-broker')
  })

  const query = `?code=C0.abc%40&state=${STATE}`
  const malformed = [
    '',
    ' ',
    '\n',
    'abc',
    'short',
    'two words',
    'line\nbreak-in-it',
    'tab\there-and-there',
    'code=C0.abcdefgh',
    '?code=C0.abcdefgh',
    `code=C0.abc&state=${STATE}`,
    `state=${STATE}`,
    redirectUri,
    `${redirectUri}?`,
    `${redirectUri}?code=C0.abc`,
    `${redirectUri}?state=${STATE}`,
    `${redirectUri}?code=&state=${STATE}`,
    `${redirectUri}#code=C0.abc&state=${STATE}`,
    `${redirectUri}?code=a&code=b&state=${STATE}`,
    `${redirectUri}?code=a&state=${STATE}&state=${STATE}`,
    `${redirectUri}?code=a&error=access_denied&state=${STATE}`,
    `${redirectUri}?code=a%20b&state=${STATE}`,
    `${redirectUri}?code=a%00b&state=${STATE}`,
    `${redirectUri}?code=a%0Ab&state=${STATE}`,
    `${redirectUri}?code=%C3%A9&state=${STATE}`,
    `${redirectUri}?Code=a&State=${STATE}`,
    `${redirectUri}?error=&state=${STATE}`,
    `${redirectUri}?code=${'x'.repeat(2049)}&state=${STATE}`,
    `${redirectUri}/${query}`,
    `${redirectUri}x${query}`,
    `${redirectUri.slice(0, -1)}${query}`,
    `${redirectUri.toUpperCase()}${query}`,
    `${redirectUri};${query}`,
    `${redirectUri}%20${query}`,
    `https://127.0.0.1:8182/callback/Schwab${query}`,
    `https://127.0.0.1:8182/callback//schwab${query}`,
    `https://127.0.0.1:8182/callback/./schwab${query}`,
    `https://127.0.0.1:8182/callback/x/../schwab${query}`,
    `https://127.0.0.1:8182/callback/schwab%2F${query}`,
    `https://127.0.0.1:8182/%63allback/schwab${query}`,
    `https://127.0.0.1:8182${query}`,
    `https://127.0.0.1:8182/${query}`,
    `https://127.0.0.1/callback/schwab${query}`,
    `https://127.0.0.1:8183/callback/schwab${query}`,
    `https://127.0.0.1:08182/callback/schwab${query}`,
    `https://127.0.0.1:/callback/schwab${query}`,
    `http://127.0.0.1:8182/callback/schwab${query}`,
    `HTTPS://127.0.0.1:8182/callback/schwab${query}`,
    `https://localhost:8182/callback/schwab${query}`,
    `https://127.0.0.2:8182/callback/schwab${query}`,
    `https://[::1]:8182/callback/schwab${query}`,
    `https://0.0.0.0:8182/callback/schwab${query}`,
    `https://127.1:8182/callback/schwab${query}`,
    `https://2130706433:8182/callback/schwab${query}`,
    `https://0x7f.0.0.1:8182/callback/schwab${query}`,
    `https://127.0.0.1.:8182/callback/schwab${query}`,
    `https://user@127.0.0.1:8182/callback/schwab${query}`,
    `https://user:pw@127.0.0.1:8182/callback/schwab${query}`,
    `https://127.0.0.1:8182@evil.example/callback/schwab${query}`,
    `https://evil.example/callback/schwab${query}`,
    `https://evil.example:8182/callback/schwab${query}`,
    `https://127.0.0.1.evil.example:8182/callback/schwab${query}`,
    `https://evil.example/?u=${redirectUri}${query}`,
    `https://127.0.0.1:8182\\callback\\schwab${query}`,
    `https:\\\\127.0.0.1:8182/callback/schwab${query}`,
    `https:127.0.0.1:8182/callback/schwab${query}`,
    `https:/127.0.0.1:8182/callback/schwab${query}`,
    `https:///127.0.0.1:8182/callback/schwab${query}`,
    `//127.0.0.1:8182/callback/schwab${query}`,
    `127.0.0.1:8182/callback/schwab${query}`,
    `/callback/schwab${query}`,
    `callback/schwab${query}`,
    `ftp://127.0.0.1:8182/callback/schwab${query}`,
    `file:///callback/schwab${query}`,
    `javascript:alert(1)`,
    `data:text/html,${query}`,
    `view-source:${redirectUri}${query}`,
    `<a href="${redirectUri}${query}">`,
    `"${redirectUri}${query}"`,
    `'${redirectUri}${query}'`,
    `(${redirectUri}${query})`,
    `${redirectUri}${query} extra`,
    `see ${redirectUri}${query}`,
    `${redirectUri}${query}\n${redirectUri}${query}`,
    `${redirectUri}?${'a=b&'.repeat(1100)}code=x&state=${STATE}`,
    'x'.repeat(4097),
    'x'.repeat(2049),
    ` ${'y'.repeat(20)}${' '.repeat(4090)}`,
    'C0.abcdefgh%4',
    'C0.abcdefgh%',
    'C0.abcdefgh%zz',
    'C0.abcdefgh%00',
    'C0.abcdefgh%20',
    'C0.abcdefgh%0A',
    'C0.abcdefgh%C3',
    'C0.abcdefgh%C3%A9',
    'C0.abcdéfgh',
    'C0.abc=efgh',
    'C0.abcdefgh===',
    'abc/def/ghi',
    '../../etc/passwd',
    '{"code":"C0.abcdefgh"}',
    '<script>alert(1)</script>',
    '"C0.abcdefgh"',
    'C0.abcdefgh,',
    'C0.abc;defgh',
    'C0.abc&defgh',
    'C0.abc#defgh',
    'C0.abc?defgh',
    '🔑🔑🔑🔑🔑🔑🔑🔑',
    '\u202eC0.abcdefgh',
    '\u200bC0.abcdefgh',
    '\u0000C0.abcdefgh',
    'C0.abc\u00a0defgh',
    'C0.abcdefgh\r\nHost: evil',
  ]

  test(`is refused in each of ${malformed.length} malformed forms`, () => {
    expect(malformed.length).toBeGreaterThanOrEqual(100)
    expect(malformed.filter(text => refusal(text) !== 'auth/bad-paste')).toEqual([])
  })

  test("never breaks the reader, and never passes an address that is not this sign-in's", () => {
    fc.assert(
      fc.property(fc.oneof(fc.string({ unit: 'binary' }), fc.webUrl({ withQueryParameters: true, withFragments: true })), text => {
        const outcome = refusal(text)
        expect(outcome === 'accepted' && /^https?:/i.test(text.trim())).toBe(false)
        expect(outcome).not.toBe('app/internal')
      }),
      { numRuns: 2000 },
    )
  })

  test('gives back every code a broker can send, however the browser shows it', () => {
    const code = fc.string({ unit: fc.integer({ min: 0x21, max: 0x7e }).map(at => String.fromCharCode(at)), minLength: 1, maxLength: 300 })
    fc.assert(
      fc.property(code, text => {
        expect(codeOf(`${redirectUri}?code=${encodeURIComponent(text)}&state=${STATE}`)).toBe(text)
      }),
    )
  })
})
