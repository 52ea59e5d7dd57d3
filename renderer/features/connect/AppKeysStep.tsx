import { type FormEvent, useState } from 'react'
import type { BrokerView } from '../../../shared/contract/app.ts'
import type { ErrorView } from '../../../shared/contract/errors.ts'
import { environmentWord, keyWords } from '../../lib/format/index.ts'
import { errorViewOf } from '../../state/failure.ts'
import { appKeysOf, setAppKeys } from '../../state/app.ts'
import { toStep } from '../../state/connect.ts'
import { consent, environmentOf } from '../../state/connect-steps.ts'
import { Button } from '../../ui/Button.tsx'
import { CopyLine } from '../../ui/copy.tsx'
import { Icon } from '../../ui/icons.tsx'
import { ErrorNote } from '../../ui/notes.tsx'
import { Back, Who } from './Choices.tsx'
import { SecretField, TextField } from '../../ui/fields.tsx'
import type { StepProps } from './step.ts'

/** Bring your own app: where to register, what to paste there, what to bring back. */
export function AppKeysStep({ step, broker }: StepProps<'app-keys'>) {
  const [clientId, setClientId] = useState('')
  const [clientSecret, setClientSecret] = useState('')
  const [saving, setSaving] = useState(false)
  const [error, setError] = useState<ErrorView | null>(null)
  const ready = clientId.trim() !== '' && clientSecret.trim() !== ''
  const redirectUri = environmentOf(broker, step.choice.environment)?.redirectUri ?? ''
  async function save() {
    setSaving(true)
    setError(null)
    try {
      await setAppKeys(appKeysOf(broker, step.choice.environment), clientId, clientSecret)
      toStep(consent(step.choice))
    } catch (failure) {
      setError(errorViewOf(failure))
      setSaving(false)
    }
  }
  const words = keyWords(broker)
  const separate = broker.separateAppKeys ? ` ${environmentWord(step.choice.environment)} has keys of its own.` : ''
  const submit = (event: FormEvent) => {
    event.preventDefault()
    if (ready && !saving) void save()
  }
  return (
    <form className="stack-l" onSubmit={submit}>
      <Who broker={broker} environment={step.choice.environment} />
      <p className="sub">Keelson signs in with an app that is yours, so no company stands between you and your broker. You do this once.</p>
      <ol className="steps">
        <li>
          <span>Register an app on the broker’s developer site.</span>
          <a className="btn" href={broker.registerAt} target="_blank" rel="noreferrer noopener">
            <Icon name="external" />
            Open the developer site
          </a>
        </li>
        <li>
          <Redirect broker={broker} address={redirectUri} />
        </li>
        <li>
          <span>{`Bring back its ${words.id.toLowerCase()} and ${words.secret.toLowerCase()}.${separate}`}</span>
          <TextField id="client-id" label={words.id} value={clientId} onChange={setClientId} />
          <SecretField
            id="client-secret"
            label={words.secret}
            value={clientSecret}
            onChange={setClientSecret}
            hint="Sealed in the vault; change or remove both in the settings."
          />
        </li>
      </ol>
      {error ? <ErrorNote error={error} speaker={broker.name} /> : null}
      <div className="dialog-foot">
        <Back step={step} broker={broker} />
        <Button type="submit" variant="primary" large busy={saving} disabled={!ready}>
          {saving ? 'Saving' : 'Save and go on'}
        </Button>
      </div>
    </form>
  )
}

function Redirect({ broker, address }: { readonly broker: BrokerView; readonly address: string }) {
  if (!/^https?:/.test(address))
    return <span>It needs no redirect address: after you agree, {broker.name} shows a code that you type in here.</span>
  return (
    <>
      <span>Give it exactly this redirect address.</span>
      <CopyLine text={address} label="the redirect address" />
    </>
  )
}
