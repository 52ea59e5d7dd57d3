import { useState } from 'react'
import type { DesktopStatus } from '../../../shared/contract/desktop.ts'
import type { ErrorView } from '../../../shared/contract/errors.ts'
import { checkForUpdates, installUpdate } from '../../state/desktop.ts'
import { errorViewOf } from '../../state/failure.ts'
import { show } from '../../state/surface.ts'
import { Button } from '../../ui/Button.tsx'
import { CheckField } from '../../ui/fields.tsx'
import { ErrorNote } from '../../ui/notes.tsx'
import { useEnding } from './restart.ts'
import type { Change } from './setting.ts'
import { UpdateState } from './UpdateState.tsx'

interface UpdateProps {
  readonly status: DesktopStatus
  readonly change: Change
}

/** Newer versions: how it stands, and the ways on from there. A copy that cannot update itself says why. */
export function UpdateSettings({ status: { update, settings }, change }: UpdateProps) {
  const [looking, setLooking] = useState(false)
  const [failure, setFailure] = useState<ErrorView | null>(null)
  const ending = useEnding(installUpdate)
  const { state, version } = update
  const cannot = state === 'off' && update.trouble !== null
  const busy = looking || state === 'checking'
  async function look() {
    setLooking(true)
    setFailure(null)
    await checkForUpdates().catch((error: unknown) => setFailure(errorViewOf(error)))
    setLooking(false)
  }
  return (
    <section className="stack" aria-label="Updates">
      <h3>Updates</h3>
      <UpdateState update={update} />
      {failure ? <ErrorNote error={failure} /> : null}
      {ending.error ? <ErrorNote error={ending.error} /> : null}
      {cannot ? null : (
        <>
          <div className="row wrap">
            {state === 'ready' ? (
              <Button variant="primary" busy={ending.busy} onClick={ending.run}>
                {ending.busy ? 'Restarting' : 'Restart to update'}
              </Button>
            ) : null}
            {state === 'ready' || state === 'downloading' ? null : (
              <Button busy={busy} onClick={() => void look()}>
                {busy ? 'Looking' : 'Check now'}
              </Button>
            )}
            {version !== null && (state === 'ready' || state === 'downloading') ? (
              <Button onClick={() => show({ kind: 'update' })}>What’s new</Button>
            ) : null}
          </div>
          <CheckField
            id="desktop-updates"
            label="Look for newer versions once a day"
            hint="It asks one address for the newest version and says nothing about you. Nothing is installed before you restart."
            checked={settings.checkForUpdates}
            onChange={checkForUpdates => change('updates', { checkForUpdates })}
          />
        </>
      )}
    </section>
  )
}
