import type { BrokerId, Method } from '../../../shared/domain/broker.ts'
import type { Reply } from './fault-server.ts'

/** A way in whose sign-in is renewed, and what its broker says of it, from its documents and from answers seen. */
export interface RefreshedWay {
  readonly name: string
  readonly broker: BrokerId
  readonly method: Method
  readonly stand: string
  /** The sign-in is over. */
  readonly over: readonly Reply[]
  /** Something about the app's registration is wrong; the sign-in may be as good as ever. */
  readonly app: readonly Reply[]
  /** Passing, though it looks like an end. */
  readonly passing: readonly (Reply & { readonly codes: readonly string[] })[]
}

const json = (status: number, value: unknown): Reply => ({ status, body: JSON.stringify(value) })
const problem = (word: string, more = ''): Reply => ({
  status: 401,
  headers: { 'content-type': 'text/html', 'www-authenticate': `OAuth realm="https://api.example/",oauth_problem="${word}"` },
  body: `oauth_problem=${word}${more}`,
})

const NESTED =
  '400 Bad Request: "{"error_description":"Exception while authenticating refresh token [tokenDigest=null]","error":"refresh_token_authentication_error"}"'

const TASTYTRADE = [
  json(400, { error_code: 'invalid_grant', error_description: 'Grant revoked' }),
  json(400, { error: 'invalid_grant', error_description: 'Invalid JWT' }),
]

export const WAYS: readonly RefreshedWay[] = [
  {
    name: 'Schwab',
    broker: 'schwab',
    method: 'oauth',
    stand: 'schwab',
    over: [
      json(400, { error: 'unsupported_token_type', error_description: NESTED }),
      json(401, { error: 'invalid_client', error_description: 'refresh token invalid' }),
      json(400, { error: 'invalid_grant' }),
    ],
    app: [json(401, { error: 'invalid_client', error_description: 'Unauthorized' }), json(400, { error: 'unauthorized_client' })],
    passing: [],
  },
  {
    name: 'tastytrade',
    broker: 'tastytrade',
    method: 'oauth',
    stand: 'tastytrade',
    over: TASTYTRADE,
    app: [json(401, { error_code: 'invalid_credentials', error_description: 'Client not found' }), json(401, { error: 'invalid_client' })],
    passing: [],
  },
  {
    name: 'tastytrade with a personal grant',
    broker: 'tastytrade',
    method: 'personal-grant',
    stand: 'tastytrade',
    // A secret made anew ends its grants, and no setting mends that.
    over: [...TASTYTRADE, json(401, { error: 'invalid_client' })],
    app: [],
    passing: [],
  },
  {
    name: 'E*TRADE',
    broker: 'etrade',
    method: 'oauth',
    stand: 'etrade',
    over: [problem('token_rejected'), problem('token_expired'), problem('token_revoked')],
    app: [problem('consumer_key_rejected'), problem('signature_invalid')],
    passing: [
      { ...problem('nonce_used'), codes: ['broker/unavailable', 'broker/refused'] },
      { ...problem('timestamp_refused', '&oauth_acceptable_timestamps=1-2'), codes: ['auth/clock-off'] },
      {
        ...json(500, { Error: { code: 100, message: 'The requested service is not currently available, please try after sometime.' } }),
        codes: ['broker/unavailable'],
      },
    ],
  },
  {
    name: 'IBKR',
    broker: 'ibkr',
    method: 'oauth',
    stand: 'ibkr-oauth',
    over: [json(400, { error: 'invalid_grant', error_description: 'refresh token expired' })],
    app: [json(401, { error: 'invalid_client' }), json(400, { error: 'unauthorized_client' })],
    passing: [],
  },
  {
    name: 'TD Ameritrade',
    broker: 'tdameritrade',
    method: 'oauth',
    stand: 'tdameritrade',
    over: [json(400, { error: 'invalid_grant' })],
    app: [json(401, { error: 'invalid_client' })],
    passing: [],
  },
]
