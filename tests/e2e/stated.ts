import type { AccountStatement } from '../../electron/core/sandbox/own-statement.ts'
import type { Sandbox } from '../../electron/core/sandbox/sandbox.ts'
import type { StandId } from '../../electron/core/sandbox/stands.ts'
import { Dec } from '../../shared/domain/decimal.ts'

const STANDS = [
  ['Alpaca', 'alpaca'],
  ['Charles Schwab', 'schwab'],
  ['tastytrade', 'tastytrade'],
  ['E*TRADE', 'etrade'],
  ['Interactive Brokers', 'ibkr-tws'],
  ['TD Ameritrade', 'tdameritrade'],
] as const satisfies readonly (readonly [name: string, stand: StandId])[]

/** What a simulated broker states of all accounts of its login, added up. */
export interface BrokerStatement {
  readonly name: string
  readonly accounts: readonly AccountStatement[]
  readonly cash: Dec
  readonly value: Dec
  readonly marketValue: Dec
  readonly unrealized: Dec
  readonly realizedThisYear: Dec
  readonly realized: Dec
}

/** The statements of all simulated brokers, by the name they have on screen. */
export function statementsOf(sandbox: Sandbox): BrokerStatement[] {
  return STANDS.map(([name, stand]) => {
    const accounts = sandbox.control(stand).statements()
    const sum = (of: (account: AccountStatement) => readonly Dec[]): Dec => Dec.sum(accounts.flatMap(of))
    return {
      name,
      accounts,
      cash: sum(({ cash }) => Object.values(cash)),
      value: sum(({ value }) => [value]),
      marketValue: sum(({ positions }) => positions.map(({ value }) => value)),
      unrealized: sum(({ positions }) => positions.map(({ value, cost }) => Dec.sub(value, cost))),
      realizedThisYear: sum(({ realized, until }) => [realized[until.slice(0, 4)] ?? Dec.zero]),
      realized: sum(({ realized }) => Object.values(realized)),
    }
  })
}

/** What is far less than a cent, and more than what shares of costs are cut by: half a cent exactly is written either way. */
const NOTHING = Dec.of('0.000001')

/** An amount of dollars to the cent, as the app writes it. */
export function dollars(amount: Dec, { signed = false } = {}): RegExp {
  const texts = new Set([Dec.sub(amount, NOTHING), Dec.add(amount, NOTHING)].map(each => written(Dec.round(each, 2), signed)))
  return new RegExp(`^(?:${[...texts].map(text => text.replaceAll(/[$+.]/g, String.raw`\$&`)).join('|')})$`)
}

/** A quantity, every digit, as the app writes it. */
export function pieces(quantity: Dec): string {
  const [whole = '0', fraction] = Dec.abs(quantity).split('.')
  const sign = Dec.isNegative(quantity) ? '\u2212' : ''
  return `${sign}${whole.replaceAll(THOUSANDS, ',')}${fraction === undefined ? '' : `.${fraction}`}`
}

const THOUSANDS = /\B(?=(?:\d{3})+$)/g

function written(amount: Dec, signed: boolean): string {
  const [whole = '0', fraction = ''] = Dec.abs(amount).split('.')
  const sign = Dec.isNegative(amount) ? '\u2212' : signed && !Dec.isZero(amount) ? '+' : ''
  return `${sign}$${whole.replaceAll(THOUSANDS, ',')}.${fraction.padEnd(2, '0')}`
}
