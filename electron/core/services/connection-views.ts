import type { AccountView, ConnectionView } from '../../../shared/contract/schemas.ts'
import type { Balance } from '../../../shared/domain/account.ts'
import type { Method } from '../../../shared/domain/broker.ts'
import { tokenBadge, tokenDeadline, type TokenLife } from '../../../shared/domain/connection.ts'
import { connectionHealth, type HealthFailure, type RefreshStanding } from '../../../shared/domain/connection-health.ts'
import type { ConnectionId } from '../../../shared/domain/ids.ts'
import { Instant } from '../../../shared/domain/time.ts'
import { signInEnd, type SignInRule, warningsBefore } from '../../../shared/domain/token-policy.ts'
import type { Db } from '../db/open.ts'
import type { Clock } from '../ports.ts'
import { accountsOf, type StoredAccount } from '../store/accounts.ts'
import { balancesOf } from '../store/balances.ts'
import type { StoredMethod } from '../store/connection-methods.ts'
import { getTrouble, type StoredConnection } from '../store/connections.ts'
import { lastRun } from '../store/sync-runs.ts'
import { scheduleOf } from '../store/sync-schedules.ts'
import type { Vault } from '../vault/vault.ts'

export interface ConnectionViewDeps {
  readonly db: Db
  readonly clock: Clock
  readonly life: (id: ConnectionId) => TokenLife | null
  /** In the broker's order of preference. */
  readonly methods: (connection: StoredConnection) => readonly StoredMethod[]
  readonly syncing: (id: ConnectionId) => boolean
  readonly nextSyncAt: (id: ConnectionId) => Instant | null
  /** The rule by which its user signs in again. */
  readonly signInRule: (connection: StoredConnection) => SignInRule
  /** What the renewal of its tokens is doing. */
  readonly standing: (id: ConnectionId) => RefreshStanding
  readonly vault: Pick<Vault, 'status'>
}

const HAS_TOKENS: ReadonlySet<Method> = new Set(['oauth', 'api-key', 'personal-grant'])
/** Ways in that need something out of the vault. */
const IS_SEALED: ReadonlySet<Method> = new Set([...HAS_TOKENS, 'flex'])

/** A connection with everything its card shows. */
export function connectionView(deps: ConnectionViewDeps, connection: StoredConnection): ConnectionView {
  const { db, clock } = deps
  const methods = deps.methods(connection)
  const tokens = deps.life(connection.id)
  const now = clock.now()
  const { life, rule } = governing(tokens, { connection, methods, rule: deps.signInRule(connection), now })
  const trouble = getTrouble(db.reader, connection.id)
  return {
    id: connection.id,
    broker: connection.broker,
    environment: connection.environment,
    method: connection.method,
    label: connection.label,
    primary: connection.primary,
    methods: methods.map(({ method, trouble, expiresAt }) => ({
      method,
      trouble,
      expiresAt: expiresAt ?? (tokens && HAS_TOKENS.has(method) ? tokenDeadline(tokens) : null),
    })),
    state: connection.state,
    token: { ...life, badge: tokenBadge(life, connection.state, now) },
    health: healthOf(deps, connection, { life, trouble, rule, now }),
    trouble,
    consentedAt: connection.consentedAt,
    scopes: [...connection.scopes],
    createdAt: connection.createdAt,
    accounts: accountsOf(db.reader, connection.id).map(account => accountView(account, balancesOf(db.reader, account.id))),
    syncing: deps.syncing(connection.id),
    lastSync: lastRun(db.reader, connection.id),
    nextSyncAt: connection.state.kind === 'connected' ? deps.nextSyncAt(connection.id) : null,
    schedule: scheduleOf(db.reader, connection.id),
  }
}

/**
 * The life of a way in without tokens: what was typed may say when it ends, and a program of the user's own may want a sign-in at the same
 * moment every week.
 */
function typedLife({ createdAt }: StoredConnection, first: StoredMethod | undefined, rule: SignInRule, now: Instant): TokenLife {
  const signInBy = rule.kind === 'weekly' ? signInEnd(rule, now) : null
  return { obtainedAt: first?.addedAt ?? createdAt, expiresAt: first?.expiresAt ?? null, signInBy, refreshable: false }
}

interface Ways {
  readonly connection: StoredConnection
  readonly methods: readonly StoredMethod[]
  /** The rule of the first way in. */
  readonly rule: SignInRule
  readonly now: Instant
}

/** The life that ends first: that of the connection's own way in, or of another whose end was typed in and is still ahead. */
function governing(
  tokens: TokenLife | null,
  { connection, methods, rule, now }: Ways,
): { readonly life: TokenLife; readonly rule: SignInRule } {
  const own = tokens ?? typedLife(connection, methods[0], rule, now)
  const [soonest] = methods.flatMap(({ expiresAt }) => (expiresAt && Instant.isBefore(now, expiresAt) ? [expiresAt] : [])).toSorted()
  const end = tokenDeadline(own)
  const isSooner = soonest !== undefined && end !== soonest && (end === null || Instant.isBefore(soonest, end))
  return isSooner ? { life: { ...own, signInBy: soonest }, rule: { kind: 'stated' } } : { life: own, rule }
}

interface Standing {
  readonly life: TokenLife
  readonly trouble: HealthFailure | null
  readonly rule: SignInRule
  readonly now: Instant
}

function healthOf(
  deps: ConnectionViewDeps,
  { id, state, method }: StoredConnection,
  { life, trouble, rule, now }: Standing,
): ConnectionView['health'] {
  const refresh = deps.standing(id)
  const vault = IS_SEALED.has(method) ? deps.vault.status().state : 'open'
  const warnBeforeMs = warningsBefore(rule)
  const health = connectionHealth({ state, token: life, refresh, vault, trouble, warnBeforeMs }, now)
  const { dueAt, lastAttemptAt, lastError } = refresh
  return {
    ...health,
    warnBeforeMs,
    dueAt,
    lastAttemptAt,
    lastError: lastError && { code: lastError.code, message: lastError.message, action: lastError.action },
  }
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
