import { useState } from 'react'
import type { BrokerView } from '../../../shared/contract/app.ts'
import type { Environment } from '../../../shared/domain/broker.ts'
import { environmentWord, keyWords } from '../../lib/format/index.ts'
import { appKeysOf, clearAppKeys } from '../../state/app.ts'
import { errorViewOf } from '../../state/failure.ts'
import { toast, toastError } from '../../state/toast.ts'
import { Button } from '../../ui/Button.tsx'
import { Confirm } from '../../ui/Confirm.tsx'
import { AppKeysDialog } from './AppKeysDialog.tsx'

const SOURCES = { settings: 'entered here', environment: 'from the environment', none: '' } as const

interface AppKeysProps {
  readonly broker: BrokerView
  readonly environment: Environment
}

/** Whose app keys a broker's browser sign-in uses in an environment, and the way to change them. */
export function AppKeys({ broker, environment }: AppKeysProps) {
  const [open, setOpen] = useState<'none' | 'edit' | 'remove'>('none')
  const { known, removable, line } = standing(broker, environment)
  const which = broker.separateAppKeys ? `${broker.name}, ${environmentWord(environment).toLowerCase()}` : broker.name
  const close = () => setOpen('none')
  async function remove() {
    try {
      await clearAppKeys(appKeysOf(broker, environment))
      toast(`Browser sign-ins at ${which} need app keys again.`, 'App keys removed')
    } catch (error) {
      toastError(errorViewOf(error))
    }
    close()
  }
  return (
    <div className="row between wrap keys-line">
      <span className="sub">{line}</span>
      <div className="row">
        <Button onClick={() => setOpen('edit')} aria-label={`${known ? 'Change' : 'Enter'} app keys of ${which}`}>
          {known ? 'Change' : 'Enter app keys'}
        </Button>
        {removable ? (
          <Button variant="ghost" onClick={() => setOpen('remove')} aria-label={`Remove app keys of ${which}`}>
            Remove
          </Button>
        ) : null}
      </div>
      {open === 'edit' ? <AppKeysDialog broker={broker} environment={environment} onClose={close} /> : null}
      <Confirm
        open={open === 'remove'}
        title={`Remove the app keys of ${which}?`}
        word="Remove"
        onConfirm={() => void remove()}
        onClose={close}
      >
        <p>Without them Keelson cannot renew or start a browser sign-in at {broker.name}. Tokens and history stay.</p>
      </Confirm>
    </div>
  )
}

/** What is known of the keys of one environment. Only the live ones, or the only ones, are shown in part. */
function standing(broker: BrokerView, environment: Environment): { known: boolean; removable: boolean; line: string } {
  const prefix = broker.separateAppKeys ? `${environmentWord(environment)}: ` : ''
  const { clientId, source } = broker.app
  const none = `${prefix}no app keys of your own yet; the sandbox needs none.`
  if (broker.separateAppKeys && environment !== 'live') {
    const ready = broker.environments.some(({ id, appReady }) => id === environment && appReady)
    return {
      known: ready,
      removable: ready,
      line: sentence(ready ? `${prefix}${keyWords(broker).id.toLowerCase()} and secret entered` : none),
    }
  }
  if (clientId === null) return { known: false, removable: false, line: sentence(none) }
  return { known: true, removable: source === 'settings', line: sentence(`${prefix}app keys ${maskedId(clientId)}, ${SOURCES[source]}`) }
}

function sentence(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1)
}

function maskedId(clientId: string): string {
  return clientId.length <= 8 ? clientId : `${clientId.slice(0, 4)}…${clientId.slice(-4)}`
}
