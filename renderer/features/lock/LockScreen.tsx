import { type FormEvent, useEffect, useRef, useState } from 'react'
import type { ErrorView } from '../../../shared/contract/errors.ts'
import { Instant } from '../../../shared/domain/time.ts'
import { formatWait } from '../../lib/format/index.ts'
import { useNow } from '../../state/clock.ts'
import { errorViewOf } from '../../state/failure.ts'
import { noteWait, openLock, useLock } from '../../state/lock.ts'
import { Button } from '../../ui/Button.tsx'
import { SecretField } from '../../ui/fields.tsx'
import { Icon, KeelsonMark } from '../../ui/icons.tsx'

/** All there is to see while the window is locked. */
export function LockScreen() {
  return (
    <main className="lock-screen" id="main" tabIndex={-1}>
      <div className="lock-box">
        <div className="hello">
          <KeelsonMark />
          <div>
            <h1>Keelson is locked</h1>
            <p className="sub">Syncing and renewals go on.</p>
          </div>
        </div>
        <Ask />
      </div>
    </main>
  )
}

function Ask() {
  const [passphrase, setPassphrase] = useState('')
  const [opening, setOpening] = useState(false)
  const [error, setError] = useState<ErrorView | null>(null)
  const left = useWait()
  const form = useRef<HTMLFormElement>(null)
  useEffect(() => form.current?.querySelector('input')?.focus(), [])
  async function open() {
    setOpening(true)
    setError(null)
    // The field goes with the screen while it has the focus, and the browser remembers for a while what had it.
    setPassphrase('')
    try {
      await openLock(passphrase)
    } catch (failure) {
      const view = errorViewOf(failure)
      if (view.retryAfterMs !== undefined) noteWait(view.retryAfterMs)
      setError(view)
      setOpening(false)
      form.current?.querySelector('input')?.focus()
    }
  }
  const submit = (event: FormEvent) => {
    event.preventDefault()
    if (!opening && left === 0 && passphrase !== '') void open()
  }
  return (
    <form className="stack-l" ref={form} onSubmit={submit}>
      <SecretField id="lock-passphrase" label="Passphrase" value={passphrase} first onChange={setPassphrase} />
      {error && error.code !== 'lock/wait' ? (
        <p className="bad row" role="alert">
          <Icon name="warn" />
          <span>{error.code === 'lock/wrong-passphrase' ? error.message : `${error.message} ${error.action}`}</span>
        </p>
      ) : null}
      <Button type="submit" variant="primary" large busy={opening} disabled={left > 0 || passphrase === ''}>
        {opening ? 'Unlocking' : left > 0 ? `Next try in ${formatWait(left)}` : 'Unlock'}
      </Button>
    </form>
  )
}

/** Milliseconds until the next passphrase is taken; 0 when one is taken now. */
function useWait(): number {
  const until = useLock(state => state.waitUntil)
  const now = useNow(1)
  return until === null ? 0 : Math.max(0, Instant.msBetween(now, until))
}
