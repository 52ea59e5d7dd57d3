import { useState } from 'react'
import type { BrokerView } from '../../../shared/contract/app.ts'
import { clearAppKeys } from '../../state/app.ts'
import { errorViewOf } from '../../state/failure.ts'
import { toast, toastError } from '../../state/toast.ts'
import { Button } from '../../ui/Button.tsx'
import { Confirm } from '../../ui/Confirm.tsx'
import { AppKeysDialog } from './AppKeysDialog.tsx'

const SOURCES = { settings: 'entered here', environment: 'from the environment', none: '' } as const

/** Whose app keys a broker's browser sign-in uses, and the way to change them. */
export function AppKeys({ broker }: { readonly broker: BrokerView }) {
  const [open, setOpen] = useState<'none' | 'edit' | 'remove'>('none')
  const { clientId, source } = broker.app
  const close = () => setOpen('none')
  async function remove() {
    try {
      await clearAppKeys(broker.id)
      toast(`Browser sign-ins at ${broker.name} need app keys again.`, 'App keys removed')
    } catch (error) {
      toastError(errorViewOf(error))
    }
    close()
  }
  return (
    <div className="row between wrap keys-line">
      <span className="sub">
        {clientId ? `App keys: ${maskedId(clientId)}, ${SOURCES[source]}` : 'No app keys of your own yet; the sandbox needs none.'}
      </span>
      <div className="row">
        <Button onClick={() => setOpen('edit')} aria-label={`${clientId ? 'Change' : 'Enter'} app keys of ${broker.name}`}>
          {clientId ? 'Change' : 'Enter app keys'}
        </Button>
        {source === 'settings' ? (
          <Button variant="ghost" onClick={() => setOpen('remove')} aria-label={`Remove app keys of ${broker.name}`}>
            Remove
          </Button>
        ) : null}
      </div>
      {open === 'edit' ? <AppKeysDialog broker={broker} onClose={close} /> : null}
      <Confirm
        open={open === 'remove'}
        title={`Remove the ${broker.name} app keys?`}
        word="Remove"
        onConfirm={() => void remove()}
        onClose={close}
      >
        <p>Without them Keelson cannot renew or start a browser sign-in at {broker.name}. Tokens and history stay.</p>
      </Confirm>
    </div>
  )
}

function maskedId(clientId: string): string {
  return clientId.length <= 8 ? clientId : `${clientId.slice(0, 4)}…${clientId.slice(-4)}`
}
