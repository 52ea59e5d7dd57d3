import { z } from 'zod'
import { AppError } from '../../../shared/contract/errors.ts'
import type { Log } from '../log/log.ts'
import type { OAuthProfile } from './profile.ts'
import type { EndpointAnswer, OAuthHttp } from './token-endpoint.ts'

/** Whose metadata is read. */
export interface Discovered {
  readonly http: OAuthHttp
  readonly profile: OAuthProfile
  /** The broker's name, for the log. */
  readonly broker: string
}

export interface Discovery {
  /**
   * The profile with the addresses the broker publishes (RFC 8414), where it has a `discoveryUrl`; asked once in a run. Metadata that
   * cannot be had or trusted leaves the profile's own addresses in force. Rejects only with app/canceled, and with
   * auth/app-misconfigured when the broker lists ways to prove a code and S256 is not among them.
   */
  resolve(of: Discovered, options: { readonly signal: AbortSignal }): Promise<OAuthProfile>
}

const Metadata = z.object({
  issuer: z.string(),
  authorization_endpoint: z.string(),
  token_endpoint: z.string(),
  revocation_endpoint: z.string().nullish(),
  code_challenge_methods_supported: z.array(z.string()).nullish(),
})
type Metadata = z.output<typeof Metadata>

const WELL_KNOWN = /\/\.well-known\/(?:oauth-authorization-server|openid-configuration)/

export function createDiscovery({ log }: { readonly log: Log }): Discovery {
  const known = new Map<string, OAuthProfile>()

  async function ask({ http, profile, broker }: Discovered, url: string, signal: AbortSignal): Promise<OAuthProfile> {
    const answer = await http.request({ method: 'GET', url, headers: {}, idempotent: false, signal }).catch((error: unknown) => {
      if (signal.aborted) throw error
      return null
    })
    const read = answer ? merged(profile, url, answer) : 'no answer'
    if (typeof read === 'string') {
      log.warn('sign-in.discovery', { broker, because: read })
      return profile
    }
    if (profile.pkce && read.challenges && !read.challenges.includes('S256')) {
      throw new AppError('auth/app-misconfigured', { details: { broker }, cause: 'no S256' })
    }
    known.set(url, read.profile)
    return read.profile
  }

  return {
    async resolve(of, { signal }) {
      const url = of.profile.discoveryUrl
      if (url === undefined) return of.profile
      return known.get(url) ?? ask(of, url, signal)
    },
  }
}

/** The profile with published addresses, or why they are not used. None may lead to an origin the profile does not name itself. */
function merged(
  profile: OAuthProfile,
  url: string,
  answer: EndpointAnswer,
): { readonly profile: OAuthProfile; readonly challenges: readonly string[] | null } | string {
  const metadata = answer.status === 200 ? read(answer.body) : null
  if (!metadata) return `status ${answer.status}`
  if (!isIssuerOf(metadata.issuer, url)) return 'another issuer'
  const { authorization_endpoint: authorizeUrl, token_endpoint: tokenUrl, revocation_endpoint: revoke } = metadata
  const revokeUrl = revoke ?? profile.revokeUrl
  const origins = new Set([profile.authorizeUrl, profile.tokenUrl, profile.revokeUrl ?? profile.tokenUrl].map(origin))
  const strangers = [authorizeUrl, tokenUrl, revokeUrl ?? tokenUrl].filter(address => !origins.has(origin(address)))
  if (strangers.length > 0) return 'an address of another origin'
  return { profile: { ...profile, authorizeUrl, tokenUrl, revokeUrl }, challenges: metadata.code_challenge_methods_supported ?? null }
}

function read(body: string): Metadata | null {
  try {
    return Metadata.parse(JSON.parse(body))
  } catch {
    return null
  }
}

/** RFC 8414 section 3.3: the issuer is the address the metadata came from, without the well-known part. */
function isIssuerOf(issuer: string, discoveryUrl: string): boolean {
  const expected = discoveryUrl.replace(WELL_KNOWN, '')
  return issuer.replace(/\/$/, '') === expected.replace(/\/$/, '')
}

/** The origin of an address of the web; a `blob:` names an origin as well, and leads to no page of it. */
function origin(address: string): string {
  const url = URL.parse(address)
  return url && /^https?:$/.test(url.protocol) && url.username === '' && url.password === '' ? url.origin : address
}
