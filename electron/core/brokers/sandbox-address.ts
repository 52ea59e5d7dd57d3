import { AppError } from '../../../shared/contract/errors.ts'
import type { Environment } from '../../../shared/domain/broker.ts'
import { isLoopback } from '../net/address.ts'
import type { OAuthProfile } from '../oauth/profile.ts'
import type { Broker, EnvironmentProfile } from './adapter.ts'

type Variables = Readonly<Record<string, string | undefined>>

/** The environment variable that names a sandbox of one's own for a broker. */
export function sandboxVariable(broker: Pick<Broker, 'id'>): string {
  return `KEELSON_SANDBOX_${broker.id.toUpperCase()}_URL`
}

/**
 * The addresses and methods of a broker's environment. In the sandbox every address keeps the broker's own path below the
 * origin of `KEELSON_SANDBOX_<BROKER>_URL`, else below `builtin`, the built-in sandbox. Throws sandbox/address-refused for
 * anything but a numeric loopback address, and auth/method-unavailable for an environment the broker does not have.
 */
export function resolveEnvironment(broker: Broker, environment: Environment, env: Variables, builtin?: string): EnvironmentProfile {
  const profile = broker.environments[environment]
  if (!profile) throw new AppError('auth/method-unavailable', { details: { broker: broker.name } })
  if (environment !== 'sandbox') return profile
  const name = sandboxVariable(broker)
  const root = sandboxRoot(env[name]?.trim() || builtin, name)
  const moved = (address: string): string => root + new URL(address).pathname.replace(/\/$/, '')
  return {
    methods: profile.methods,
    bases: Object.fromEntries(Object.entries(profile.bases).map(([base, address]) => [base, moved(address)])),
    oauth: profile.oauth && movedOAuth(profile.oauth, moved),
  }
}

/** The origins a connection may call: its bases and the token endpoint. The authorize page is the browser's business. */
export function allowedOrigins({ bases, oauth }: EnvironmentProfile): string[] {
  const addresses = [...Object.values(bases), oauth?.tokenUrl, oauth?.revokeUrl]
  return [...new Set(addresses.flatMap(address => (address === undefined || address === null ? [] : [new URL(address).origin])))]
}

function movedOAuth(oauth: OAuthProfile, moved: (address: string) => string): OAuthProfile {
  return {
    ...oauth,
    authorizeUrl: moved(oauth.authorizeUrl),
    tokenUrl: moved(oauth.tokenUrl),
    revokeUrl: oauth.revokeUrl === null ? null : moved(oauth.revokeUrl),
  }
}

function sandboxRoot(address: string | undefined, name: string): string {
  const url = address !== undefined && URL.canParse(address) ? new URL(address) : undefined
  const plain = url !== undefined && url.username === '' && url.password === '' && url.search === '' && url.hash === ''
  if (!plain || !/^https?:$/.test(url.protocol) || !isLoopback(url.hostname))
    throw new AppError('sandbox/address-refused', { details: { name } })
  return url.origin + url.pathname.replace(/\/+$/, '')
}
