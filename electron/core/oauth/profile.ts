import type { ErrorCode } from '../../../shared/contract/errors.ts'

/** A broker's OAuth 2.0 code flow as data. Addresses come from here alone, never from an answer. */
export interface OAuthProfile {
  readonly authorizeUrl: string
  readonly tokenUrl: string
  readonly revokeUrl: string | null
  /** Metadata of RFC 8414 below the token endpoint's own origin, where the broker publishes it; it may only confirm or move paths. */
  readonly discoveryUrl?: string
  /** How the token endpoint wants the client secret: HTTP Basic, in the form body, or not at all (a public client). */
  readonly clientAuth: 'basic' | 'post' | 'none'
  /** S256 where the broker takes it. */
  readonly pkce: boolean
  readonly redirect: RedirectProfile
  /** Extra parameters of the authorize address, such as Alpaca's `env`. */
  readonly extra: Readonly<Record<string, string>>
  /** Extra parameters of the exchange of a code, such as TD Ameritrade's `access_type`. */
  readonly exchangeExtra?: Readonly<Record<string, string>>
  /**
   * What a failed answer of the token endpoint means. Only `auth/sign-in-needed` ends a session;
   * undefined is a passing problem.
   */
  readonly classifyTokenFailure: (answer: { readonly status: number; readonly body: string }) => ErrorCode | undefined
}

/**
 * A broker that still signs requests (OAuth 1.0a, RFC 5849, HMAC-SHA1) and shows the user a code to copy. Addresses come from here
 * alone.
 */
export interface OAuth1Profile {
  readonly requestTokenUrl: string
  /** The page the user signs in on; `key` and `token` are added to its query. */
  readonly authorizeUrl: string
  readonly accessTokenUrl: string
  /** Wakes an idle token up again; it cannot pass the day's end. */
  readonly renewUrl: string
  readonly revokeUrl: string | null
  readonly classifyTokenFailure: (answer: { readonly status: number; readonly body: string }) => ErrorCode | undefined
}

/** True for a broker that signs its requests. */
export function isOAuth1(profile: OAuthProfile | OAuth1Profile): profile is OAuth1Profile {
  return 'requestTokenUrl' in profile
}

export interface RedirectProfile {
  readonly scheme: 'http' | 'https'
  /** A registered port, or null when the broker accepts any loopback port (RFC 8252 section 7.3). */
  readonly port: number | null
  /** The broker's own path, so that an answer cannot be taken for another broker's. */
  readonly path: string
}
