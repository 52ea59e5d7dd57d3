import { brokers } from '../../electron/core/brokers/registry.ts'
import { type EnvironmentFacts, environmentDoubt } from '../../electron/core/orders/environment-check.ts'
import { BROKER_IDS, type BrokerId, type Environment, ENVIRONMENTS } from '../../shared/domain/broker.ts'
import { type Dice, dice, pick } from './support/dice.ts'
import { judge, type TortureOptions, type TortureResult } from './support/result.ts'

/** Account numbers that say themselves what they are, as the brokers write them. */
const NUMBERS: Partial<Record<BrokerId, Partial<Record<Environment, string>>>> = {
  ibkr: { paper: 'DU1234567', live: 'U1234567' },
  alpaca: { paper: 'PA3ABCDEFGHI', live: '123456789' },
}
const PORTS: Readonly<Record<string, Environment>> = { '7497': 'paper', '4002': 'paper', '7496': 'live', '4001': 'live' }

/**
 * O5: configurations put together from any parts. An order goes only where connection, account, addresses and number all belong to the
 * environment it was reviewed for; and where they do, it goes.
 */
export function torture({ seed }: TortureOptions): Promise<TortureResult[]> {
  const began = performance.now()
  const runs = 10_000
  const next = dice(seed + 5)
  const failures: string[] = []
  let [crossed, refused, went] = [0, 0, 0]
  for (let run = 0; run < runs; run += 1) {
    const { facts, belongs } = configuration(next)
    const doubt = environmentDoubt(facts)
    if (doubt === null) went += 1
    if ((doubt === null) === belongs) continue
    if (doubt === null) crossed += 1
    else refused += 1
    failures.push(`${facts.broker.id}, reviewed for ${facts.reviewed}, ${JSON.stringify(facts.bases)}: ${doubt ?? 'it would have gone'}`)
  }
  const note = `${runs} configurations, ${went} of which may send: ${crossed} would have crossed, ${refused} were refused that belong together`
  const value = crossed + refused + (went < runs / 20 ? 1 : 0)
  return Promise.resolve([judge({ id: 'O5', runs, lost: crossed, value, unit: 'orders to the wrong side', note, failures }, began)])
}

function configuration(next: Dice): { readonly facts: EnvironmentFacts; readonly belongs: boolean } {
  const broker = brokers[pick(next, BROKER_IDS)]
  const offered = ENVIRONMENTS.filter(one => broker.environments[one])
  const reviewed = offered[Math.floor(next() * offered.length)] ?? 'sandbox'
  const other = (): Environment => (next() < 0.8 ? reviewed : pick(next, ENVIRONMENTS))
  const [connection, account, addresses, numbered] = [other(), other(), other(), other()]
  const bases = addresses === 'sandbox' ? { api: 'http://127.0.0.1:4711' } : (broker.environments[addresses]?.bases ?? {})
  const isStrange = next() < 0.1
  const changed = isStrange ? Object.fromEntries(Object.entries(bases).map(([name, address]) => [name, strange(next, address)])) : bases
  const number = NUMBERS[broker.id]?.[numbered] ?? 'A1B2C3'
  const told = next() < 0.95 ? { number } : undefined
  const ownPort =
    broker.id === 'ibkr' && reviewed !== 'sandbox' && next() < 0.5 ? pick(next, ['7497', '4002', '7496', '4001', '5555'] as const) : null
  const facts: EnvironmentFacts = { broker, reviewed, connection, account, bases: changed, ownPort, told }
  return { facts, belongs: belongsTogether(facts) }
}

function strange(next: Dice, address: string): string {
  return pick(next, [`${address}.evil.example`, 'https://example.com', address.replace('https', 'http'), `${address}/x`] as const)
}

/** The same from the other side: every part names the environments it may be of, and the one reviewed has to be among all of them. */
function belongsTogether({ broker, reviewed, connection, account, bases, ownPort, told }: EnvironmentFacts): boolean {
  if (connection !== reviewed || account !== reviewed || told === undefined) return false
  const values = Object.values(bases)
  if (values.length === 0) return false
  if (reviewed === 'sandbox') {
    if (!values.every(one => /^(?:https?:\/\/)?127\.0\.0\.1(?::\d+)?(?:\/|$)/.test(one))) return false
  } else {
    const own = broker.environments[reviewed]?.bases ?? {}
    if (!Object.entries(bases).every(([name, address]) => own[name] === address)) return false
    if (ownPort !== null && (PORTS[ownPort] ?? reviewed) !== reviewed) return false
  }
  const kinds = NUMBERS[broker.id]
  if (!kinds) return true
  const kind = Object.entries(kinds).find(([, number]) => number === told.number)?.[0]
  if (reviewed === 'live') return kind !== 'paper'
  if (reviewed === 'paper') return kind === 'paper'
  // A simulator has numbers of either kind, but never one that is surely of real money.
  return !(broker.id === 'ibkr' && kind === 'live')
}
