import { type ReactNode, useEffect } from 'react'
import type { ConnectionView } from '../../../shared/contract/schemas.ts'
import {
  environmentWord,
  formatAge,
  formatCount,
  formatDate,
  formatExact,
  formatMoment,
  formatMoney,
  formatTime,
  plural,
} from '../../lib/format/index.ts'
import { useBrokerName } from '../../state/app.ts'
import { useNow } from '../../state/clock.ts'
import { refreshCounts, useHistory } from '../../state/history.ts'
import { dataOf } from '../../state/remote.ts'
import { netLiquidation, newestSync } from '../../state/totals.ts'
import { EnvBadge } from '../../ui/badges.tsx'
import { Tip } from '../../ui/Button.tsx'

/** The four figures that are true today. */
export function Kpis({ connections }: { readonly connections: readonly ConnectionView[] }) {
  return (
    <section className="kpis" aria-label="Key figures">
      <NetLiquidationKpi connections={connections} />
      <AccountsKpi connections={connections} />
      <LastSyncKpi connections={connections} />
      <ActivitiesKpi />
    </section>
  )
}

function Kpi({ label, under, children }: { readonly label: ReactNode; readonly under: ReactNode; readonly children: ReactNode }) {
  return (
    <div className="kpi">
      <div className="label">{label}</div>
      {children}
      <div className="under">{under}</div>
    </div>
  )
}

function NetLiquidationKpi({ connections }: { readonly connections: readonly ConnectionView[] }) {
  const now = useNow(10)
  const figures = netLiquidation(connections)
  if (!figures || figures.totals.length === 0) {
    return (
      <Kpi label="Net liquidation" under="No account has stated a value yet.">
        <div className="figure">—</div>
      </Kpi>
    )
  }
  const [first, ...others] = figures.totals
  const missing = figures.accounts - figures.stated
  const parts = [
    figures.asOf ? `As of ${formatMoment(figures.asOf, now)}` : `Over ${plural(figures.stated, 'account')}`,
    missing > 0 ? `${plural(missing, 'account states', 'accounts state')} no value` : '',
    figures.excluded > 0 ? `${plural(figures.excluded, 'account')} excluded` : '',
    figures.leftOut.length > 0 ? `${figures.leftOut.map(environmentWord).join(' and ')} left out` : '',
  ].filter(Boolean)
  const tip =
    figures.asOf && figures.fetchedAt
      ? `As of ${formatExact(figures.asOf)}, fetched ${formatExact(figures.fetchedAt)}. The oldest figure counts.`
      : 'The oldest figure counts.'
  return (
    <Kpi
      label={
        <>
          Net liquidation <EnvBadge environment={figures.environment} />
        </>
      }
      under={
        <Tip text={tip}>
          <span>{parts.join('; ')}</span>
        </Tip>
      }
    >
      {first ? <div className="figure">{formatMoney(first.amount, first.currency)}</div> : null}
      {others.map(({ amount, currency }) => (
        <div key={currency} className="figure second">
          {formatMoney(amount, currency)}
        </div>
      ))}
    </Kpi>
  )
}

function AccountsKpi({ connections }: { readonly connections: readonly ConnectionView[] }) {
  const accounts = connections.flatMap(connection => connection.accounts).filter(({ excluded }) => !excluded).length
  const current = connections.filter(({ state }) => state.kind === 'connected').length
  const under =
    current === connections.length
      ? `${plural(connections.length, 'connection')}, all signed in`
      : `${current} of ${connections.length} connections signed in`
  return (
    <Kpi label="Accounts" under={under}>
      <div className="figure">{formatCount(accounts)}</div>
    </Kpi>
  )
}

function LastSyncKpi({ connections }: { readonly connections: readonly ConnectionView[] }) {
  const now = useNow(10)
  const newest = newestSync(connections)
  const name = useBrokerName(newest?.connection.broker ?? 'alpaca')
  const syncing = connections.filter(connection => connection.syncing).length
  if (!newest)
    return (
      <Kpi label="Last sync" under={syncing > 0 ? 'The first one is under way.' : 'Nothing has been synced yet.'}>
        <div className="figure">{syncing > 0 ? 'Syncing' : '—'}</div>
      </Kpi>
    )
  const { sync } = newest
  const fresh = sync.accounts.reduce((count, account) => count + account.new, 0)
  const words = {
    success: `${name}: complete, ${formatCount(fresh)} new`,
    partial: `${name}: partial, ${formatCount(fresh)} new`,
    failed: `${name}: failed`,
    canceled: `${name}: stopped before its end`,
  }[sync.result]
  return (
    <Kpi
      label="Last sync"
      under={
        <Tip text={formatExact(sync.finishedAt)}>
          <span>{`${words}, at ${formatTime(sync.finishedAt)}`}</span>
        </Tip>
      }
    >
      <div className="figure">{sentence(formatAge(sync.finishedAt, now))}</div>
    </Kpi>
  )
}

function sentence(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1)
}

function ActivitiesKpi() {
  const total = useHistory(state => dataOf(state.total))
  useEffect(() => {
    if (useHistory.getState().total.status === 'idle') void refreshCounts()
  }, [])
  return (
    <Kpi label="Activities kept here" under={total?.first ? `since ${formatDate(total.first)}` : 'Trades, dividends, fees and transfers'}>
      <div className="figure">{total ? formatCount(total.count) : '—'}</div>
    </Kpi>
  )
}
