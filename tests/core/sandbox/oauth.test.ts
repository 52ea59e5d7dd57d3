import { describe, expect, test } from 'vitest'
import { approveConsent } from '../../../electron/core/sandbox/browser-player.ts'
import {
  ACCOUNT,
  AGENT,
  AUTHORIZE,
  CHALLENGE,
  REDIRECTS,
  TOKEN,
  VERIFIER,
  askToken,
  codeFrom,
  decide,
  exchange,
  hashesOf,
  offered,
  openBench,
  openPage,
  rowOf,
  rowsOf,
  signedIn,
  text,
} from './client.ts'
import type { Bench, Row } from './client.ts'

const BROKERS = ['alpaca', 'schwab', 'tastytrade', 'tdameritrade'] as const
const DAY_MS = 86_400_000

/** Which status and error word an answer has, whatever the broker's error form. */
async function failure(response: Response): Promise<string> {
  const body = await rowOf(response)
  return `${response.status} ${text(body['error'] ?? body['error_code'] ?? body['message'])}`
}

const BAD_CODE = {
  alpaca: '422 invalid code',
  schwab: '400 invalid_grant',
  tastytrade: '400 invalid_grant',
  tdameritrade: '400 invalid_grant',
} as const

describe.each(BROKERS)('%s', broker => {
  test('the consent page says SANDBOX, shows nothing of the request and keeps a strict policy', async () => {
    await using bench = await openBench({ stands: [broker] })
    const page = await openPage(bench, broker, { state: '"><script>alert(1)</script>' })
    const html = await page.text()
    expect(html).toMatch(/<title>SANDBOX/)
    expect(html).not.toContain('script')
    expect(page.headers.get('content-security-policy')).toMatch(/^default-src 'none'; style-src 'sha256-[^']+'; form-action /)
    expect(page.headers.get('content-security-policy')).not.toMatch(/unsafe| \*|:\/\/\*/)
  })

  test('the state comes back as it was sent', async () => {
    await using bench = await openBench({ stands: [broker] })
    const back = await decide(bench, broker, await openPage(bench, broker))
    expect(back.href.startsWith(REDIRECTS[broker])).toBe(true)
    expect(back.searchParams.get('state')).toBe('st/a te+1')
    expect(back.searchParams.has('session')).toBe(broker === 'schwab')
  })

  test('a denied consent answers access_denied with the state and no code', async () => {
    await using bench = await openBench({ stands: [broker] })
    const back = await decide(bench, broker, await openPage(bench, broker), 'deny')
    expect(back.searchParams.get('error')).toBe('access_denied')
    expect(back.searchParams.get('state')).toBe('st/a te+1')
    expect(back.searchParams.has('code')).toBe(false)
  })

  test('a page can be answered once', async () => {
    await using bench = await openBench({ stands: [broker] })
    const page = await openPage(bench, broker)
    await decide(bench, broker, page.clone())
    expect((await decide(bench, broker, page)).protocol).toBe('error:')
  })

  test('a code works once', async () => {
    await using bench = await openBench({ stands: [broker] })
    const code = await codeFrom(bench, broker)
    expect((await exchange(bench, broker, code)).status).toBe(200)
    expect(await failure(await exchange(bench, broker, code))).toBe(BAD_CODE[broker])
  })

  test('a code ends after 30 seconds', async () => {
    await using bench = await openBench({ stands: [broker] })
    const [late, inTime] = [await codeFrom(bench, broker), await codeFrom(bench, broker)]
    bench.pass(29_999)
    expect((await exchange(bench, broker, inTime)).status).toBe(200)
    bench.pass(1)
    expect(await failure(await exchange(bench, broker, late))).toBe(BAD_CODE[broker])
  })

  test('another redirect address at the token endpoint is refused', async () => {
    await using bench = await openBench({ stands: [broker] })
    const answer = await exchange(bench, broker, await codeFrom(bench, broker), { redirect_uri: `${REDIRECTS[broker]}/` })
    expect(await failure(answer)).toBe(broker === 'alpaca' ? '422 invalid redirect_uri' : '400 invalid_grant')
  })

  test('an address that is not this machine never receives anything', async () => {
    await using bench = await openBench({ stands: [broker] })
    for (const redirect of [
      'https://example.com/callback',
      'http://127.0.0.1.example.com/',
      'https://user@example.com:1/127.0.0.1',
      'file:///etc',
      '',
    ]) {
      const page = await openPage(bench, broker, { redirect_uri: redirect })
      expect([page.status, page.headers.get('location')]).toEqual([403, null])
    }
  })

  test('an unknown client gets a page and no redirect', async () => {
    await using bench = await openBench({ stands: [broker] })
    const page = await openPage(bench, broker, { client_id: 'someone-else' })
    expect([page.status, page.headers.get('location')]).toEqual([401, null])
  })

  test('a wrong secret, or key where there is no secret, is refused', async () => {
    await using bench = await openBench({ stands: [broker] })
    const { clientId } = bench.sandbox.control(broker)
    const wrong = {
      client_id: broker === 'tdameritrade' ? 'wrong' : clientId,
      client_secret: 'wrong',
      grant_type: 'authorization_code',
      code: await codeFrom(bench, broker),
      redirect_uri: REDIRECTS[broker],
    }
    const url = bench.sandbox.urls[broker] + TOKEN[broker]
    const answer = await fetch(url, { method: 'POST', headers: AGENT, body: new URLSearchParams(wrong) })
    expect(await failure(answer)).toBe('401 invalid_client')
  })

  test('the proof key is verified when a challenge was sent', async () => {
    await using bench = await openBench({ stands: [broker] })
    const withChallenge = () => codeFrom(bench, broker, { code_challenge: CHALLENGE, code_challenge_method: 'S256' })
    expect((await exchange(bench, broker, await withChallenge(), { code_verifier: VERIFIER })).status).toBe(200)
    expect((await exchange(bench, broker, await withChallenge(), { code_verifier: `${VERIFIER}x` })).status).toBeGreaterThan(399)
    expect((await exchange(bench, broker, await withChallenge())).status).toBeGreaterThan(399)
    expect((await exchange(bench, broker, await codeFrom(bench, broker), { code_verifier: VERIFIER })).status).toBeGreaterThan(399)
  })

  test('a plain proof key and another response type are sent back as errors', async () => {
    await using bench = await openBench({ stands: [broker] })
    const plain = await openPage(bench, broker, { code_challenge: VERIFIER, code_challenge_method: 'plain' })
    expect(new URL(plain.headers.get('location') ?? '').searchParams.get('error')).toBe('invalid_request')
    const token = await openPage(bench, broker, { response_type: 'token' })
    expect(new URL(token.headers.get('location') ?? '').searchParams.get('error')).toBe('unsupported_response_type')
  })

  test('a token of another seed opens nothing, one of the same seed still works after a restart', async () => {
    await using first = await openBench({ stands: [broker], seed: 11 })
    await using again = await openBench({ stands: [broker], seed: 11 })
    await using other = await openBench({ stands: [broker], seed: 12 })
    const token = text((await rowOf(await exchange(first, broker, await codeFrom(first, broker))))['access_token'])
    const status = async (bench: Bench) =>
      (await fetch(bench.sandbox.urls[broker] + ACCOUNT[broker], { headers: { ...AGENT, authorization: `Bearer ${token}` } })).status
    expect([await status(first), await status(again), await status(other)]).toEqual([200, 200, 401])
  })

  test('the simulated browser ends on the redirected address', async () => {
    await using bench = await openBench({ stands: [broker] })
    const query = new URLSearchParams({
      response_type: 'code',
      client_id: bench.sandbox.control(broker).clientId,
      redirect_uri: REDIRECTS[broker],
    })
    const authorizeUrl = `${bench.sandbox.urls[broker]}${AUTHORIZE[broker]}?${query.toString()}`
    // Nothing listens at the redirect address here, so the last step of the walk is refused by the machine.
    await expect(approveConsent({ authorizeUrl, signal: new AbortController().signal })).rejects.toThrow(/ECONNREFUSED/)
    expect(
      bench.sandbox
        .control(broker)
        .requests()
        .map(({ method, status }) => `${method} ${status}`),
    ).toEqual(['GET 200', 'POST 302'])
  })
})

