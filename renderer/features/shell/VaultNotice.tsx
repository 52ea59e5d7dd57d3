import { useState } from 'react'
import type { VaultView } from '../../../shared/contract/app.ts'
import { unlockVault, useApp } from '../../state/app.ts'
import { errorViewOf } from '../../state/failure.ts'
import { dataOf } from '../../state/remote.ts'
import { show } from '../../state/surface.ts'
import { toast, toastError } from '../../state/toast.ts'
import { Button } from '../../ui/Button.tsx'
import { Icon } from '../../ui/icons.tsx'

/** On every page while the vault is locked: what that means, what happened, and the two ways out. */
export function VaultNotice() {
  const vault = useApp(state => dataOf(state.status)?.vault)
  return vault?.state === 'locked' ? <Locked vault={vault} /> : null
}

const HELP: Readonly<Record<VaultView['protection'], string>> = {
  keyring: 'Unlock the system keyring, then try again.',
  passphrase: 'Trying again asks for it where Keelson runs in a terminal; elsewhere, start Keelson with the right one.',
  os: 'Unlock or start the password store of this system, then try again.',
  memory: '',
}

function Locked({ vault }: { readonly vault: VaultView }) {
  const [trying, setTrying] = useState(false)
  async function tryAgain() {
    setTrying(true)
    try {
      const { state, notice } = await unlockVault()
      if (state === 'open') toast('Keelson syncs again.', 'The vault is open')
      else toastError({ message: 'The vault is still locked.', action: notice ?? '' })
    } catch (error) {
      toastError(errorViewOf(error))
    }
    setTrying(false)
  }
  return (
    <section className="banners" aria-label="Locked vault">
      <div className="banner">
        <Icon name="lock" />
        <span className="text">
          <b>The vault is locked, so no broker can sync or be connected.</b>
          {vault.notice} {HELP[vault.protection]} If it cannot be had any more, start over; your history stays.
        </span>
        <Button busy={trying} onClick={() => void tryAgain()}>
          {trying ? 'Trying' : 'Try again'}
        </Button>
        <Button onClick={() => show({ kind: 'start-over' })}>Start over</Button>
      </div>
    </section>
  )
}
