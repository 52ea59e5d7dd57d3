import { describe, expect, test } from 'vitest'
import { brokers } from '../../../../electron/core/brokers/registry.ts'
import { createLog } from '../../../../electron/core/log/log.ts'
import { createHttp, type HttpClient } from '../../../../electron/core/net/http.ts'
import { createLimiter } from '../../../../electron/core/net/limiter.ts'
import { createSignIns, type SignIns } from '../../../../electron/core/oauth/flows.ts'
import type { Traded } from '../../../../electron/core/oauth/way.ts'
import type { LogRecord } from '../../../../electron/core/ports.ts'
import { Secret } from '../../../../electron/core/vault/secret.ts'
import type { FlowView } from '../../../../shared/contract/connections.ts'
import { newId } from '../../../../shared/domain/ids.ts'
import { fakePorts } from '../../../support/fake-ports.ts'
import { stepClock } from '../../net/support/step-clock.ts'
import { ACCESS, CONSUMER, type OAuth1Reply, type OAuth1Server, problem, startOAuth1Server, VERIFIER } from '../support/oauth1-server.ts'

interface Desk extends AsyncDisposable {
  readonly server: OAuth1Server
  /** Pages the browser was sent to. */
  readonly opened: string[]
  readonly http: HttpClient
  readonly signIns: SignIns
  readonly traded: Traded[]
  readonly records: LogRecord[]
  start(): Promise<FlowView>
}

/** Sign-ins with a broker that signs, over a real server that checks the signatures. */
async function openDesk({ driftMs }: { readonly driftMs?: () => number } = {}): Promise<Desk> {
  const server = await startOAuth1Server()
  const clock = stepClock()
  const { random } = fakePorts('unused')
  const opened: string[] = []
  const records: LogRecord[] = []
  const log = createLog(record => void records.push(record), clock)
  const limiter = createLimiter({ requests: 10_000, perMs: 1000, clock })
  const http = createHttp({ broker: 'Test', allow: [server.origin], limiter, clock, random, log })
  const traded: Traded[] = []
  const signIns = createSignIns({
    clock,
    random,
    log,
    http: () => http,
    driftMs,
    browser: {
      open(url) {
        opened.push(url)
        return Promise.resolve()
      },
    },
    onChange: () => undefined,
    onTokens: (_signIn, _grant, _signal, given) => {
      traded.push(given)
      return Promise.resolve(newId.connection(random.uuid()))
    },
  })
  const client = { id: CONSUMER.id, secret: Secret.of(CONSUMER.secret) }
  return {
    server,
    opened,
    http,
    signIns,
    traded,
    records,
    start: () => signIns.start({ broker: brokers.etrade, environment: 'sandbox', profile: server.profile, client, scopes: [], open: true }),
    async [Symbol.asyncDispose]() {
      await signIns.close()
      await http.close()
      await server[Symbol.asyncDispose]()
    },
  }
}

const paths = ({ visits }: OAuth1Server): string[] => visits.map(({ path }) => path)

