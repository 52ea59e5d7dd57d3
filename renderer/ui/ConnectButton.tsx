import { Button } from './Button.tsx'

export type ConnectButtonState = 'disconnected' | 'connecting' | 'connected'

interface ConnectButtonProps {
  readonly state: ConnectButtonState
  readonly brokerName: string
  readonly onConnect: () => void
  /** What the button says when there is nothing yet; `Reconnect` for a connection that needs it. */
  readonly word?: string
  readonly primary?: boolean
}

/** One control for a broker: connect it, watch it connect, see that it is connected. */
export function ConnectButton({ state, brokerName, onConnect, word = 'Connect', primary = true }: ConnectButtonProps) {
  if (state === 'connected')
    return (
      <span className="badge good">
        <span className="dot" aria-hidden="true" />
        Connected
      </span>
    )
  const busy = state === 'connecting'
  return (
    <Button
      variant={primary ? 'primary' : 'default'}
      busy={busy}
      onClick={onConnect}
      aria-label={busy ? `Connecting ${brokerName}` : `${word} ${brokerName}`}
    >
      {busy ? 'Connecting' : word}
    </Button>
  )
}
