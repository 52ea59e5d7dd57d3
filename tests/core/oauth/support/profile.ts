import type { OAuthProfile } from '../../../../electron/core/oauth/profile.ts'

/** A broker's flow whose endpoints are below `origin`, with what a test wants different. */
export function testProfile(origin: string, changes: Partial<OAuthProfile> = {}): OAuthProfile {
  return {
    authorizeUrl: `${origin}/oauth/authorize`,
    tokenUrl: `${origin}/oauth/token`,
    revokeUrl: `${origin}/oauth/revoke`,
    clientAuth: 'post',
    pkce: true,
    redirect: { scheme: 'http', port: null, path: '/callback/alpaca' },
    extra: { env: 'paper' },
    classifyTokenFailure: () => undefined,
    ...changes,
  }
}
