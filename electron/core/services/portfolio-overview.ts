import type { RequestOf } from '../../../shared/contract/routes.ts'
import type { WorthView } from '../../../shared/contract/portfolio.ts'
import type { BrokerId, Environment } from '../../../shared/domain/broker.ts'
import type { AccountId } from '../../../shared/domain/ids.ts'
import { Instant, LocalDate } from '../../../shared/domain/time.ts'
import type { Reader } from '../db/connection.ts'
import { driftsOf, isAccepted, reconciledAt } from '../store/drifts.ts'
import { type CountedAccount, countedAccounts } from '../store/portfolio-accounts.ts'
import { classGroups } from './portfolio-classes.ts'
import { addWorths, type ReadAccount, readWorth } from './portfolio-worth.ts'

const REAL_FIRST: readonly Environment[] = ['live', 'paper', 'sandbox']

export interface OverviewDeps {
  readonly reader: Reader
  readonly today: LocalDate
  readonly brokerName: (id: BrokerId) => string
}

export interface WorthGroup {
  readonly key: string
  readonly label: string
  readonly accountIds: AccountId[]
  readonly totals: WorthView[]
}

/** The accounts of one environment: the one named, else the most real there is. Figures of several are never added. */
export function accountsIn(
  reader: Reader,
  environment?: Environment,
): { readonly environment: Environment | null; readonly accounts: CountedAccount[]; readonly leftOut: Environment[] } {
  const all = countedAccounts(reader)
  const there = REAL_FIRST.filter(one => all.some(account => account.environment === one))
  const chosen = environment ?? there[0] ?? null
  return {
    environment: chosen,
    accounts: all.filter(account => account.environment === chosen),
    leftOut: there.filter(one => one !== chosen),
  }
}

/** What everything is worth and made, by broker, account or asset class, and whether the ledger agrees. */
export function overview(deps: OverviewDeps, { environment: wanted, by }: RequestOf<'portfolio.overview'>) {
  const { reader, today } = deps
  const { environment, accounts, leftOut } = accountsIn(reader, wanted)
  const read = accounts.map(account => readWorth(reader, account, today))
  const groups = by === 'asset-class' ? classGroups(reader, read, today) : groupsOf(deps, read, by === 'broker' ? 'broker' : 'account')
  return {
    environment,
    leftOut,
    totals: addWorths(read.flatMap(({ worths }) => worths)),
    groups,
    reconciled: standing(
      reader,
      accounts.filter(({ isRead }) => isRead),
    ),
  }
}

function groupsOf({ brokerName }: OverviewDeps, read: readonly ReadAccount[], by: 'broker' | 'account'): WorthGroup[] {
  const keyOf = ({ account }: ReadAccount): string => (by === 'broker' ? account.broker : account.id)
  return [...new Set(read.map(keyOf))].flatMap(key => {
    const members = read.filter(one => keyOf(one) === key)
    const [first] = members
    if (!first) return []
    const label = by === 'broker' ? brokerName(first.account.broker) : `${first.account.name} ${first.account.maskedNumber}`
    return [
      { key, label, accountIds: members.map(({ account }) => account.id), totals: addWorths(members.flatMap(({ worths }) => worths)) },
    ]
  })
}

/** How many accounts agree with their brokers. What only waits for a row, or what the user leaves as it is, is no disagreement. */
function standing(reader: Reader, accounts: readonly CountedAccount[]) {
  const checked = reconciledAt(reader)
  const mine = new Set(accounts.map(({ id }) => id))
  const open = driftsOf(reader).filter(drift => mine.has(drift.accountId) && !isAccepted(drift) && drift.reason !== 'pending')
  const differing = new Set(open.map(({ accountId }) => accountId))
  const held = accounts.flatMap(({ id }) => checked.get(id) ?? [])
  const worst = open.toSorted((a, b) => Number(a.kind === 'cash') - Number(b.kind === 'cash'))[0]
  return {
    agree: accounts.filter(({ id }) => checked.has(id) && !differing.has(id)).length,
    accounts: accounts.length,
    drifts: open.length,
    worst: worst ? `${worst.symbol ?? `Cash in ${worst.currency}`}: ${worst.ledger} by the history, ${worst.broker} by the broker.` : null,
    checkedAt: held.reduce<Instant | null>((a, b) => (a === null ? b : Instant.earliest(a, b)), null),
  }
}
