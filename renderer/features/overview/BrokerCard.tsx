import type { AccountView, ConnectionView } from '../../../shared/contract/schemas.ts'
import { formatExact, formatMoment, formatMoney, methodWord, tokenText } from '../../lib/format/index.ts'
import { useBrokerName } from '../../state/app.ts'
import { useNow } from '../../state/clock.ts'
import { openReconnect } from '../../state/connect.ts'
import { BrokerMark, EnvBadge, LifeBar, TokenStatusBadge } from '../../ui/badges.tsx'
import { Tip } from '../../ui/Button.tsx'
import { Icon } from '../../ui/icons.tsx'
import { CardFooter } from './CardFooter.tsx'

/** One connection: who it is, how its sign-in stands, what its accounts hold, how the last sync went. */
export function BrokerCard({ connection }: { readonly connection: ConnectionView }) {
  const name = useBrokerName(connection.broker)
  const needsUser = connection.state.kind === 'needs-sign-in'
  return (
    <article className={needsUser ? 'card attn' : 'card'} aria-label={`${name}, ${connection.environment}`}>
      <header>
        <BrokerMark broker={connection.broker} />
        <div className="grow">
          <h2 className="clip">{name}</h2>
          <small>{methodWord(connection.method)}</small>
        </div>
        <EnvBadge environment={connection.environment} />
      </header>
      <div>
        <TokenLine connection={connection} name={name} />
        <Accounts connection={connection} />
      </div>
      <CardFooter connection={connection} name={name} />
    </article>
  )
}

function TokenLine({ connection, name }: { readonly connection: ConnectionView; readonly name: string }) {
  const text = tokenText(connection, name, useNow(1))
  return (
    <div className="token">
      <div className="row between">
        <TokenStatusBadge text={text} onReconnect={() => openReconnect(connection)} />
        <span className="stamp">{text.stamp}</span>
      </div>
      <LifeBar text={text} />
      {connection.trouble ? (
        <p className="trouble">
          <Icon name="info" />
          <span>
            {connection.trouble.message} {connection.trouble.action}
          </span>
        </p>
      ) : null}
    </div>
  )
}

function Accounts({ connection }: { readonly connection: ConnectionView }) {
  if (connection.accounts.length === 0) {
    return <p className="accs stamp">{connection.syncing ? 'Reading the accounts.' : 'Accounts appear after the first sync.'}</p>
  }
  const failed = new Map(connection.lastSync?.accounts.filter(({ result }) => result === 'failed').map(({ id, because }) => [id, because]))
  return (
    <ul className="accs">
      {connection.accounts.map(account => (
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
  const tip = because ? `${stamps} ${because}` : stamps
  return (
    <li>
      <span className="who clip">
        <span>{account.maskedNumber}</span>
        {account.name}
      </span>
      <Tip text={tip}>
        {value === null ? (
          <span className="none">no value yet</span>
        ) : (
          <b className={because ? 'stale' : undefined}>{formatMoney(value, account.currency)}</b>
        )}
      </Tip>
    </li>
  )
}
