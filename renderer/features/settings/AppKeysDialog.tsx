import { type FormEvent, useState } from 'react'
import type { BrokerView } from '../../../shared/contract/app.ts'
import type { ErrorView } from '../../../shared/contract/errors.ts'
import { errorViewOf } from '../../state/failure.ts'
import type { Environment } from '../../../shared/domain/broker.ts'
import { environmentWord, keyWords } from '../../lib/format/index.ts'
import { appKeysOf, setAppKeys } from '../../state/app.ts'
import { Button } from '../../ui/Button.tsx'
import { CopyLine } from '../../ui/copy.tsx'
import { Dialog } from '../../ui/Dialog.tsx'
import { SecretField, TextField } from '../../ui/fields.tsx'
import { Icon } from '../../ui/icons.tsx'
import { ErrorNote } from '../../ui/notes.tsx'
import { toast } from '../../state/toast.ts'

interface DialogProps {
  readonly broker: BrokerView
  readonly environment: Environment
  readonly onClose: () => void
}

/** Entering or changing the app keys of a broker. */
export function AppKeysDialog({ broker, environment, onClose }: DialogProps) {
  const [clientId, setClientId] = useState('')
  const [clientSecret, setClientSecret] = useState('')
  const [saving, setSaving] = useState(false)
  const [error, setError] = useState<ErrorView | null>(null)
  const ready = clientId.trim() !== '' && clientSecret.trim() !== ''
  async function save() {
    setSaving(true)
    setError(null)
    try {
      await setAppKeys(appKeysOf(broker, environment), clientId, clientSecret)
      toast('Both are sealed in the vault.', `${broker.name} app keys saved`)
      onClose()
    } catch (failure) {
      setError(errorViewOf(failure))
      setSaving(false)
    }
  }
  const words = keyWords(broker)
  const submit = (event: FormEvent) => {
    event.preventDefault()
    if (ready && !saving) void save()
  }
  return (
    <Dialog
      open
      title={
        broker.separateAppKeys ? `App keys of ${broker.name}, ${environmentWord(environment).toLowerCase()}` : `App keys of ${broker.name}`
      }
      onClose={onClose}
    >
      <form className="stack-l" onSubmit={submit}>
        <RedirectAddresses broker={broker} environment={environment} />
        <TextField id="settings-client-id" label={words.id} value={clientId} onChange={setClientId} first />
        <SecretField id="settings-client-secret" label={words.secret} value={clientSecret} onChange={setClientSecret} />
        {error ? <ErrorNote error={error} /> : null}
        <div className="dialog-foot">
          <a className="btn ghost left" href={broker.registerAt} target="_blank" rel="noreferrer noopener">
            <Icon name="external" />
            Developer site
          </a>
          <Button type="submit" variant="primary" large busy={saving} disabled={!ready}>
            {saving ? 'Saving' : 'Save'}
          </Button>
        </div>
      </form>
    </Dialog>
  )
}

/** The addresses to register, each with the environments that use it; the sandbox registers nothing. */
function RedirectAddresses({ broker, environment }: Omit<DialogProps, 'onClose'>) {
  const real = broker.environments.filter(({ id }) => (broker.separateAppKeys ? id === environment : id !== 'sandbox'))
  const addresses = [...new Set(real.map(({ redirectUri }) => redirectUri))].filter(address => /^https?:/.test(address))
  return addresses.map(address => (
    <div key={address} className="field">
      <span className="label">{`Redirect address to register for ${real
        .filter(({ redirectUri }) => redirectUri === address)
        .map(({ id }) => environmentWord(id).toLowerCase())
        .join(' and ')}`}</span>
      <CopyLine text={address} label="the redirect address" />
    </div>
  ))
}
