import type { AccountView, ConnectionView } from '../../../shared/contract/schemas.ts'
import type { Account, Balance } from '../../../shared/domain/account.ts'
import { type Connection, tokenBadge, type TokenLife } from '../../../shared/domain/connection.ts'
import type { ConnectionId } from '../../../shared/domain/ids.ts'
import type { Db } from '../db/open.ts'
import type { Clock } from '../ports.ts'
import { accountsOf } from '../store/accounts.ts'
import { balancesOf } from '../store/balances.ts'
import { getTrouble } from '../store/connections.ts'
import { lastRun } from '../store/sync-runs.ts'
import type { Instant } from '../../../shared/domain/time.ts'

export interface ConnectionViewDeps {
  readonly db: Db
  readonly clock: Clock
  readonly life: (id: ConnectionId) => TokenLife | null
  readonly syncing: (id: ConnectionId) => boolean
  readonly nextSyncAt: (id: ConnectionId) => Instant | null
}

/** A connection with everything its card shows. */
export function connectionView(deps: ConnectionViewDeps, connection: Connection): ConnectionView {
  const { db, clock } = deps
  // A connection without a token row (its keys were wiped) has no life left to show.
  const life = deps.life(connection.id) ?? { obtainedAt: connection.createdAt, expiresAt: null, signInBy: null, refreshable: false }
  return {
    id: connection.id,
    broker: connection.broker,
    environment: connection.environment,
    method: connection.method,
    state: connection.state,
    token: { ...life, badge: tokenBadge(life, connection.state, clock.now()) },
    trouble: getTrouble(db.reader, connection.id),
    consentedAt: connection.consentedAt,
    scopes: [...connection.scopes],
    createdAt: connection.createdAt,
    accounts: accountsOf(db.reader, connection.id).map(account => accountView(account, balancesOf(db.reader, account.id))),
    syncing: deps.syncing(connection.id),
    lastSync: lastRun(db.reader, connection.id),
    nextSyncAt: connection.state.kind === 'connected' ? deps.nextSyncAt(connection.id) : null,
  }
}

function accountView(account: Account, balances: readonly Balance[]): AccountView {
  const balance = balances.find(row => row.currency === account.currency) ?? balances[0]
  return {
    id: account.id,
    name: account.name,
    maskedNumber: account.maskedNumber,
    type: account.type,
    currency: balance?.currency ?? account.currency,
    netLiquidation: balance?.netLiquidation ?? null,
    cash: balance?.cash ?? null,
    buyingPower: balance?.buyingPower ?? null,
    asOf: balance?.asOf ?? null,
    fetchedAt: balance?.fetchedAt ?? null,
  }
}
