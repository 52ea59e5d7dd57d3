import { useState } from 'react'
import type { ErrorView } from '../../../shared/contract/errors.ts'
import { startVaultOver } from '../../state/app.ts'
import { errorViewOf } from '../../state/failure.ts'
import { hide, useSurface } from '../../state/surface.ts'
import { toast } from '../../state/toast.ts'
import { Confirm } from '../../ui/Confirm.tsx'
import { ErrorNote } from '../../ui/notes.tsx'

/** Asks before a locked vault is left behind for one with a new key. */
export function StartOverDialog() {
  const open = useSurface(state => state.open.kind === 'start-over')
  return open ? <Ask /> : null
}

function Ask() {
  const [busy, setBusy] = useState(false)
  const [error, setError] = useState<ErrorView | null>(null)
  async function confirm() {
    setBusy(true)
    setError(null)
    try {
      await startVaultOver()
      toast('Sign in to each broker again; its history goes on where it stopped.', 'The vault has a new key')
      hide()
    } catch (failure) {
      setError(errorViewOf(failure))
      setBusy(false)
    }
  }
  return (
    <Confirm open title="Start the vault over?" word="Start over" busy={busy} onConfirm={() => void confirm()} onClose={hide}>
      <p>Keelson makes a new key. Every broker must be signed in again, and app keys from the settings must be entered again.</p>
      <p className="sub">
        Nothing else is lost: the history and everything else you see stay on this machine. What the old key sealed stays on disk, unused.
      </p>
      {error ? <ErrorNote error={error} /> : null}
    </Confirm>
  )
}
