import type { AccountView, ConnectionView } from '../../../shared/contract/schemas.ts'
import type { Balance } from '../../../shared/domain/account.ts'
import type { Method } from '../../../shared/domain/broker.ts'
import { tokenBadge, tokenDeadline, type TokenLife } from '../../../shared/domain/connection.ts'
import type { ConnectionId } from '../../../shared/domain/ids.ts'
import type { Db } from '../db/open.ts'
import type { Clock } from '../ports.ts'
import { accountsOf, type StoredAccount } from '../store/accounts.ts'
import { balancesOf } from '../store/balances.ts'
import type { StoredMethod } from '../store/connection-methods.ts'
import { getTrouble, type StoredConnection } from '../store/connections.ts'
import { lastRun } from '../store/sync-runs.ts'
import type { Instant } from '../../../shared/domain/time.ts'

export interface ConnectionViewDeps {
  readonly db: Db
  readonly clock: Clock
  readonly life: (id: ConnectionId) => TokenLife | null
  /** In the broker's order of preference. */
  readonly methods: (connection: StoredConnection) => readonly StoredMethod[]
  readonly syncing: (id: ConnectionId) => boolean
  readonly nextSyncAt: (id: ConnectionId) => Instant | null
}

const HAS_TOKENS: ReadonlySet<Method> = new Set(['oauth', 'api-key', 'personal-grant'])

/** A connection with everything its card shows. */
export function connectionView(deps: ConnectionViewDeps, connection: StoredConnection): ConnectionView {
  const { db, clock } = deps
  const methods = deps.methods(connection)
  const tokens = deps.life(connection.id)
  const life = tokens ?? typedLife(connection, methods[0])
  return {
    id: connection.id,
    broker: connection.broker,
    environment: connection.environment,
    method: connection.method,
    label: connection.label,
    primary: connection.primary,
    methods: methods.map(({ method, trouble, expiresAt }) => ({
      method, trouble, expiresAt: expiresAt ?? (tokens && HAS_TOKENS.has(method) ? tokenDeadline(tokens) : null),
    })),
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

/** The life of a way in without tokens: what was typed may say when it ends. */
function typedLife({ createdAt }: StoredConnection, first: StoredMethod | undefined): TokenLife {
  return { obtainedAt: first?.addedAt ?? createdAt, expiresAt: first?.expiresAt ?? null, signInBy: null, refreshable: false }
}

function accountView(account: StoredAccount, balances: readonly Balance[]): AccountView {
  const balance = balances.find(row => row.currency === account.currency) ?? balances[0]
  return {
    id: account.id,
    name: account.name,
    maskedNumber: account.maskedNumber,
    type: account.type,
    excluded: account.excluded,
    currency: balance?.currency ?? account.currency,
    netLiquidation: balance?.netLiquidation ?? null,
    cash: balance?.cash ?? null,
    buyingPower: balance?.buyingPower ?? null,
    asOf: balance?.asOf ?? null,
    fetchedAt: balance?.fetchedAt ?? null,
  }
}