describe('a sign-in with a code to copy', () => {
  test('opens the page with key and token, and waits for a code instead of a visit', async () => {
    await using it = await openDesk()
    const view = await it.start()
    expect(view).toMatchObject({
      authorizeUrl: `${it.server.origin}/e/t/etws/authorize?key=consumer-key-1&token=req%2B%2Ftoken%3D`,
      redirectUri: '',
      listening: false,
      certificateWarning: false,
      paste: 'code',
      state: { kind: 'waiting' },
    })
    expect(it.opened).toEqual([view.authorizeUrl])
    expect(it.server.visits).toMatchObject([{ path: '/oauth/request_token', genuine: true, oauth: { oauth_callback: 'oob' } }])
    expect(it.server.visits[0]?.oauth).not.toHaveProperty('oauth_version')
  })

  test.each([VERIFIER, ' wxyz8\n', 'WX YZ8', 'wx-yz8'])(
    'ends connected after pasting %j, until the next midnight in New York',
    async pasted => {
      await using it = await openDesk()
      const { flowId } = await it.start()
      expect(await it.signIns.paste(flowId, pasted)).toMatchObject({ state: { kind: 'connected' } })
      const [given] = it.traded
      expect([given?.grant.access.reveal(), given?.grant.accessSecret?.reveal(), given?.grant.refresh]).toEqual([
        ACCESS.key,
        ACCESS.secret,
        null,
      ])
      expect(given?.signInBy).toBe('2026-11-21T05:00:00.000Z')
    },
  )

  test("signs with the broker's time and ends at the broker's midnight where this computer's clock is known to be wrong", async () => {
    // Here it is 10:00 in New York; at the broker a quarter to midnight of the day before.
    const driftMs = 36_900_000
    await using it = await openDesk({ driftMs: () => driftMs })
    const { flowId } = await it.start()
    await it.signIns.paste(flowId, VERIFIER)
    expect(it.traded[0]?.signInBy).toBe('2026-11-20T05:00:00.000Z')
    expect(it.server.visits.map(({ oauth }) => Number(oauth['oauth_timestamp']))).toEqual(
      it.server.visits.map(() => (Date.parse('2026-11-20T15:00:00Z') - driftMs) / 1000),
    )
  })

  test('gives credentials that sign each call, to try the tokens with', async () => {
    await using it = await openDesk()
    const { flowId } = await it.start()
    await it.signIns.paste(flowId, VERIFIER)
    const { signal } = new AbortController()
    const authorization = await it.traded[0]?.candidate.authorize({ signal })
    const url = `${it.server.origin}/v1/accounts/list.json?a=1%202`
    await it.http.request({ method: 'GET', url, headers: authorization?.sign?.({ method: 'GET', url }), signal })
    expect(it.server.visits.at(-1)).toMatchObject({ path: '/v1/accounts/list.json', genuine: true, oauth: { oauth_token: ACCESS.key } })
  })

  test.each(['', 'WXYZ', 'WXYZ8901', 'https://127.0.0.1/callback?code=1', 'WX!Z8'])('stays open after pasting %j', async pasted => {
    await using it = await openDesk()
    const { flowId } = await it.start()
    await expect(it.signIns.paste(flowId, pasted)).rejects.toMatchObject({ code: 'auth/bad-paste' })
    expect(it.signIns.view(flowId).state.kind).toBe('waiting')
    expect(paths(it.server)).toEqual(['/oauth/request_token'])
  })

  test('refuses a wrong code', async () => {
    await using it = await openDesk()
    const { flowId } = await it.start()
    expect(await it.signIns.paste(flowId, 'AAAAA')).toMatchObject({ state: { kind: 'failed', error: { code: 'auth/bad-code' } } })
    expect(it.traded).toEqual([])
  })

  test('sends the code once, even when the line drops', async () => {
    await using it = await openDesk()
    const { flowId } = await it.start()
    it.server.next('/oauth/access_token', 'drop')
    expect(await it.signIns.paste(flowId, VERIFIER)).toMatchObject({ state: { kind: 'failed', error: { code: 'net/offline' } } })
    expect(paths(it.server)).toEqual(['/oauth/request_token', '/oauth/access_token'])
  })

  test('says nothing secret in the log', async () => {
    await using it = await openDesk()
    const { flowId } = await it.start()
    await it.signIns.paste(flowId, VERIFIER)
    expect(JSON.stringify(it.records)).not.toMatch(/canary|WXYZ8|acc\+|oauth_signature=/)
  })
})

describe('a request token', () => {
  const page: OAuth1Reply = {
    status: 401,
    headers: { 'content-type': 'text/html' },
    body: '<html><p>oauth_problem=consumer_key_rejected</p></html>',
  }

  test.each<[string, OAuth1Reply, string]>([
    ['an unknown consumer key', problem('consumer_key_unknown'), 'auth/app-misconfigured'],
    ['a wrong signature', problem('signature_invalid'), 'auth/app-misconfigured'],
    ['a rejected key on a page', page, 'auth/app-misconfigured'],
    ['a rejected key in the body', { status: 401, body: 'oauth_problem=consumer_key_rejected' }, 'auth/app-misconfigured'],
    ['a clock that is off', problem('timestamp_refused'), 'auth/clock-off'],
    ['an unknown problem', problem('parameter_absent', 400), 'broker/refused'],
    ['a page of the front door', { status: 403, body: '<html>Access denied</html>' }, 'broker/unavailable'],
    ['a server in trouble', { status: 500, body: '' }, 'broker/unavailable'],
    ['half an answer', { body: 'oauth_token=abc' }, 'broker/unreadable'],
    ['a page with 200', { body: '<html>oauth_token=a&oauth_token_secret=b' }, 'broker/page'],
  ])('that is refused for %s ends the sign-in', async (_, reply, code) => {
    await using it = await openDesk()
    it.server.next('/oauth/request_token', reply)
    await expect(it.start()).rejects.toMatchObject({ code })
    expect(paths(it.server)).toHaveLength(1)
    expect(it.opened).toEqual([])
  })

  test('is asked for again with the time the broker takes', async () => {
    await using it = await openDesk()
    const seconds = Date.parse('2026-11-20T15:06:00.000Z') / 1000
    const body = `oauth_problem=timestamp_refused,oauth_acceptable_timestamps=${seconds - 300}-${seconds + 300}`
    it.server.next('/oauth/request_token', { status: 401, body })
    const { flowId } = await it.start()
    await it.signIns.paste(flowId, VERIFIER)
    const times = it.server.visits.map(({ oauth }) => Number(oauth['oauth_timestamp']) - seconds)
    expect(times).toEqual([-360, 0, 0])
    expect(new Set(it.server.visits.map(({ oauth }) => oauth['oauth_nonce'])).size).toBe(3)
  })

  test('is asked for again when its number was used before, once', async () => {
    await using it = await openDesk()
    it.server.next('/oauth/request_token', problem('nonce_used'))
    await it.start()
    it.server.next('/oauth/request_token', problem('nonce_used'), problem('nonce_used'))
    await expect(it.start()).rejects.toMatchObject({ code: 'broker/unavailable' })
    expect(paths(it.server)).toHaveLength(4)
  })
})
