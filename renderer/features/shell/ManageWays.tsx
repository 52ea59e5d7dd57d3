import { useState } from 'react'
import type { ErrorView } from '../../../shared/contract/errors.ts'
import type { ConnectionView } from '../../../shared/contract/schemas.ts'
import { dayOf, formatDate } from '../../lib/format/index.ts'
import { useBrokerName, useMethodLabel } from '../../state/app.ts'
import { openReconnect } from '../../state/connect.ts'
import { removeWayIn } from '../../state/connections.ts'
import { errorViewOf } from '../../state/failure.ts'
import { hide } from '../../state/surface.ts'
import { Button } from '../../ui/Button.tsx'
import { ErrorNote } from '../../ui/notes.tsx'

type Way = ConnectionView['methods'][number]

/** The ways in of a connection: what troubles each, renewing one, taking one off. */
export function ManageWays({ connection }: { readonly connection: ConnectionView }) {
  return (
    <section className="stack" aria-label="Ways in">
      <h3>Ways in</h3>
      <p className="sub">Keelson uses the first one that works for accounts and holdings, and joins their histories.</p>
      <ul className="manage">
        {connection.methods.map(way => (
          <WayRow key={way.method} connection={connection} way={way} />
        ))}
      </ul>
    </section>
  )
}

interface RowProps {
  readonly connection: ConnectionView
  readonly way: Way
}

function WayRow({ connection, way }: RowProps) {
  const label = useMethodLabel(connection.broker, way.method)
  const name = useBrokerName(connection.broker)
  const [asked, setAsked] = useState(false)
  const renew = () => {
    hide()
    openReconnect(connection, way.method)
  }
  return (
    <li>
      <div className="row wrap">
        <span className="grow">
          <span className="strong">{label}</span>{' '}
          <span className="stamp">{way.expiresAt ? `until ${formatDate(dayOf(way.expiresAt))}` : way.trouble ? '' : 'working'}</span>
        </span>
        <Button onClick={renew} aria-label={`Renew ${label}`}>
          Renew
        </Button>
        {connection.methods.length > 1 && !asked ? (
          <Button variant="ghost" onClick={() => setAsked(true)} aria-label={`Remove ${label}`}>
            Remove
          </Button>
        ) : null}
      </div>
      {way.trouble ? <ErrorNote error={way.trouble} speaker={name} /> : null}
      {asked ? <Sure connection={connection} way={way} label={label} onKeep={() => setAsked(false)} /> : null}
    </li>
  )
}

function Sure({ connection, way, label, onKeep }: RowProps & { readonly label: string; readonly onKeep: () => void }) {
  const [busy, setBusy] = useState(false)
  const [error, setError] = useState<ErrorView | null>(null)
  async function remove() {
    setBusy(true)
    setError(null)
    try {
      await removeWayIn(connection.id, way.method)
    } catch (failure) {
      setError(errorViewOf(failure))
      setBusy(false)
    }
  }
  return (
    <div className="note warn">
      <div className="grow stack">
        <p>{`Remove ${label}? What it needs to sign in is wiped at once. The connection goes on with its other ways in; history stays.`}</p>
        {error ? <ErrorNote error={error} /> : null}
        <div className="row">
          <Button onClick={onKeep}>Keep</Button>
          <Button variant="danger" busy={busy} onClick={() => void remove()}>
            {busy ? 'Removing' : 'Remove'}
          </Button>
        </div>
      </div>
    </div>
  )
}
