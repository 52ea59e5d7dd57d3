import type { AccountView, ConnectionView } from '../../../shared/contract/schemas.ts'
import { formatExact, formatMoment, formatMoney, plural } from '../../lib/format/index.ts'
import { useNow } from '../../state/clock.ts'
import { driftsOf, useReconciliation } from '../../state/reconciliation.ts'
import { dataOf } from '../../state/remote.ts'
import { show } from '../../state/surface.ts'
import { Tip } from '../../ui/Button.tsx'

/** The accounts of a connection; those the user excluded come last, dimmed. */
export function Accounts({ connection }: { readonly connection: ConnectionView }) {
  if (connection.accounts.length === 0) {
    return <p className="accs stamp">{connection.syncing ? 'Reading the accounts.' : 'Accounts appear after the first sync.'}</p>
  }
  const failed = new Map(connection.lastSync?.accounts.filter(({ result }) => result === 'failed').map(({ id, because }) => [id, because]))
  const inOrder = connection.accounts.toSorted((a, b) => Number(a.excluded) - Number(b.excluded))
  return (
    <ul className="accs">
      {inOrder.map(account => (
        <AccountLine key={account.id} account={account} because={failed.get(account.id)} />
      ))}
    </ul>
  )
}

function AccountLine({ account, because }: { readonly account: AccountView; readonly because: string | undefined }) {
  const now = useNow(30)
  const value = account.netLiquidation ?? account.cash
  const stamps =
    account.asOf && account.fetchedAt
      ? `${account.netLiquidation ? 'Net liquidation' : 'Cash'} as of ${formatExact(account.asOf)}, fetched ${formatMoment(account.fetchedAt, now)}.`
      : 'No value stated yet.'
  const tip = [account.excluded ? 'Excluded: neither synced nor in the totals.' : '', stamps, because ?? ''].filter(Boolean).join(' ')
  return (
    <li className={account.excluded ? 'excluded' : undefined}>
      <span className="who clip">
        <span>{account.maskedNumber}</span>
        {account.name}
      </span>
      <DriftBadge account={account} />
      <Tip text={tip}>
        {account.excluded ? (
          <span className="tag">excluded</span>
        ) : value === null ? (
          <span className="none">no value yet</span>
        ) : (
          <b className={because ? 'stale' : undefined}>{formatMoney(value, account.currency)}</b>
        )}
      </Tip>
    </li>
  )
}

/** Where the ledger and the broker differ for this account: the word, and the way to see why. */
function DriftBadge({ account }: { readonly account: AccountView }) {
  const drifts = useReconciliation(state => dataOf(state.drifts))
  const count = account.excluded ? 0 : driftsOf(drifts, account.id).length
  if (count === 0) return null
  return (
    <button
      type="button"
      className="drift-badge"
      aria-label={`${plural(count, 'difference')} between the ledger and ${account.name} ${account.maskedNumber}. Show the reasons`}
      onClick={() => show({ kind: 'differences', accountId: account.id, symbol: null })}
    >
      {plural(count, 'difference')}
    </button>
  )
}
