import type { Broker } from './adapter.ts'
import { brokers } from './registry.ts'

/** Every page of a broker's that its user is sent to: sign-ins, the registration of apps, guides and the sources of facts. */
export function pagesOf(broker: Broker): string[] {
  const signIns = Object.values(broker.environments).flatMap(({ oauth, oauth1 }) => [oauth?.authorizeUrl, oauth1?.authorizeUrl])
  const { fees, rating } = broker.facts
  const pages = [...signIns, broker.registerAt, ...broker.methods.map(({ guide }) => guide), fees.source, rating?.source]
  return [...new Set(pages.filter(page => page !== undefined))]
}

/** The https hosts of all those pages, with the port where it is not the usual one. */
export function brokerHosts(): ReadonlySet<string> {
  const addresses = Object.values(brokers)
    .flatMap(pagesOf)
    .map(page => new URL(page))
  return new Set(addresses.filter(({ protocol }) => protocol === 'https:').map(({ host }) => host))
}
