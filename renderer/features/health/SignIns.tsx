import type { HealthSummary } from '../../../shared/contract/health.ts'
import type { ConnectionView } from '../../../shared/contract/schemas.ts'
import type { Instant } from '../../../shared/domain/time.ts'
import { formatExact, formatMoment, tokenText } from '../../lib/format/index.ts'
import { useBrokerName } from '../../state/app.ts'
import { useNow } from '../../state/clock.ts'
import { openReconnect } from '../../state/connect.ts'
import { useConnections } from '../../state/connections.ts'
import { dataOf } from '../../state/remote.ts'
import { BrokerMark, EnvBadge, TokenStatusBadge } from '../../ui/badges.tsx'
import { ScrollTable } from '../../ui/ScrollTable.tsx'
import { Part } from './Part.tsx'

type Token = HealthSummary['tokens'][number]

/** How every sign-in stands: its state, its end, and when it is renewed. */
export function SignIns({ tokens }: { readonly tokens: readonly Token[] }) {
  const connections = useConnections(state => dataOf(state.list))
  if (tokens.length === 0) return null
  return (
    <Part title="Sign-ins" hint="The same state as on the overview. Renewals run by themselves.">
      <ScrollTable label="Table of sign-ins">
        <table className="grid">
          <thead>
            <tr>
              <Heading word="Connection" />
              <Heading word="State" />
              <Heading word="Sign in by" figure />
              <Heading word="Renewed next" figure />
              <Heading word="Last renewal" figure wideOnly />
            </tr>
          </thead>
          <tbody>
            {tokens.map(token => (
              <SignIn key={token.connectionId} token={token} connection={connections?.find(({ id }) => id === token.connectionId)} />
            ))}
          </tbody>
        </table>
      </ScrollTable>
    </Part>
  )
}

interface HeadingProps {
  readonly word: string
  readonly figure?: boolean
  /** Shown only where there is room. */
  readonly wideOnly?: boolean
}

/** The heading of one column. */
export function Heading({ word, figure = false, wideOnly = false }: HeadingProps) {
  return (
    <th scope="col" className={['plain', figure ? 'r' : '', wideOnly ? 'roomy' : ''].filter(Boolean).join(' ')}>
      {word}
    </th>
  )
}

function SignIn({ token, connection }: { readonly token: Token; readonly connection: ConnectionView | undefined }) {
  const broker = useBrokerName(token.broker)
  const now = useNow(1)
  const text = connection ? tokenText(connection, broker, now) : null
  return (
    <tr>
      <th scope="row">
        <span className="row">
          <BrokerMark broker={token.broker} small />
          {connection && connection.label !== '' ? connection.label : broker}
          <EnvBadge environment={token.environment} />
        </span>
      </th>
      <td className="prose">
        {text && connection ? <TokenStatusBadge text={text} onReconnect={() => openReconnect(connection)} /> : '—'}
        {text !== null && text.detail !== null ? <div className="stamp">{text.stamp}</div> : null}
        {token.lastError ? <div className="stamp">{token.lastError.message}</div> : null}
      </td>
      <Moment at={token.deadline} none="no end known" />
      <Moment at={token.dueAt} none="—" />
      <Moment at={token.lastAttemptAt} none="—" wideOnly />
    </tr>
  )
}

interface MomentProps {
  readonly at: Instant | null
  readonly none: string
  readonly wideOnly?: boolean
}

function Moment({ at, none, wideOnly = false }: MomentProps) {
  const now = useNow(30)
  const roomy = wideOnly ? 'roomy' : ''
  if (at === null) return <td className={`r stamp ${roomy}`}>{none}</td>
  return (
    <td className={`r moment ${roomy}`} title={formatExact(at)}>
      {formatMoment(at, now)}
    </td>
  )
}
