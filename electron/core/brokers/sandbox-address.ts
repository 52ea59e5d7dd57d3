import { AppError } from '../../../shared/contract/errors.ts'
import type { Environment, Method } from '../../../shared/domain/broker.ts'
import { isLoopback } from '../net/address.ts'
import type { OAuth1Profile, OAuthProfile } from '../oauth/profile.ts'
import { STAND_IDS, type StandId, standVariable } from '../sandbox/stands.ts'
import type { Broker, EnvironmentProfile } from './adapter.ts'

type Variables = Readonly<Record<string, string | undefined>>

/** The address of a built-in stand: undefined while the built-in sandbox does not run, empty when it does not serve the stand. */
export type BuiltIn = string | ((stand: StandId) => string | undefined)

/**
 * The addresses and methods of a broker's environment. In the sandbox every address keeps the broker's own path below the
 * origin of its stand: the environment variable's, else `builtin`, the built-in sandbox's. A socket's address has no path. Throws
 * sandbox/address-refused for anything but a numeric loopback address, and auth/method-unavailable for an environment the broker
 * does not have.
 */
export function resolveEnvironment(broker: Broker, environment: Environment, env: Variables, builtin?: BuiltIn): EnvironmentProfile {
  const profile = broker.environments[environment]
  if (!profile) throw new AppError('auth/method-unavailable', { details: { broker: broker.name } })
  if (environment !== 'sandbox') return profile
  const moved = (stand: StandId, address: string): string | null => {
    const given = env[standVariable(stand)]?.trim() || (typeof builtin === 'function' ? builtin(stand) : builtin)
    if (given === '') return null
    return isSocket(address) ? socketAddress(given, standVariable(stand)) : below(given, standVariable(stand), address)
  }
  const bases = Object.entries(profile.bases).flatMap(([name, address]): [string, string][] => {
    const at = moved(standOf(broker, profile, name), address)
    return at === null ? [] : [[name, at]]
  })
  const consent = standOf(broker, profile, signInBase(profile))
  const movedSignIn = (address: string): string => moved(consent, address) ?? address
  return {
    ...profile,
    bases: Object.fromEntries(bases),
    oauth: profile.oauth && movedOAuth(profile.oauth, movedSignIn),
    ...(profile.oauth1 ? { oauth1: movedOAuth1(profile.oauth1, movedSignIn) } : {}),
  }
}

/** The bases a way in calls: those the profile names for it, all of them otherwise. */
export function basesFor({ bases, basesOf }: EnvironmentProfile, method: Method | undefined): Readonly<Record<string, string>> {
  const wanted = method === undefined ? undefined : basesOf?.[method]
  return wanted ? Object.fromEntries(Object.entries(bases).filter(([name]) => wanted.includes(name))) : bases
}

/** The origins a connection may call: its bases and the endpoints of its sign-in. The authorize page is the browser's business. */
export function allowedOrigins({ bases, oauth, oauth1 }: Pick<EnvironmentProfile, 'bases' | 'oauth' | 'oauth1'>): string[] {
  const signIn = [
    oauth?.tokenUrl,
    oauth?.revokeUrl,
    oauth?.discoveryUrl,
    oauth1?.requestTokenUrl,
    oauth1?.accessTokenUrl,
    oauth1?.renewUrl,
    oauth1?.revokeUrl,
  ]
  const addresses = [...Object.values(bases).filter(address => !isSocket(address)), ...signIn]
  return [...new Set(addresses.flatMap(address => (address === undefined || address === null ? [] : [new URL(address).origin])))]
}

/** True for the `host:port` of a socket, which is no URL with a scheme of the web. */
export function isSocket(address: string): boolean {
  return !address.includes('://')
}

function standOf(broker: Broker, { stands }: EnvironmentProfile, base: string): StandId {
  const named = stands?.[base] ?? broker.id
  const stand = STAND_IDS.find(id => id === named)
  if (!stand) throw new TypeError(`${broker.id} names no stand for ${base}`)
  return stand
}

/** The base whose stand also serves the sign-in. */
function signInBase({ bases, basesOf }: EnvironmentProfile): string {
  return basesOf?.oauth?.[0] ?? Object.keys(bases)[0] ?? ''
}

function movedOAuth(oauth: OAuthProfile, moved: (address: string) => string): OAuthProfile {
  return {
    ...oauth,
    authorizeUrl: moved(oauth.authorizeUrl),
    tokenUrl: moved(oauth.tokenUrl),
    revokeUrl: oauth.revokeUrl === null ? null : moved(oauth.revokeUrl),
    ...(oauth.discoveryUrl === undefined ? {} : { discoveryUrl: moved(oauth.discoveryUrl) }),
  }
}

function movedOAuth1(oauth: OAuth1Profile, moved: (address: string) => string): OAuth1Profile {
  return {
    ...oauth,
    requestTokenUrl: moved(oauth.requestTokenUrl),
    authorizeUrl: moved(oauth.authorizeUrl),
    accessTokenUrl: moved(oauth.accessTokenUrl),
    renewUrl: moved(oauth.renewUrl),
    revokeUrl: oauth.revokeUrl === null ? null : moved(oauth.revokeUrl),
  }
}

function below(given: string | undefined, name: string, address: string): string {
  return sandboxRoot(given, name) + new URL(address).pathname.replace(/\/$/, '')
}

function sandboxRoot(address: string | undefined, name: string): string {
  const url = address !== undefined && URL.canParse(address) ? new URL(address) : undefined
  const plain = url !== undefined && url.username === '' && url.password === '' && url.search === '' && url.hash === ''
  if (!plain || !/^https?:$/.test(url.protocol) || !isLoopback(url.hostname)) throw refused(name)
  return url.origin + url.pathname.replace(/\/+$/, '')
}

/** `host:port` with a loopback number and a port. */
function socketAddress(address: string | undefined, name: string): string {
  const [, host = '', port = ''] = /^(.+):(\d{1,5})$/.exec(address ?? '') ?? []
  if (!isLoopback(host) || Number(port) < 1 || Number(port) > 65_535) throw refused(name)
  return `${host}:${port}`
}

function refused(name: string): AppError {
  return new AppError('sandbox/address-refused', { details: { name } })
}
