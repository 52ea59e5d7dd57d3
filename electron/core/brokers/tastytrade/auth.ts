import type { ErrorCode } from '../../../../shared/contract/errors.ts'
import type { OAuthProfile } from '../../oauth/profile.ts'
import { readRefusal } from '../refusal-words.ts'

/** Registered with the app: tastytrade compares the whole address. */
const REDIRECT_PORT = 8732

interface Answer {
  readonly status: number
  readonly body: string
}

const HOSTS = {
  live: { page: 'https://my.tastytrade.com/auth.html', api: 'https://api.tastyworks.com' },
  paper: { page: 'https://cert-my.staging-tasty.works/auth.html', api: 'https://api.cert.tastyworks.com' },
} as const

/**
 * tastytrade's code flow. Access tokens last 15 minutes; the refresh token has no end and may be exchanged for another. PKCE is not
 * documented and left out. Source: developer.tastytrade.com, "OAuth2".
 */
export function oauthProfile(account: 'live' | 'paper', port: number | null = REDIRECT_PORT): OAuthProfile {
  const { page, api } = HOSTS[account]
  return {
    authorizeUrl: page,
    tokenUrl: `${api}/oauth/token`,
    revokeUrl: null,
    clientAuth: 'post',
    pkce: false,
    redirect: { scheme: 'http', port, path: '/callback/tastytrade' },
    extra: {},
    classifyTokenFailure,
  }
}

/**
 * `invalid_grant` is a grant that was deleted, or one of the other environment ("Invalid JWT"). The page of its front door, shown
 * to calls without a User-Agent, is no answer.
 */
export function classifyTokenFailure({ status, body }: Answer): ErrorCode | undefined {
  if (status < 400 || status >= 500 || /^\s*</.test(body)) return undefined
  if (body.includes('invalid_grant')) return 'auth/sign-in-needed'
  return /invalid_client|unauthorized_client|invalid_credentials|validation_error/.test(body) ? 'auth/app-misconfigured' : undefined
}

/** Asked after one renewal, so a 401 that stays is a session that is over. */
export function classifyFailure({ status, body }: Answer): ErrorCode | undefined {
  if (status === 401) return 'auth/sign-in-needed'
  return status === 403 && /scope/i.test(body) ? 'broker/scope-missing' : undefined
}

const SUPPORT_ID = /\s*Unique customer support identifier:.*$/

/** tastytrade's own sentences: the single reasons where it gives some, else the one above them. Sign-in errors are flat. */
export function wordsOf({ body }: Answer): string | null {
  const refusal = readRefusal(body)
  const error = member(refusal, 'error')
  const reasons: unknown = member(error, 'errors')
  const single = (Array.isArray(reasons) ? reasons : []).flatMap((reason: unknown) => {
    const said = text(member(reason, 'message')) ?? text(member(reason, 'reason'))
    const about = text(member(reason, 'domain'))
    return said === null ? [] : [about === null ? said : `${about} ${said}`]
  })
  if (single.length > 0) return single.join(' ')
  return (text(member(error, 'message')) ?? text(member(refusal, 'error_description')))?.replace(SUPPORT_ID, '') ?? null
}

function member(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null ? Reflect.get(value, name) : undefined
}

function text(value: unknown): string | null {
  return typeof value === 'string' && value.trim() !== '' ? value.trim() : null
}
