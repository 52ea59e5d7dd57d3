import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { EnvironmentProfile } from '../../../electron/core/brokers/adapter.ts'
import { brokers } from '../../../electron/core/brokers/registry.ts'
import { resolveEnvironment } from '../../../electron/core/brokers/sandbox-address.ts'
import { createLog } from '../../../electron/core/log/log.ts'
import { createHttp } from '../../../electron/core/net/http.ts'
import { createLimiter } from '../../../electron/core/net/limiter.ts'
import type { OAuth1Profile, OAuthProfile } from '../../../electron/core/oauth/profile.ts'
import { refreshGrant } from '../../../electron/core/oauth/refresh.ts'
import type { OAuthClient } from '../../../electron/core/oauth/token-endpoint.ts'
import { approveConsent, approveVerifier } from '../../../electron/core/sandbox/browser-player.ts'
import { type Sandbox, startSandbox } from '../../../electron/core/sandbox/sandbox.ts'
import type { StandId } from '../../../electron/core/sandbox/stands.ts'
import { Secret } from '../../../electron/core/vault/secret.ts'
import { fakePorts } from '../../support/fake-ports.ts'
import { type Desk, openDesk } from './support/sign-ins.ts'

const ports = fakePorts('unused')
const now = () => ports.clock.now()
const signal = new AbortController().signal
let sandbox: Sandbox
let desk: Desk
let http: ReturnType<typeof createHttp>

beforeEach(async () => {
  sandbox = await startSandbox({ seed: 1, now, size: { activities: 10 } })
  const { clock, random, log } = ports
  const limiter = createLimiter({ requests: 1000, perMs: 1000, clock })
  http = createHttp({ broker: 'Simulator', allow: Object.values(sandbox.urls), limiter, clock, random, log: createLog(log, clock) })
  desk = await openDesk({ http: () => http })
})
afterEach(async () => {
  await desk[Symbol.asyncDispose]()
  await http.close()
  await sandbox.close()
})

/** The brokers with a code flow, and what their tokens are like. */
const CODE_FLOWS = {
  alpaca: { expiresInMs: null, refreshes: false },
  schwab: { expiresInMs: 1_800_000, refreshes: true },
  tastytrade: { expiresInMs: 900_000, refreshes: true },
  tdameritrade: { expiresInMs: 1_800_000, refreshes: true },
  ibkr: { expiresInMs: 86_400_000, refreshes: true },
} as const
type CodeFlow = keyof typeof CODE_FLOWS

const standOf = (id: CodeFlow): StandId => (id === 'ibkr' ? 'ibkr-oauth' : id)

const scopesOf = (id: CodeFlow): string[] => brokers[id].scopes.map(scope => scope.id)

const profileOf = (id: CodeFlow): EnvironmentProfile => resolveEnvironment(brokers[id], 'sandbox', {}, stand => sandbox.urls[stand])

function oauthOf(id: CodeFlow): OAuthProfile {
  const { oauth } = profileOf(id)
  if (!oauth) throw new Error(`${id} has no OAuth`)
  return oauth
}

const clientOf = (id: CodeFlow) => ({
  id: sandbox.control(standOf(id)).clientId,
  secret: Secret.of(sandbox.control(standOf(id)).clientSecret),
})

async function signIn(id: CodeFlow, decision: 'approve' | 'deny' = 'approve') {
  const flow = await desk.start({ broker: brokers[id], profile: oauthOf(id), client: clientOf(id), scopes: scopesOf(id), open: false })
  const page = await approveConsent({
    authorizeUrl: flow.authorizeUrl,
    certificatePem: desk.signIns.certificate(flow.flowId),
    decision,
    signal,
  })
  expect(page.status).toBe(200)
  return desk.ended(flow.flowId)
}

