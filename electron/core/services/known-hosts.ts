import { brokers } from '../brokers/registry.ts'
import { isOwnHost } from '../brokers/own-host.ts'

/** The hosts of all brokers as their profiles name them, and `local` for everything on the user's own machines. */
export function knownHosts(): ReadonlySet<string> {
  const hosts = Object.values(brokers).flatMap(({ environments }) => hostsIn(environments))
  return new Set(['local', ...hosts.filter(host => !isOwnHost(host))])
}

function hostsIn(value: unknown): string[] {
  if (typeof value === 'string') {
    const host = /^https?:\/\//.test(value) ? URL.parse(value)?.hostname : undefined
    return host === undefined ? [] : [host]
  }
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(hostsIn) : []
}
