import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { baseString, signatureOf } from '../../../../electron/core/oauth/oauth1/signature.ts'
import type { OAuth1Profile } from '../../../../electron/core/oauth/profile.ts'

export interface SignedVisit {
  readonly path: string
  /** The protocol's parameters, decoded. */
  readonly oauth: Readonly<Record<string, string>>
  /** True when the signature is that of the secrets the server knows. */
  readonly genuine: boolean
}

export interface OAuth1Reply {
  readonly status?: number
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: string
}

export interface OAuth1Server extends AsyncDisposable {
  readonly origin: string
  readonly profile: OAuth1Profile
  readonly visits: SignedVisit[]
  /** Answers the next visits to a path before the usual answers; `drop` cuts the connection. */
  next(path: string, ...replies: readonly (OAuth1Reply | 'drop')[]): void
}

export const CONSUMER = { id: 'consumer-key-1', secret: 'canary-consumer-secret' }
export const VERIFIER = 'WXYZ8'
const REQUEST = { key: 'req+/token=', secret: 'req+secret=' }
export const ACCESS = { key: 'acc+/token=', secret: 'canary+access/secret=' }
const SECRETS: Readonly<Record<string, string>> = { '': '', [REQUEST.key]: REQUEST.secret, [ACCESS.key]: ACCESS.secret }

export function problem(word: string, status = 401): OAuth1Reply {
  return { status, headers: { 'www-authenticate': `OAuth realm="https://example.test/",oauth_problem="${word}"` }, body: '' }
}

/** A server with E*TRADE's five addresses that checks signatures, and an API at `/v1`. */
export async function startOAuth1Server(): Promise<OAuth1Server> {
  const visits: SignedVisit[] = []
  const queued = new Map<string, (OAuth1Reply | 'drop')[]>()
  const form = (key: string, secret: string): OAuth1Reply => ({
    body: new URLSearchParams({ oauth_token: key, oauth_token_secret: secret }).toString(),
  })

  const usual = ({ path, oauth, genuine }: SignedVisit): OAuth1Reply => {
    if (!genuine) return problem('signature_invalid')
    if (path === '/oauth/request_token') return form(REQUEST.key, REQUEST.secret)
    if (path === '/oauth/access_token')
      return oauth['oauth_verifier'] === VERIFIER && oauth['oauth_token'] === REQUEST.key
        ? form(ACCESS.key, ACCESS.secret)
        : problem('token_rejected')
    if (path === '/oauth/renew_access_token') return { body: 'Access Token has been renewed' }
    if (path === '/oauth/revoke_access_token') return { body: 'Revoked Access Token' }
    return { headers: { 'content-type': 'application/json' }, body: '{"ok":true}' }
  }
  const server = createServer((request: IncomingMessage, response: ServerResponse) => {
    const visit = readVisit(request)
    visits.push(visit)
    const reply = queued.get(visit.path)?.shift() ?? usual(visit)
    if (reply === 'drop') request.socket.destroy()
    else response.writeHead(reply.status ?? 200, { ...reply.headers }).end(reply.body ?? '')
  })
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  const origin = `http://127.0.0.1:${port}`
  return {
    origin,
    profile: {
      requestTokenUrl: `${origin}/oauth/request_token`,
      authorizeUrl: `${origin}/e/t/etws/authorize`,
      accessTokenUrl: `${origin}/oauth/access_token`,
      renewUrl: `${origin}/oauth/renew_access_token`,
      revokeUrl: `${origin}/oauth/revoke_access_token`,
      classifyTokenFailure: () => undefined,
    },
    visits,
    next: (path, ...replies) => void queued.set(path, [...replies]),
    async [Symbol.asyncDispose]() {
      server.closeAllConnections()
      await new Promise(resolve => server.close(resolve))
    },
  }
}

function readVisit({ method = '', url = '', headers }: IncomingMessage): SignedVisit {
  const header = headers.authorization ?? ''
  const oauth = Object.fromEntries(
    [...header.matchAll(/(oauth_\w+)="([^"]*)"/g)].map(([, name, value]) => [String(name), decodeURIComponent(String(value))]),
  )
  const { oauth_signature: given, ...signed } = oauth
  const base = baseString({ method, url: `http://${headers.host}${url}` }, Object.entries(signed))
  const tokenSecret = SECRETS[oauth['oauth_token'] ?? '']
  const genuine =
    tokenSecret !== undefined && oauth['oauth_consumer_key'] === CONSUMER.id && given === signatureOf(base, CONSUMER.secret, tokenSecret)
  return { path: url.split('?')[0] ?? '', oauth, genuine }
}