describe.each(Object.entries(CODE_FLOWS).map(([id, gives]) => ({ id: id as CodeFlow, gives })))(
  'the simulated sign-in of $id',
  ({ id, gives }) => {
    test('ends connected after consent, with tokens as the broker gives them', async () => {
      expect((await signIn(id)).state.kind).toBe('connected')
      const { grant } = desk.saved[0] ?? {}
      expect(grant?.expiresInMs).toBe(gives.expiresInMs)
      expect(grant?.refresh !== null).toBe(gives.refreshes)
    })

    test('ends denied when the user declines', async () => {
      expect((await signIn(id, 'deny')).state).toMatchObject({ kind: 'failed', error: { code: 'auth/denied' } })
      expect(desk.saved).toEqual([])
    })

    test('refuses a code that nobody was given', async () => {
      const flow = await desk.start({ broker: brokers[id], profile: oauthOf(id), client: clientOf(id), scopes: scopesOf(id), open: false })
      expect((await desk.signIns.paste(flow.flowId, 'C0.made-up-code')).state).toMatchObject({
        kind: 'failed',
        error: { code: 'auth/bad-code' },
      })
    })

    // A public app has no secret to get wrong.
    test.skipIf(id === 'tdameritrade')('refuses a wrong client secret, and says it is the app', async () => {
      const flow = await desk.start({
        broker: brokers[id],
        profile: oauthOf(id),
        client: { ...clientOf(id), secret: Secret.of('wrong') },
        open: false,
      })
      await approveConsent({ authorizeUrl: flow.authorizeUrl, certificatePem: desk.signIns.certificate(flow.flowId), signal })
      expect((await desk.ended(flow.flowId)).state).toMatchObject({ kind: 'failed', error: { code: 'auth/app-misconfigured' } })
    })
  },
)

describe('the simulated refresh of Schwab', () => {
  const refresh = (token: Secret) => {
    const endpoints = { http, profile: oauthOf('schwab'), client: clientOf('schwab'), broker: 'Schwab' }
    return refreshGrant(endpoints, { refresh: token, now, signal })
  }

  async function refreshToken(): Promise<Secret> {
    await signIn('schwab')
    const token = desk.saved[0]?.grant.refresh
    if (!token) throw new Error('no refresh token')
    return token
  }

  test('gives a new access token', async () => {
    const grant = await refresh(await refreshToken())
    expect(grant.expiresInMs).toBe(1_800_000)
    expect(grant.access.reveal()).not.toBe(desk.saved[0]?.grant.access.reveal())
  })

  test('needs a sign-in once access was revoked', async () => {
    const token = await refreshToken()
    sandbox.control('schwab').revokeAll()
    await expect(refresh(token)).rejects.toMatchObject({ code: 'auth/sign-in-needed' })
  })
})

describe('the simulated sign-in of E*TRADE', () => {
  const client = () => ({ id: sandbox.control('etrade').clientId, secret: Secret.of(sandbox.control('etrade').clientSecret) })

  function oauth1Of(): OAuth1Profile {
    const { oauth1 } = resolveEnvironment(brokers.etrade, 'sandbox', {}, () => sandbox.urls.etrade)
    if (!oauth1) throw new Error('E*TRADE does not sign')
    return oauth1
  }

  const start = (changes: Partial<OAuthClient> = {}) =>
    desk.start({ broker: brokers.etrade, profile: oauth1Of(), client: { ...client(), ...changes }, scopes: [], open: false })

  test('ends connected with the code the page shows, and signs calls that are taken', async () => {
    const { flowId, authorizeUrl } = await start()
    const verifier = await approveVerifier({ authorizeUrl, signal })
    expect(await desk.signIns.paste(flowId, ` ${verifier.toLowerCase()} `)).toMatchObject({ state: { kind: 'connected' } })
    const authorization = await desk.saved[0]?.candidate.authorize({ signal })
    const url = `${sandbox.urls.etrade}/v1/accounts/list.json`
    const headers = authorization?.sign?.({ method: 'GET', url })
    expect((await http.request({ method: 'GET', url, headers, signal })).status).toBe(200)
  })

  test('refuses a code nobody was shown', async () => {
    const { flowId } = await start()
    expect(await desk.signIns.paste(flowId, 'AAAAA')).toMatchObject({ state: { kind: 'failed', error: { code: 'auth/bad-code' } } })
  })

  test('refuses a wrong consumer secret or key, and says it is the app', async () => {
    await expect(start({ secret: Secret.of('wrong') })).rejects.toMatchObject({ code: 'auth/app-misconfigured' })
    await expect(start({ id: 'wrong' })).rejects.toMatchObject({ code: 'auth/app-misconfigured' })
  })
})
