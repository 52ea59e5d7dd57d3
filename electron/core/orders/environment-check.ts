import type { BrokerId, Environment } from '../../../shared/domain/broker.ts'
import type { Broker, BrokerAccount, EnvironmentProfile } from '../brokers/adapter.ts'
import { isSocket } from '../brokers/sandbox-address.ts'
import { isLoopback } from '../net/address.ts'

/** Everything that says which environment an order would reach, from three sides. */
export interface EnvironmentFacts {
  readonly broker: Pick<Broker, 'id' | 'environments'>
  /** As it was reviewed. */
  readonly reviewed: Environment
  /** As the connection and its account were saved. */
  readonly connection: Environment
  readonly account: string
  /** The addresses in force, by name. */
  readonly bases: EnvironmentProfile['bases']
  /** Host and port the user typed, for a program of his own. */
  readonly ownPort: string | null
  /** The account as the broker itself tells it now; undefined when it is not among those it lists. */
  readonly told: Pick<BrokerAccount, 'number'> | undefined
}

/** Account numbers say what they are at some brokers. Sources: IBKR (DU and DF paper), Alpaca (PA paper). */
const PAPER_NUMBERS: Partial<Record<BrokerId, RegExp>> = { ibkr: /^D[UF]/i, alpaca: /^PA/i }
const LIVE_NUMBERS: Partial<Record<BrokerId, RegExp>> = { ibkr: /^[UF]\d/i }
/** The usual ports of TWS and IB Gateway. They can be changed, so they only speak against, never for. */
const PAPER_PORTS: ReadonlySet<string> = new Set(['7497', '4002'])
const LIVE_PORTS: ReadonlySet<string> = new Set(['7496', '4001'])

/**
 * Why an account cannot be made sure to be what it should; null when all sides agree: the addresses called, the account's own number,
 * and what the connection was made for.
 */
export function environmentDoubt(facts: EnvironmentFacts): string | null {
  return identityDoubt(facts) ?? addressDoubt(facts) ?? numberDoubt(facts)
}

/** The same without asking the broker, for a cancellation: it must not wait for more than it needs. */
export function routeDoubt(facts: Omit<EnvironmentFacts, 'told'>): string | null {
  return identityDoubt(facts) ?? addressDoubt(facts)
}

function identityDoubt({ reviewed, connection, account }: Omit<EnvironmentFacts, 'told'>): string | null {
  if (connection !== reviewed) return `the connection is ${connection}`
  return account === reviewed ? null : `the account was saved as ${account}`
}

function addressDoubt({ broker, reviewed, bases, ownPort }: Omit<EnvironmentFacts, 'told'>): string | null {
  const own = broker.environments[reviewed]
  if (!own) return 'the broker has no such environment'
  const addresses = Object.entries(bases)
  if (addresses.length === 0) return 'it has no address'
  if (reviewed === 'sandbox')
    return addresses.every(([, address]) => isLocal(address)) ? null : 'its address is not a simulator on this machine'
  for (const [name, address] of addresses) if (own.bases[name] !== address) return `its address ${name} is not the one of ${reviewed}`
  const crossed = reviewed === 'live' ? PAPER_PORTS : LIVE_PORTS
  return ownPort !== null && crossed.has(ownPort)
    ? `port ${ownPort} is usually the one of ${reviewed === 'live' ? 'paper' : 'live'} accounts`
    : null
}

function isLocal(address: string): boolean {
  if (isSocket(address)) return isLoopback(address.slice(0, address.lastIndexOf(':')))
  return URL.canParse(address) && isLoopback(new URL(address).hostname)
}

function numberDoubt({ broker: { id }, reviewed, told }: EnvironmentFacts): string | null {
  if (told === undefined) return 'the broker does not list this account now'
  const paper = PAPER_NUMBERS[id]
  if (reviewed === 'live') return paper?.test(told.number) === true ? 'its number is that of a paper account' : null
  if (LIVE_NUMBERS[id]?.test(told.number) === true) return 'its number is that of a live account'
  return reviewed === 'paper' && paper?.test(told.number) === false ? 'its number is not that of a paper account' : null
}
