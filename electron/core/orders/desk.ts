import { AppError } from '../../../shared/contract/errors.ts'
import type { DeskView } from '../../../shared/contract/orders.ts'
import type { Connection } from '../../../shared/domain/connection.ts'
import type { Broker } from '../brokers/adapter.ts'
import type { Reader } from '../db/connection.ts'
import { accountsOf } from '../store/accounts.ts'
import { listConnections, type StoredConnection } from '../store/connections.ts'
import type { Arming } from './arming.ts'
import type { Gate } from './gate.ts'
import type { KillSwitch } from './kill-switch.ts'
import { reasonOf } from './review-lines.ts'
import { plain } from './sentences.ts'
import type { TradingSwitches } from './switches.ts'

export interface DeskDeps {
  readonly reader: Reader
  readonly broker: (id: Connection['broker']) => Broker
  readonly kill: KillSwitch
  readonly gate: Gate
  readonly arming: Arming
  readonly switches: TradingSwitches
}

/** Where ordering stands: the kill switch, and every connection with what it takes and why it does not. */
export function deskView(deps: DeskDeps, requests: number): DeskView {
  const kill = deps.kill.state()
  return {
    kill: { on: kill !== null, since: kill?.since ?? null, by: kill?.by ?? null },
    connections: listConnections(deps.reader)
      .filter(({ method }) => method !== 'file')
      .map(connection => connectionDesk(deps, connection)),
    requests,
  }
}

function connectionDesk(
  { reader, broker: brokerOf, gate, arming, switches }: DeskDeps,
  connection: StoredConnection,
): DeskView['connections'][number] {
  const { id, environment, label } = connection
  const broker = brokerOf(connection.broker)
  const { isOn, automation } = switches.of(connection)
  const obstacle = switches.obstacle(connection)
  const all = accountsOf(reader, id)
  const accounts = all.filter(({ excluded }) => !excluded)
  // What is in doubt in one that is left out may be working, and can stop what opens elsewhere.
  const unknown = all.reduce((sum, account) => sum + gate.doubts(account.id), 0)
  return {
    connectionId: id,
    broker: connection.broker,
    name: label === '' ? broker.name : plain(label),
    environment,
    rules: rulesOf(broker, obstacle),
    isOn,
    because: obstacle && reasonOf(obstacle),
    isReconciled: accounts.every(account => gate.isOpen(account.id)),
    unknown,
    automation,
    accounts: accounts.map(account => ({
      accountId: account.id,
      name: plain(account.name),
      maskedNumber: account.maskedNumber,
      currency: account.currency,
      isArmed: environment !== 'live' || arming.isArmed(account.id),
    })),
  }
}

function rulesOf({ can: { trading } }: Broker, obstacle: AppError | null): DeskView['connections'][number]['rules'] {
  if (!trading || obstacle?.code === 'order/not-offered') return null
  const { assetClasses, types, timesInForce, fractional, notional, preview, replace, extendedHours } = trading
  // A trailing stop has a distance, which tickets do not ask for.
  return {
    assetClasses: [...assetClasses],
    types: types.filter(type => type !== 'trailing-stop'),
    timesInForce: [...timesInForce],
    fractional: [...fractional],
    notional: [...notional],
    preview,
    replace,
    extendedHours,
  }
}
