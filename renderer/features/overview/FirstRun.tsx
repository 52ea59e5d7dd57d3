import { openConnect } from '../../state/connect.ts'
import { exploreSandbox, useConnections } from '../../state/connections.ts'
import { Button } from '../../ui/Button.tsx'
import { Icon, KeelsonMark } from '../../ui/icons.tsx'
import { ErrorNote } from '../../ui/notes.tsx'

/** Nothing is connected yet: two ways in, and what Keelson promises. */
export function FirstRun() {
  const exploring = useConnections(state => state.exploring)
  const error = useConnections(state => state.exploreError)
  return (
    <div className="page">
      <div className="first settle">
        <div className="hello">
          <KeelsonMark />
          <h1>Your brokers, on your own machine</h1>
          <p className="sub">Keelson signs in at your brokers, keeps your trade history here, and tells you before a sign-in runs out.</p>
        </div>
        <div className="ways">
          <div className="way">
            <h2>Look around first</h2>
            <p>
              Simulated brokers with years of trades. No account, no keys, no network; connected through the same sign-in as the real ones.
            </p>
            <Button variant="primary" large busy={exploring} icon="flask" onClick={() => void exploreSandbox()}>
              {exploring ? 'Connecting the sandbox brokers' : 'Explore with sandbox brokers'}
            </Button>
          </div>
          <div className="way">
            <h2>Use your own account</h2>
            <p>Alpaca, Charles Schwab, Interactive Brokers, tastytrade or E*TRADE. Keelson never sees your password.</p>
            <Button large icon="plus" onClick={openConnect}>
              Connect a broker
            </Button>
          </div>
        </div>
        {error ? <ErrorNote error={error} onRetry={() => void exploreSandbox()} /> : null}
        <ul className="promise">
          <li>
            <Icon name="check" />
            <span>Nothing about you leaves this machine except calls to your own brokers.</span>
          </li>
          <li>
            <Icon name="check" />
            <span>Tokens are sealed; a database file alone opens nothing.</span>
          </li>
          <li>
            <Icon name="check" />
            <span>Every figure says when it held and when it was read.</span>
          </li>
        </ul>
      </div>
    </div>
  )
}

/** The same offer beside existing connections. */
export function ExploreButton({ variant }: { readonly variant: 'default' | 'ghost' }) {
  const exploring = useConnections(state => state.exploring)
  return (
    <Button variant={variant} busy={exploring} icon="flask" onClick={() => void exploreSandbox()}>
      {exploring ? 'Connecting' : 'Try the sandbox'}
    </Button>
  )
}
