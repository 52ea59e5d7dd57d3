import {
  allowInsecureRequests,
  type AuthorizationServer,
  type Client,
  type ClientAuth,
  ClientSecretPost,
  customFetch,
  None,
} from 'oauth4webapi'
import { AppError } from '../../../shared/contract/errors.ts'
import type { Secret } from '../vault/secret.ts'
import type { OAuthProfile } from './profile.ts'

export interface EndpointAnswer {
  readonly status: number
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>
  readonly body: string
}

/** The one thing this folder asks of net/: a paced, sized call of the broker's own hosts that is never repeated. */
export interface OAuthHttp {
  request(options: {
    readonly method: 'GET' | 'POST'
    readonly url: string
    readonly headers: Record<string, string>
    readonly body?: string
    /** Keeps a GET to a single try. */
    readonly idempotent?: false
    readonly signal: AbortSignal
    /** Stops it as long as nothing of it has left. */
    readonly untilDeparture?: AbortSignal | undefined
  }): Promise<EndpointAnswer>
}

/** An app registered at a broker. A public app has an empty secret, a personal one may have an empty id. */
export interface OAuthClient {
  readonly id: string
  readonly secret: Secret
}

// The library insists on a name; it is written nowhere.
const NO_ID = 'none'

/** Whose endpoints are called. */
export interface Endpoints {
  readonly http: OAuthHttp
  readonly profile: OAuthProfile
  readonly client: OAuthClient
  /** The broker's name, for sentences. */
  readonly broker: string
}

/** What the library needs for one request. */
export interface Wiring {
  readonly server: AuthorizationServer
  readonly client: Client
  readonly auth: ClientAuth
  readonly options: {
    [customFetch]: (url: string, init: FetchInit) => Promise<Response>
    [allowInsecureRequests]: boolean
    signal: AbortSignal
  }
}

interface FetchInit {
  readonly headers: Record<string, string>
  readonly body: URLSearchParams
}

/**
 * Sends one request built by the library and answers what came back, read in the tick it arrived in.
 * Addresses come from the profile alone; plain http is for loopback sandboxes only.
 */
export async function callEndpoint(
  { http, profile, client }: Endpoints,
  { signal, untilDeparture }: { readonly signal: AbortSignal; readonly untilDeparture?: AbortSignal | undefined },
  send: (wiring: Wiring) => Promise<Response>,
): Promise<EndpointAnswer> {
  let answer: EndpointAnswer | undefined
  const fetchOnce = async (url: string, { headers, body }: FetchInit): Promise<Response> => {
    answer = await http.request({ method: 'POST', url, headers, body: body.toString(), signal, untilDeparture })
    return new Response(null)
  }
  await send({
    server: {
      issuer: new URL(profile.tokenUrl).origin,
      token_endpoint: profile.tokenUrl,
      ...(profile.revokeUrl === null ? {} : { revocation_endpoint: profile.revokeUrl }),
    },
    client: { client_id: client.id || NO_ID },
    auth: clientAuth(profile, client),
    options: { [customFetch]: fetchOnce, [allowInsecureRequests]: isLoopback(profile.tokenUrl), signal },
  })
  if (!answer) throw new AppError('app/internal')
  return answer
}

/** How the app proves itself: as the broker wants it; a personal app by its secret alone, since nobody asked for its id. */
function clientAuth({ clientAuth: way }: OAuthProfile, client: OAuthClient): ClientAuth {
  if (way === 'none') return None()
  if (way === 'basic') return plainBasic(client)
  return client.id === '' ? secretAlone(client) : ClientSecretPost(client.secret.reveal())
}

function secretAlone({ secret }: OAuthClient): ClientAuth {
  return (_server, _client, body) => {
    body.set('client_secret', secret.reveal())
  }
}

/** Brokers decode Basic without the form encoding of RFC 6749 section 2.3.1, so a hyphen must stay a hyphen. */
function plainBasic({ id, secret }: OAuthClient): ClientAuth {
  return (_server, _client, _body, headers) => {
    headers.set('authorization', `Basic ${Buffer.from(`${id}:${secret.reveal()}`, 'utf8').toString('base64')}`)
  }
}

function isLoopback(url: string): boolean {
  return ['127.0.0.1', '[::1]'].includes(new URL(url).hostname)
}
