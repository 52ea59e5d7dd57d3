import { Instant } from '../../../../shared/domain/time.ts'
import { SANDBOX_CLIENTS } from '../client-keys.ts'
import { consentPage, refusalPage, verifierPage } from '../consent-page.ts'
import { hexOf } from '../dice.ts'
import { formOf } from '../exchange.ts'
import type { Ask, Reply } from '../exchange.ts'
import type { Knobs } from '../knobs.ts'
import { baseString, encode, readHeader, sameSignature, sign } from './signature.ts'
import type { EtradeTokens } from './tokens.ts'

export const AUTHORIZE_PATH = '/e/t/etws/authorize'
const WINDOW_S = 300
const CALLBACK = 'oob'

export interface EtradeDoor {
  readonly tokens: EtradeTokens
  readonly knobs: Knobs
  readonly seed: number
  readonly now: () => Instant
  /** What a fault does to this renewal. */
  readonly renewTrouble: () => 'invalid' | number | null
}

/** OAuth 1.0a as E*TRADE speaks it: HMAC-SHA1, `oob` and a code to carry over, 5-minute request tokens. */
export function createEtradeOAuth(door: EtradeDoor): { handle(ask: Ask): Reply; refusal(ask: Ask): Reply | undefined } {
  const check = createCheck(door)
  const page = createPage(door)
  const { tokens } = door
  const handle = (ask: Ask): Reply => {
    if (ask.path === AUTHORIZE_PATH) return page(ask)
    if (ask.path === '/oauth/request_token') {
      const header = check(ask, () => '')
      if ('status' in header) return header
      if (header.get('oauth_callback') !== CALLBACK) return problem('parameter_rejected')
      return tokenReply(tokens.request(), '&oauth_callback_confirmed=true')
    }
    if (ask.path === '/oauth/access_token') {
      const header = check(ask, token => tokens.requestSecret(token))
      if ('status' in header) return header
      const access = tokens.exchange(header.get('oauth_token') ?? '', header.get('oauth_verifier') ?? '')
      return access ? tokenReply(access, '') : problem('token_rejected')
    }
    const header = check(ask, token => tokens.accessSecret(token))
    if ('status' in header) return header
    const token = header.get('oauth_token') ?? ''
    if (ask.path === '/oauth/renew_access_token') return renew(door, token)
    if (ask.path !== '/oauth/revoke_access_token') return problem('parameter_rejected', 404)
    tokens.revoke(token)
    return plain('Revoked Access Token')
  }
  return {
    handle,
    /** What is wrong with a signed data call, if anything. */
    refusal(ask) {
      const header = check(ask, token => tokens.accessSecret(token))
      if ('status' in header) return header
      const trouble = tokens.use(header.get('oauth_token') ?? '')
      return trouble && problem(trouble)
    },
  }
}

/** The body and header of a refused signature or token. */
export function problem(text: string, status = 401): Reply {
  const headers = { 'content-type': 'text/plain', 'www-authenticate': `OAuth realm="https://api.etrade.com/",oauth_problem="${text}"` }
  return { status, headers, body: `oauth_problem=${text}` }
}

function renew({ tokens, renewTrouble }: EtradeDoor, token: string): Reply {
  const trouble = renewTrouble()
  if (typeof trouble === 'number')
    return { status: trouble, headers: { 'content-type': 'text/html' }, body: '<html><body>Service unavailable</body></html>' }
  return trouble === null && tokens.renew(token) ? plain('Access Token has been renewed') : problem('token_rejected')
}

type SecretOf = (token: string) => string | undefined

/** Checks a signed request: key, clock, token, signature, and that it comes once. */
function createCheck({ knobs, now }: EtradeDoor): (ask: Ask, secretOf: SecretOf) => ReadonlyMap<string, string> | Reply {
  const seen = createNonces()
  const { clientId, clientSecret } = SANDBOX_CLIENTS.etrade
  return (ask, secretOf) => {
    const header = readHeader(ask.headers.authorization)
    if (!header || header.get('oauth_signature_method') !== 'HMAC-SHA1') return problem('parameter_absent')
    if (header.get('oauth_consumer_key') !== clientId || knobs.get('consumer-key') === 'rejected') return problem('consumer_key_rejected')
    const nowS = Math.floor(Instant.toEpochMs(now()) / 1000)
    const stamp = Number(header.get('oauth_timestamp') ?? Number.NaN)
    if (!(Math.abs(stamp - nowS) <= WINDOW_S))
      return problem(`timestamp_refused,oauth_acceptable_timestamps=${nowS - WINDOW_S}-${nowS + WINDOW_S}`)
    const secret = secretOf(header.get('oauth_token') ?? '')
    if (secret === undefined) return problem('token_rejected')
    const signed = [...header].filter(([name]) => name !== 'realm' && name !== 'oauth_signature')
    const form = formOf(ask)
    const parameters = [...signed, ...ask.query, ...(form ?? [])]
    const base = baseString(ask.method, `http://${(ask.headers.host ?? '').toLowerCase()}${ask.path}`, parameters)
    if (!sameSignature(header.get('oauth_signature') ?? '', sign(base, clientSecret, secret))) return problem('signature_invalid')
    if (!seen(`${stamp} ${header.get('oauth_nonce') ?? ''}`, nowS)) return problem('nonce_used')
    return header
  }
}

/** Remembers nonces for as long as their timestamps pass; answers false for one that came before. */
function createNonces(): (nonce: string, nowS: number) => boolean {
  let young = new Set<string>()
  let old = young
  let since = 0
  return (nonce, nowS) => {
    if (nowS - since >= 2 * WINDOW_S) {
      old = young
      young = new Set()
      since = nowS
    }
    if (young.has(nonce) || old.has(nonce)) return false
    young.add(nonce)
    return true
  }
}

/** The page in the browser: consent, then the code. */
function createPage({ tokens, seed, now }: EtradeDoor): (ask: Ask) => Reply {
  const tickets = new Map<string, string>()
  const offer = {
    brokerName: 'E*TRADE',
    permissions: ['Read your accounts, positions and orders', 'Read your transactions', 'Place orders where trading is allowed'],
    accounts: [],
  }
  const over = () => refusalPage(400, 'This page is no longer valid. Start the sign-in again.')
  return ask => {
    if (ask.method === 'GET') {
      const token = ask.query.get('token') ?? ''
      if (ask.query.get('key') !== SANDBOX_CLIENTS.etrade.clientId) return refusalPage(401, 'The consumer key is not known here.')
      if (tokens.requestSecret(token) === undefined) return over()
      const ticket = hexOf(48, seed, 'etrade page', now(), token)
      tickets.set(ticket, token)
      return consentPage(offer, AUTHORIZE_PATH, ticket)
    }
    const form = formOf(ask)
    const token = tickets.get(form?.get('ticket') ?? '')
    tickets.delete(form?.get('ticket') ?? '')
    if (token === undefined) return over()
    if (form?.get('decision') !== 'approve') return refusalPage(200, 'You did not allow access. Nothing was shared.')
    const code = tokens.approve(token)
    return code === undefined ? over() : verifierPage('E*TRADE', code)
  }
}

function tokenReply({ token, secret }: { readonly token: string; readonly secret: string }, more: string): Reply {
  return plain(`oauth_token=${encode(token)}&oauth_token_secret=${encode(secret)}${more}`, 'application/x-www-form-urlencoded')
}

function plain(body: string, type = 'text/plain'): Reply {
  return { status: 200, headers: { 'content-type': type, 'cache-control': 'no-store' }, body }
}
