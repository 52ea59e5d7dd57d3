import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { brokers } from '../../../electron/core/brokers/registry.ts'
import { environmentDoubt, type EnvironmentFacts, routeDoubt } from '../../../electron/core/orders/environment-check.ts'
import { type BrokerId, ENVIRONMENTS, type Environment } from '../../../shared/domain/broker.ts'

const NUMBERS: Partial<Record<BrokerId, Readonly<Record<Environment, string>>>> = {
  alpaca: { live: '123456789', paper: 'PA3ABCDEF', sandbox: 'PA3ABCDEF' },
  ibkr: { live: 'U1234567', paper: 'DU1234567', sandbox: 'DU1234567' },
}

function basesOf(id: BrokerId, environment: Environment): Readonly<Record<string, string>> {
  const bases = brokers[id].environments[environment]?.bases ?? {}
  if (environment !== 'sandbox') return bases
  return Object.fromEntries(
    Object.entries(bases).map(([name, address]) => [
      name,
      address.includes('://') ? `http://127.0.0.1:8200${new URL(address).pathname}` : '127.0.0.1:8200',
    ]),
  )
}

const factsOf = (id: BrokerId, environment: Environment): EnvironmentFacts => ({
  broker: brokers[id],
  reviewed: environment,
  connection: environment,
  account: environment,
  bases: basesOf(id, environment),
  ownPort: null,
  told: { number: NUMBERS[id]?.[environment] ?? '12345678' },
})

const trading = Object.values(brokers)
  .filter(({ can }) => can.trading !== null)
  .map(({ id }) => id)
const offered = trading.flatMap(id =>
  ENVIRONMENTS.filter(environment => brokers[id].environments[environment]).map(environment => [id, environment] as const),
)

