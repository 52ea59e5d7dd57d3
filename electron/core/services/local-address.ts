import { AppError } from '../../../shared/contract/errors.ts'
import type { Method } from '../../../shared/domain/broker.ts'
import { isOwnHost, OWN_HOST_SENTENCE } from '../brokers/own-host.ts'
import { isSocket } from '../brokers/sandbox-address.ts'
import type { MethodSettings } from '../store/connection-methods.ts'

/**
 * The addresses of a program of the user's own (TWS, IB Gateway, Client Portal Gateway): what the form says in place of the usual
 * ones. A `host` and `port` replace the addresses of sockets, an `address` the origin of the others. Throws auth/bad-field for a host
 * that is neither this computer nor one of the private network.
 */
export function ownAddresses(
  bases: Readonly<Record<string, string>>,
  method: Method,
  settings: MethodSettings,
): Readonly<Record<string, string>> {
  if (method !== 'tws' && method !== 'gateway') return bases
  return Object.fromEntries(
    Object.entries(bases).map(([name, base]) => [name, isSocket(base) ? ownSocket(base, settings) : ownOrigin(base, settings['address'])]),
  )
}

function ownSocket(base: string, { host, port }: MethodSettings): string {
  const cut = base.lastIndexOf(':')
  const chosen = host ?? base.slice(0, cut)
  const bracketed = chosen.includes(':') && !chosen.startsWith('[') ? `[${chosen}]` : chosen
  if (!isOwnHost(bracketed)) throw badField('Host', OWN_HOST_SENTENCE)
  const number = Number(port ?? base.slice(cut + 1))
  if (!Number.isInteger(number) || number < 1 || number > 65_535) throw badField('Port', 'A port is a number from 1 to 65535.')
  return `${bracketed}:${number}`
}

function ownOrigin(base: string, address: string | undefined): string {
  if (address === undefined) return base
  const url = URL.parse(address.includes('://') ? address : `https://${address}`)
  if (url?.protocol !== 'https:' || url.username !== '' || url.password !== '')
    throw badField('Address', 'An address such as https://localhost:5000.')
  if (!isOwnHost(url.hostname)) throw badField('Address', OWN_HOST_SENTENCE)
  return url.origin + new URL(base).pathname.replace(/\/$/, '')
}

function badField(field: string, problem: string): AppError {
  return new AppError('auth/bad-field', { details: { field, problem } })
}
