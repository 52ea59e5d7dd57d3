import { json, type Reply, type Script, startTokenServer, type TokenServer } from '../../oauth/support/token-server.ts'

/** How a broker treats refresh tokens: never replaced, replaced with the old one still good, or replaced and a replay ends the session. */
export type Model = 'plain' | 'grace' | 'strict'

/** What Schwab answers to a dead refresh token. */
export const SCHWAB_DEAD = JSON.stringify({
  error_description:
    '400 Bad Request: "{"error_description":"Exception while authenticating refresh token [tokenDigest=null, env=null]","error":"refresh_token_authentication_error"}"',
  error: 'unsupported_token_type',
})

export interface Hook {
  /** `drop` cuts the connection with nothing done. */
  before?(): Promise<'drop' | 'go on'> | 'drop' | 'go on'
  /** `drop` cuts the connection when it is done already. */
  after?(): Promise<'drop' | 'go on'> | 'drop' | 'go on'
}

export interface Authority extends AsyncDisposable {
  readonly server: TokenServer
  readonly access: string
  readonly refresh: string
  /** Refresh tokens presented, in order. */
  readonly presented: string[]
  /** How often a used-up refresh token was presented. */
  readonly replays: number
  /** Ends the access token, as time would. */
  expire(): void
  /** Runs around the carrying out of a refresh. */
  around(hook: Hook | null): void
  /** Answers all refreshes with this until null. */
  fail(reply: Reply | 'drop' | null): void
  /** Extra fields of the next answers. */
  fields(extra: Record<string, unknown>): void
}

/** An authorization server with one session and an API at `/api` that takes its current access token. */
export async function startAuthority(model: Model = 'strict'): Promise<Authority> {
  let count = 1
  let previous = ''
  let [access, refresh] = ['access-1', 'refresh-1']
  let [live, revoked, replays] = [true, false, 0]
  let hook: Hook | null = null
  let failure: Reply | 'drop' | null = null
  let extra: Record<string, unknown> = { expires_in: 1800 }
  const presented: string[] = []

  const carryOut = (token: string): Reply => {
    const known = !revoked && (token === refresh || (model === 'grace' && token === previous))
    if (!known) {
      replays += 1
      revoked ||= model === 'strict'
      return { status: 400, body: SCHWAB_DEAD }
    }
    count += 1
    live = true
    access = `access-${count}`
    previous = refresh
    if (model !== 'plain') refresh = `refresh-${count}`
    return json({ access_token: access, refresh_token: refresh, token_type: 'Bearer', ...extra })
  }
  const script: Script = async ({ path, headers, form }) => {
    if (path === '/api') return { status: live && headers.authorization === `Bearer ${access}` ? 200 : 401 }
    presented.push(form.get('refresh_token') ?? '')
    if ((await hook?.before?.()) === 'drop') return 'drop'
    if (failure) return failure
    const reply = carryOut(form.get('refresh_token') ?? '')
    return (await hook?.after?.()) === 'drop' ? 'drop' : reply
  }
  const server = await startTokenServer(script)
  return {
    server,
    get access() {
      return access
    },
    get refresh() {
      return refresh
    },
    presented,
    get replays() {
      return replays
    },
    expire: () => {
      live = false
    },
    around: next => {
      hook = next
    },
    fail: next => {
      failure = next
    },
    fields: next => {
      extra = next
    },
    [Symbol.asyncDispose]: () => server[Symbol.asyncDispose](),
  }
}