describe('the environment of an order', () => {
  test.each(offered)('is sure for %s %s when every side says the same', (id, environment) => {
    expect(environmentDoubt(factsOf(id, environment))).toBeNull()
  })

  test('is never crossed: with one side of another environment, ten thousand mixtures are all in doubt', () => {
    const pair = fc.constantFrom(...offered).chain(([id, environment]) =>
      fc.record({
        id: fc.constant(id),
        environment: fc.constant(environment),
        other: fc.constantFrom(...ENVIRONMENTS.filter(one => one !== environment)),
        side: fc.constantFrom('connection', 'account', 'bases', 'number'),
      }),
    )
    fc.assert(
      fc.property(pair, ({ id, environment, other, side }) => {
        const facts = factsOf(id, environment)
        const crossed = basesOf(id, other)
        // Some brokers have one address for all, or numbers that say nothing: the other sides hold there.
        if (side === 'bases' && JSON.stringify(crossed) === JSON.stringify(facts.bases)) return
        if (side === 'number' && (NUMBERS[id] === undefined || environment === 'sandbox' || other === 'sandbox')) return
        const mixed: EnvironmentFacts =
          side === 'bases'
            ? { ...facts, bases: crossed }
            : side === 'number'
              ? { ...facts, told: { number: NUMBERS[id]?.[other] ?? '' } }
              : { ...facts, [side]: other }
        expect(environmentDoubt(mixed)).not.toBeNull()
      }),
      { numRuns: 10_000 },
    )
  })

  test('is in doubt for an account the broker does not list, a simulator elsewhere, and a port of the other kind', () => {
    expect(environmentDoubt({ ...factsOf('alpaca', 'live'), told: undefined })).toMatch(/does not list/)
    expect(
      environmentDoubt({ ...factsOf('alpaca', 'sandbox'), bases: { trading: 'http://10.0.0.7:8200', data: 'http://127.0.0.1:8200' } }),
    ).toMatch(/simulator/)
    expect(environmentDoubt({ ...factsOf('ibkr', 'live'), ownPort: '7497' })).toMatch(/paper/)
    expect(environmentDoubt({ ...factsOf('ibkr', 'paper'), ownPort: '7496' })).toMatch(/live/)
    expect(environmentDoubt({ ...factsOf('ibkr', 'paper'), ownPort: '7999' })).toBeNull()
  })

  test.each<[string, EnvironmentFacts]>([
    ['the connection is live', { ...factsOf('alpaca', 'paper'), connection: 'live' }],
    ['the account was saved as live', { ...factsOf('alpaca', 'paper'), account: 'live' }],
    ['the broker has no such environment', { ...factsOf('alpaca', 'paper'), broker: { ...brokers.alpaca, environments: {} } }],
    ['it has no address', { ...factsOf('alpaca', 'paper'), bases: {} }],
    ['its address is not a simulator on this machine', { ...factsOf('alpaca', 'sandbox'), bases: basesOf('alpaca', 'live') }],
    [
      'its address trading is not the one of paper',
      { ...factsOf('alpaca', 'paper'), bases: { ...basesOf('alpaca', 'paper'), trading: 'https://api.alpaca.markets' } },
    ],
    ['the broker does not list this account now', { ...factsOf('alpaca', 'paper'), told: undefined }],
    ['its number is that of a paper account', { ...factsOf('alpaca', 'live'), told: { number: 'pa3abcdef' } }],
    ['its number is that of a paper account', { ...factsOf('ibkr', 'live'), told: { number: 'DF1234567' } }],
    ['its number is that of a live account', { ...factsOf('ibkr', 'paper'), told: { number: 'u1234567' } }],
    ['its number is that of a live account', { ...factsOf('ibkr', 'sandbox'), told: { number: 'F1234567' } }],
    ['its number is not that of a paper account', { ...factsOf('ibkr', 'paper'), told: { number: '1234567' } }],
    ['its number is not that of a paper account', { ...factsOf('alpaca', 'paper'), told: { number: 'XPA3ABCDEF' } }],
  ])('is in doubt, and says why: %s', (doubt, facts) => {
    expect(environmentDoubt(facts)).toBe(doubt)
  })

  test('is not in doubt for a number that says nothing of it', () => {
    expect(environmentDoubt({ ...factsOf('ibkr', 'live'), told: { number: 'XDU1234567' } })).toBeNull()
    expect(environmentDoubt({ ...factsOf('ibkr', 'live'), told: { number: 'U7654321' } })).toBeNull()
    expect(environmentDoubt({ ...factsOf('alpaca', 'live'), told: { number: '9PA' } })).toBeNull()
    expect(environmentDoubt({ ...factsOf('alpaca', 'sandbox'), told: { number: '123456789' } })).toBeNull()
    expect(environmentDoubt({ ...factsOf('ibkr', 'sandbox'), told: { number: 'FUND1' } })).toBeNull()
  })

  test('is in doubt by every usual port of the other kind, and by none of its own', () => {
    const doubt = (environment: Environment, ownPort: string): string | null =>
      environmentDoubt({ ...factsOf('ibkr', environment), ownPort })
    for (const port of ['7497', '4002']) {
      expect(doubt('live', port)).toBe(`port ${port} is usually the one of paper accounts`)
      expect(doubt('paper', port)).toBeNull()
    }
    for (const port of ['7496', '4001']) {
      expect(doubt('paper', port)).toBe(`port ${port} is usually the one of live accounts`)
      expect(doubt('live', port)).toBeNull()
    }
  })

  test('of a cancellation is asked without the broker: by who it is saved as and where it is called', () => {
    const { told: _, ...facts } = factsOf('alpaca', 'paper')
    expect(routeDoubt(facts)).toBeNull()
    expect(routeDoubt({ ...facts, account: 'live' })).toBe('the account was saved as live')
    expect(routeDoubt({ ...facts, bases: {} })).toBe('it has no address')
    expect(routeDoubt({ ...facts, connection: 'sandbox', bases: {} })).toBe('the connection is sandbox')
  })
})