describe('Alpaca tokens', () => {
  test('the answer has neither a refresh token nor an end, and echoes the scope', async () => {
    await using bench = await openBench({ stands: ['alpaca'] })
    const code = await codeFrom(bench, 'alpaca', { scope: 'account:write trading' })
    const token = await rowOf(await exchange(bench, 'alpaca', code))
    expect(Object.keys(token).sort()).toEqual(['access_token', 'scope', 'token_type'])
    expect(token).toMatchObject({ token_type: 'bearer', scope: 'account:write trading' })
  })

  test('an unknown scope is sent back as an error', async () => {
    await using bench = await openBench({ stands: ['alpaca'] })
    const page = await openPage(bench, 'alpaca', { scope: 'everything' })
    expect(new URL(page.headers.get('location') ?? '').searchParams.get('error')).toBe('invalid_scope')
  })

  test('a JSON body and a Basic header read as an unknown client', async () => {
    await using bench = await openBench({ stands: ['alpaca'] })
    const { clientId, clientSecret } = bench.sandbox.control('alpaca')
    const fields = { grant_type: 'authorization_code', code: await codeFrom(bench, 'alpaca'), redirect_uri: REDIRECTS.alpaca }
    const url = `${bench.sandbox.urls.alpaca}/oauth/token`
    const json = await fetch(url, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ ...fields, client_id: clientId, client_secret: clientSecret }),
    })
    expect([json.status, await json.json()]).toEqual([401, { code: 40_110_000, message: 'invalid_client' }])
    const authorization = `Basic ${Buffer.from(`${clientId}:${clientSecret}`).toString('base64')}`
    expect((await fetch(url, { method: 'POST', headers: { authorization }, body: new URLSearchParams(fields) })).status).toBe(401)
  })

  test('the key pair opens the account, and a wrong one does not', async () => {
    await using bench = await openBench({ stands: ['alpaca'] })
    const key = bench.sandbox.control('alpaca').apiKey
    const read = (keyId: string, secret: string) =>
      fetch(`${bench.sandbox.urls.alpaca}/v2/account`, { headers: { 'APCA-API-KEY-ID': keyId, 'APCA-API-SECRET-KEY': secret } })
    expect((await read(key?.keyId ?? '', key?.secret ?? '')).status).toBe(200)
    const refused = await read(key?.keyId ?? '', 'wrong')
    expect([refused.status, await refused.json()]).toEqual([401, { code: 40_110_000, message: 'request is not authorized.' }])
  })
})

