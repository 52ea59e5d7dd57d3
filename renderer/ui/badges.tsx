import type { BrokerId, Environment } from '../../shared/domain/broker.ts'
import alpaca from '../../resources/brokers/alpaca.svg'
import etrade from '../../resources/brokers/etrade.svg'
import ibkr from '../../resources/brokers/ibkr.svg'
import schwab from '../../resources/brokers/schwab.svg'
import tastytrade from '../../resources/brokers/tastytrade.svg'
import tdameritrade from '../../resources/brokers/tdameritrade.svg'
import { type ConnectionStatus, needsUser, type TokenText } from '../lib/format/index.ts'
import { Tip } from './Button.tsx'
import { Icon } from './icons.tsx'

const MARKS: Readonly<Record<BrokerId, string>> = { alpaca, schwab, ibkr, tastytrade, etrade, tdameritrade }

/** A broker's tile; its name always stands beside it. */
export function BrokerMark({ broker, small = false }: { readonly broker: BrokerId; readonly small?: boolean }) {
  return <img className={small ? 'mark small' : 'mark'} src={MARKS[broker]} alt="" />
}

/** LIVE, PAPER or SANDBOX, on everything that can move money. */
export function EnvBadge({ environment }: { readonly environment: Environment }) {
  return <span className={`env ${environment}`}>{environment.toUpperCase()}</span>
}

/** Connected, disconnected or in error: the word, and a shape of its own. */
export function StatusWord({ status }: { readonly status: ConnectionStatus }) {
  return (
    <span className={`status ${status.kind} ${status.tone}`}>
      <i aria-hidden="true" />
      {status.word}
    </span>
  )
}

/** Marks the connection that comes first everywhere. */
export function PrimaryStar() {
  return (
    <span className="primary-star" title="Primary connection">
      <Icon name="star" />
      <span className="hidden-text">Primary connection</span>
    </span>
  )
}

interface TokenBadgeProps {
  readonly text: TokenText
  /** Offered when the sign-in is over: a click signs in again. */
  readonly onReconnect?: () => void
}

/** The state of a sign-in in words, with the exact time and a countdown in its tooltip. */
export function TokenStatusBadge({ text, onReconnect }: TokenBadgeProps) {
  const inside = (
    <>
      <span className={text.kind === 'refreshing' ? 'dot pulse' : 'dot'} aria-hidden="true" />
      <span aria-hidden="true">{text.label}</span>
    </>
  )
  const ended = needsUser(text)
  const name = ended && onReconnect ? `${text.name}. Sign in again` : text.name
  return (
    <Tip text={text.tooltip}>
      {ended && onReconnect ? (
        <button type="button" className={`badge ${text.tone}`} aria-label={name} onClick={onReconnect}>
          {inside}
        </button>
      ) : (
        // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex, jsx-a11y/prefer-tag-over-role -- the exact deadline in the tooltip must be reachable by keyboard
        <span className={`badge ${text.tone}`} role="img" tabIndex={0} aria-label={name}>
          {inside}
        </span>
      )}
    </Tip>
  )
}

/** What is left of a sign-in's life, as a thin line in the colour of its state. */
export function LifeBar({ text }: { readonly text: TokenText }) {
  if (text.life === null) return null
  return (
    <div className={`bar ${text.tone}`} aria-hidden="true">
      <i style={{ width: `${Math.round(text.life * 100)}%` }} />
    </div>
  )
}
