import { AppError } from '../../../shared/contract/errors.ts'
import type { Connection } from '../../../shared/domain/connection.ts'
import type { Broker, BrokerAdapter } from '../brokers/adapter.ts'
import type { Reader } from '../db/connection.ts'
import { type TradingSwitch, tradingSwitch } from '../store/trading-switches.ts'

/** Which connections may order. */
export interface TradingSwitches {
  of(connection: Connection): TradingSwitch
  /** Switched on by the user, and the sign-in still allows it. */
  isOn(connection: Connection): boolean
  /** Why a connection cannot order now; null when it can. */
  obstacle(connection: Connection): AppError | null
}

export interface SwitchDeps {
  readonly reader: Reader
  readonly broker: (id: Connection['broker']) => Broker
  readonly adapterFor: (connection: Connection) => BrokerAdapter
}

export function createSwitches({ reader, broker: brokerOf, adapterFor }: SwitchDeps): TradingSwitches {
  const of = (connection: Connection): TradingSwitch => tradingSwitch(reader, connection.id)

  function obstacle(connection: Connection): AppError | null {
    const broker = brokerOf(connection.broker)
    const details = { broker: broker.name }
    if (broker.can.trading === null || connection.method === 'file') return new AppError('order/not-offered', { details })
    if (lacksScope(broker, connection)) return new AppError('order/scope-missing', { details })
    if (connection.state.kind !== 'connected')
      return new AppError(connection.state.because === 'vault-locked' ? 'vault/locked' : 'auth/sign-in-needed', { details })
    return takesOrders(connection) ? null : new AppError('order/not-offered', { details })
  }

  /** Some ways in only report. */
  function takesOrders(connection: Connection): boolean {
    try {
      return adapterFor(connection).trading !== null
    } catch {
      return false
    }
  }

  return { of, obstacle, isOn: connection => of(connection).isOn && obstacle(connection) === null }
}

/** Keys and grants carry their own permissions; only a sign-in in the browser says which it has. */
function lacksScope({ tradeScope }: Broker, { method, scopes }: Connection): boolean {
  return tradeScope !== undefined && method === 'oauth' && !scopes.some(scope => scope.split(/[\s+,]/).includes(tradeScope))
}
