import { createHash } from 'node:crypto'
import { once } from 'node:events'
import { createServer } from 'node:http'
import { approveConsent } from '../../../../../electron/core/sandbox/browser-player.ts'
import { SANDBOX_CLIENTS } from '../../../../../electron/core/sandbox/client-keys.ts'

const VERIFIER = 'a-code-verifier-of-more-than-forty-three-characters'

/** An access token of the simulated IBKR, as its consent page hands one out. */
export async function signIn(origin: string, signal: AbortSignal): Promise<string> {
  const { clientId, clientSecret } = SANDBOX_CLIENTS.ibkr
  const listener = createServer((_request, response) => response.end('done')).listen(0, '127.0.0.1')
  await once(listener, 'listening')
  const at = listener.address()
  const redirect = `http://127.0.0.1:${typeof at === 'object' && at !== null ? at.port : 0}/callback/ibkr`
  const authorize = new URL('/oauth2/authorize', origin)
  authorize.search = new URLSearchParams({
    response_type: 'code',
    client_id: clientId,
    redirect_uri: redirect,
    scope: 'trades positions account market_data',
    state: 'a-state-of-our-own',
    code_challenge: createHash('sha256').update(VERIFIER).digest('base64url'),
    code_challenge_method: 'S256',
  }).toString()
  const back = await approveConsent({ authorizeUrl: authorize.href, signal })
  listener.close()
  const code = new URL(back.url).searchParams.get('code') ?? ''
  const answer = await fetch(new URL('/oauth2/api/v1/token', origin), {
    method: 'POST',
    signal,
    body: new URLSearchParams({
      grant_type: 'authorization_code',
      code,
      redirect_uri: redirect,
      client_id: clientId,
      client_secret: clientSecret,
      code_verifier: VERIFIER,
    }),
  })
  const token: unknown = await answer.json()
  const access: unknown = Reflect.get(Object(token), 'access_token')
  if (typeof access !== 'string') throw new TypeError(`no token: ${JSON.stringify(token)}`)
  return access
}