describe('Schwab tokens', () => {
  async function signIn(bench: Bench): Promise<Row> {
    return rowOf(await exchange(bench, 'schwab', await codeFrom(bench, 'schwab')))
  }
  const renew = (bench: Bench, token: Row) =>
    askToken(bench, 'schwab', { grant_type: 'refresh_token', refresh_token: text(token['refresh_token']) })

  test('the code ends with @ and travels percent-encoded', async () => {
    await using bench = await openBench({ stands: ['schwab'] })
    const back = await decide(bench, 'schwab', await openPage(bench, 'schwab'))
    expect(back.search).toMatch(/[?&]code=C0\.[A-Za-z0-9_-]+%40&/)
    expect(await failure(await exchange(bench, 'schwab', (back.searchParams.get('code') ?? '').replace('@', '%40')))).toBe(
      '400 invalid_grant',
    )
  })

  test('only https on 127.0.0.1 may receive the code', async () => {
    await using bench = await openBench({ stands: ['schwab'] })
    for (const redirect of ['http://127.0.0.1:8182/', 'https://localhost:8182/'])
      expect((await openPage(bench, 'schwab', { redirect_uri: redirect })).status).toBe(403)
  })

  test('an access token lives 30 minutes', async () => {
    await using bench = await openBench({ stands: ['schwab'] })
    const get = await signedIn(bench, 'schwab')
    bench.pass(1_799_999)
    expect((await get('/trader/v1/accounts')).status).toBe(200)
    bench.pass(1)
    const late = await get('/trader/v1/accounts')
    expect([late.status, await late.json()]).toMatchObject([
      401,
      { errors: [{ status: 401, title: 'Unauthorized', detail: 'Client not authorized' }] },
    ])
  })

  test('the refresh token ends 7 days after the sign-in, whatever was refreshed in between', async () => {
    await using bench = await openBench({ stands: ['schwab'] })
    let token = await signIn(bench)
    expect(token).toMatchObject({ expires_in: 1800, token_type: 'Bearer', scope: 'api' })
    for (let day = 1; day < 7; day += 1) {
      bench.pass(DAY_MS)
      token = await rowOf(await renew(bench, token))
    }
    bench.pass(DAY_MS)
    const dead = await renew(bench, token)
    const body = await rowOf(dead)
    expect([dead.status, body['error']]).toEqual([400, 'unsupported_token_type'])
    expect(text(body['error_description'])).toContain('refresh_token_authentication_error')
  })

  test('a new sign-in ends the earlier refresh token', async () => {
    await using bench = await openBench({ stands: ['schwab'] })
    const first = await signIn(bench)
    const second = await signIn(bench)
    expect([(await renew(bench, first)).status, (await renew(bench, second)).status]).toEqual([400, 200])
  })

  test('rotation can keep the token, change it with a grace, or allow each one once', async () => {
    await using bench = await openBench({ stands: ['schwab'] })
    const control = bench.sandbox.control('schwab')
    control.rotation('same')
    const token = await signIn(bench)
    expect((await rowOf(await renew(bench, token)))['refresh_token']).toBe(token['refresh_token'])
    control.rotation('rotate')
    const next = await rowOf(await renew(bench, token))
    expect(next['refresh_token']).not.toBe(token['refresh_token'])
    expect((await renew(bench, token)).status).toBe(200)
    bench.pass(60_000)
    expect([(await renew(bench, token)).status, (await renew(bench, next)).status]).toEqual([400, 200])
    control.rotation('strict')
    expect((await renew(bench, next)).status).toBe(400)
  })

  test('only the chosen accounts are shared, and none chosen is a refusal', async () => {
    await using bench = await openBench({ stands: ['schwab'] })
    const page = await openPage(bench, 'schwab')
    const keys = offered(await page.clone().text())
    expect(keys).toHaveLength(2)
    const back = await decide(bench, 'schwab', page, 'approve', keys.slice(1))
    const token = await rowOf(await exchange(bench, 'schwab', back.searchParams.get('code') ?? ''))
    const get = (path: string) =>
      fetch(bench.sandbox.urls.schwab + path, { headers: { authorization: `Bearer ${text(token['access_token'])}` } })
    const all = await hashesOf(await signedIn(bench, 'schwab'))
    expect(await hashesOf(get)).toEqual(all.slice(1))
    expect(await rowsOf(await get('/trader/v1/accounts'))).toHaveLength(1)
    const none = await decide(bench, 'schwab', await openPage(bench, 'schwab'), 'approve', [])
    expect(none.searchParams.get('error')).toBe('access_denied')
  })
})
