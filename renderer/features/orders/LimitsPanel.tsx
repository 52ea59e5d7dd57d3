import { useState } from 'react'
import type { LimitsView } from '../../../shared/contract/orders.ts'
import { Dec } from '../../../shared/domain/decimal.ts'
import type { AccountId } from '../../../shared/domain/ids.ts'
import { formatCount, formatDecimal, formatMoney, formatWeekdayTime } from '../../lib/format/index.ts'
import { visibleText } from '../../lib/visible-text.ts'
import { brokerName, useApp } from '../../state/app.ts'
import { useNow } from '../../state/clock.ts'
import { type OrderLimits, refreshLimits, useOrders } from '../../state/orders.ts'
import { dataOf } from '../../state/remote.ts'
import { show } from '../../state/surface.ts'
import { EnvBadge } from '../../ui/badges.tsx'
import { Button } from '../../ui/Button.tsx'
import { Icon } from '../../ui/icons.tsx'
import { SelectField } from '../../ui/fields.tsx'
import { ErrorNote, Skeletons } from '../../ui/notes.tsx'
import { ScrollTable } from '../../ui/ScrollTable.tsx'
import { LIMIT_SPECS, type LimitSpec } from './limits-form.ts'
import { Part } from './parts.tsx'

/** What an order may come to at most, everywhere and for single accounts. */
export function LimitsPanel() {
  const limits = useOrders(state => state.limits)
  return (
    <Part title="Limits" hint="Of two limits for the same thing the smaller counts. Money is in the account’s currency.">
      {limits.status === 'idle' || limits.status === 'loading' ? (
        <div className="panel-pad">
          <Skeletons heights={[22, 22, 22, 22]} label="Loading the limits" />
        </div>
      ) : null}
      {limits.status === 'failed' ? (
        <div className="panel-pad">
          <ErrorNote error={limits.error} onRetry={() => void refreshLimits()} />
        </div>
      ) : null}
      {limits.status === 'ready' ? <Shown data={limits.data} /> : null}
    </Part>
  )
}

function Shown({ data }: { readonly data: OrderLimits }) {
  const now = useNow(30)
  const accounts = useAccounts()
  const own = accounts.filter(({ accountId }) => data.accounts.some(one => one.accountId === accountId))
  const without = accounts.filter(({ accountId }) => !own.some(one => one.accountId === accountId))
  const columns = own.flatMap(account => {
    const found = data.accounts.find(({ accountId }) => accountId === account.accountId)
    return found ? [{ account, limits: found.limits }] : []
  })
  return (
    <>
      {data.lockedUntil ? (
        <p className="limits-locked">
          <Icon name="lock" />
          {`Orders were sent today: the daily limits can be raised from ${formatWeekdayTime(data.lockedUntil, now)} on. Lowering works at once.`}
        </p>
      ) : null}
      <ScrollTable label="Table of limits">
        <table className="grid limits-grid">
          <thead>
            <tr>
              <th scope="col" className="plain">
                Limit
              </th>
              <th scope="col" className="plain r">
                <Head name="Everywhere" accountId={null} />
              </th>
              {columns.map(({ account }) => (
                <th key={account.accountId} scope="col" className="plain r">
                  <Head name={account.name} accountId={account.accountId} badge={<EnvBadge environment={account.environment} />} />
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {LIMIT_SPECS.map(spec => (
              <tr key={spec.field}>
                <td>
                  {spec.label}
                  {spec.isDaily && data.lockedUntil ? (
                    <span className="locked-mark" title="Cannot be raised today">
                      <Icon name="lock" />
                      <span className="hidden-text">cannot be raised today</span>
                    </span>
                  ) : null}
                </td>
                <td className="r">{limitText(spec, data.global, null)}</td>
                {columns.map(({ account, limits }) => (
                  <td key={account.accountId} className="r">
                    {limitText(spec, limits, account.currency)}
                  </td>
                ))}
              </tr>
            ))}
            <tr>
              <td>Symbols</td>
              <td className="r">{symbolsText(data.global)}</td>
              {columns.map(({ account, limits }) => (
                <td key={account.accountId} className="r">
                  {symbolsText(limits)}
                </td>
              ))}
            </tr>
          </tbody>
        </table>
      </ScrollTable>
      {without.length === 0 ? null : <OwnLimits accounts={without} />}
    </>
  )
}

type Account = ReturnType<typeof useAccounts>[number]

/** Offers limits of its own to an account that has none. */
function OwnLimits({ accounts }: { readonly accounts: readonly Account[] }) {
  const [chosen, setChosen] = useState('')
  const account = accounts.find(({ accountId }) => accountId === chosen)
  return (
    <div className="part-foot">
      <div className="own-limits">
        <SelectField
          id="limits-own"
          label="Limits of its own for an account"
          value={account?.accountId ?? ''}
          none="Choose an account"
          options={accounts.map(({ accountId, name, environment }) => ({
            value: accountId,
            label: `${environment.toUpperCase()}: ${name}`,
          }))}
          onChange={setChosen}
        />
        <Button disabled={!account} onClick={() => (account ? show({ kind: 'limits', accountId: account.accountId }) : undefined)}>
          Set limits
        </Button>
      </div>
    </div>
  )
}

function useAccounts() {
  const desk = useOrders(state => dataOf(state.desk))
  const brokers = useApp(state => state.brokers)
  return (desk?.connections ?? [])
    .filter(({ rules }) => rules !== null)
    .flatMap(({ broker, environment, accounts }) =>
      accounts.map(({ accountId, name, maskedNumber, currency }) => ({
        accountId,
        environment,
        currency,
        name: visibleText(`${withBroker(brokerName(brokers, broker), name)} ${maskedNumber}`),
      })),
    )
}

/** Many brokers begin the names of their accounts with their own. */
function withBroker(broker: string, name: string): string {
  return name.startsWith(broker) ? name : `${broker} ${name}`
}

interface HeadProps {
  readonly name: string
  readonly accountId: AccountId | null
  readonly badge?: React.ReactNode
}

function Head({ name, accountId, badge }: HeadProps) {
  return (
    <span className="limit-head">
      <span>
        {name} {badge}
      </span>
      <Button variant="ghost" onClick={() => show({ kind: 'limits', accountId })} aria-label={`Change limits: ${name}`}>
        Change
      </Button>
    </span>
  )
}

/** A limit as it reads in the table; of no one account it has no currency. */
export function limitText({ field, kind }: LimitSpec, limits: LimitsView, currency: string | null): string {
  const value = limits[field]
  if (typeof value === 'number') return kind === 'seconds' ? `${formatDecimal(Dec.of(String(value / 1000)))} s` : formatCount(value)
  if (kind === 'percent') return `${formatDecimal(value)} %`
  return kind === 'money' && currency !== null ? formatMoney(value, currency) : formatDecimal(value)
}

function symbolsText({ allow, deny }: LimitsView): string {
  const only = allow === null ? 'all' : `only ${list(allow)}`
  return deny.length === 0 ? only : `${only}, never ${list(deny)}`
}

function list(symbols: readonly string[]): string {
  return symbols.length <= 3 ? symbols.join(', ') : `${symbols.slice(0, 3).join(', ')} and ${formatCount(symbols.length - 3)} more`
}
