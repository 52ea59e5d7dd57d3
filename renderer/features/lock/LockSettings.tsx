import { useState } from 'react'
import { plural } from '../../lib/format/index.ts'
import { errorViewOf } from '../../state/failure.ts'
import { lockNow, refreshLock, useLock } from '../../state/lock.ts'
import { show } from '../../state/surface.ts'
import { toastError } from '../../state/toast.ts'
import { Button } from '../../ui/Button.tsx'
import { ErrorNote, Skeletons } from '../../ui/notes.tsx'

/** The lock of the windows: set it, change it, lock now. */
export function LockSettings() {
  const lock = useLock(state => state.lock)
  const [locking, setLocking] = useState(false)
  if (lock.status === 'failed') return <ErrorNote error={lock.error} onRetry={() => void refreshLock()} />
  if (lock.status !== 'ready') return <Skeletons heights={[28]} label="Reading the lock" />
  const { on, idleMinutes } = lock.data
  const now = async () => {
    setLocking(true)
    await lockNow().catch((error: unknown) => toastError(errorViewOf(error)))
    setLocking(false)
  }
  return (
    <div className="stack">
      <p>
        {on
          ? `On. ${idleMinutes === null ? 'It locks only when you say so and when Keelson starts.' : `It locks after ${plural(idleMinutes, 'minute')} without a touch, and when Keelson starts.`}`
          : 'Off. Anybody at this desk can look.'}
      </p>
      <p className="stamp">
        It hides the windows and stops the commands; it is not encryption, and whoever can read this machine’s files is not stopped by it.
      </p>
      <div className="row wrap">
        {on ? (
          <Button variant="primary" icon="lock" busy={locking} onClick={() => void now()}>
            Lock now
          </Button>
        ) : null}
        <Button onClick={() => show({ kind: 'app-lock' })}>{on ? 'Change' : 'Set a lock'}</Button>
        {on ? (
          <Button variant="ghost" onClick={() => show({ kind: 'app-lock-off' })}>
            Take it off
          </Button>
        ) : null}
      </div>
    </div>
  )
}
