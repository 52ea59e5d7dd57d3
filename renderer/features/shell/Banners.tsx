import type { ConnectionView } from '../../../shared/contract/schemas.ts'
import type { SignInReason } from '../../../shared/domain/connection.ts'
import { environmentWord } from '../../lib/format/index.ts'
import { useApp, useBrokerName, useSignInRule } from '../../state/app.ts'
import { needingSignIn } from '../../state/attention.ts'
import { useNow } from '../../state/clock.ts'
import { openReconnect } from '../../state/connect.ts'
import { useConnections } from '../../state/connections.ts'
import { dataOf } from '../../state/remote.ts'
import { alertKey, dismissAlert, useSurface } from '../../state/surface.ts'
import { Button, IconButton } from '../../ui/Button.tsx'
import { Icon } from '../../ui/icons.tsx'

/** What needs the user: what the vault has to say, then every connection that waits for a sign-in. A locked vault has its own notice. */
export function Banners() {
  const now = useNow(30)
  const connections = useConnections(state => dataOf(state.list))
  const dismissed = useSurface(state => state.dismissed)
  const vault = useApp(state => dataOf(state.status)?.vault)
  const waiting = needingSignIn(connections ?? [], now).filter(connection => !dismissed.has(alertKey(connection)))
  const notice = vault?.state === 'open' && vault.notice && !dismissed.has(`vault ${vault.notice}`) ? vault.notice : null
  if (waiting.length === 0 && notice === null) return null
  return (
    <section className="banners" aria-label="Needs your attention">
      {notice === null ? null : <VaultBanner notice={notice} />}
      {waiting.map(connection => (
        <SignInBanner key={connection.id} connection={connection} />
      ))}
    </section>
  )
}

function VaultBanner({ notice }: { readonly notice: string }) {
  return (
    <div className="banner">
      <Icon name="lock" />
      <span className="text">{notice}</span>
      <IconButton icon="close" label="Dismiss for now" onClick={() => dismissAlert(`vault ${notice}`)} />
    </div>
  )
}

const WHY: Readonly<Record<SignInReason, string>> = {
  expired: 'Its sign-in has run out.',
  revoked: 'Access was ended at the broker.',
  lost: 'Its tokens can no longer be used: a renewal was cut off, or the key that sealed them is gone.',
  'vault-locked': 'Its tokens are sealed in a vault that is locked.',
  'memory-only': 'Its tokens were kept in memory only and ended with the last run.',
}

function SignInBanner({ connection }: { readonly connection: ConnectionView }) {
  const name = useBrokerName(connection.broker)
  const called = connection.label === '' ? name : `${connection.label} at ${name}`
  const who = connection.environment === 'live' ? called : `${called} (${environmentWord(connection.environment).toLowerCase()})`
  const rule = useSignInRule(connection.broker)
  const because = connection.state.kind === 'needs-sign-in' ? connection.state.because : 'expired'
  const why = because === 'expired' && rule !== null ? `Its sign-in ends ${rule}.` : WHY[because]
  return (
    <div className="banner">
      <Icon name="warn" />
      <span className="text">
        <b>{`${who} needs a sign-in.`}</b>
        {`${why} History stays; syncing stops until you sign in.`}
      </span>
      <Button onClick={() => openReconnect(connection)} aria-label={`Sign in to ${who}`}>
        Sign in
      </Button>
      <IconButton icon="close" label="Dismiss for now" onClick={() => dismissAlert(alertKey(connection))} />
    </div>
  )
}
