import { type FormEvent, useState } from 'react'
import { connectWithKeys } from '../../state/connect.ts'
import { Button } from '../../ui/Button.tsx'
import { ErrorNote } from '../../ui/notes.tsx'
import { Back, Who } from './Choices.tsx'
import { SecretField, TextField } from '../../ui/fields.tsx'
import type { StepProps } from './step.ts'

/** A key pair, tried against the broker before anything is saved. */
export function KeysStep({ step, broker }: StepProps<'keys'>) {
  const [keyId, setKeyId] = useState('')
  const [secret, setSecret] = useState('')
  const ready = keyId.trim() !== '' && secret.trim() !== ''
  const submit = (event: FormEvent) => {
    event.preventDefault()
    if (ready && !step.saving) void connectWithKeys(step.choice, keyId, secret)
  }
  return (
    <form className="stack-l" onSubmit={submit}>
      <Who broker={broker} environment={step.choice.environment} />
      <TextField id="key-id" label="Key ID" value={keyId} onChange={setKeyId} first />
      <SecretField
        id="key-secret"
        label="Secret key"
        value={secret}
        onChange={setSecret}
        hint="Live and paper accounts have different keys. The broker shows the secret only once, when the key is made."
      />
      {step.error ? <ErrorNote error={step.error} /> : null}
      <div className="dialog-foot">
        <Back step={step} broker={broker} />
        <Button type="submit" variant="primary" large busy={step.saving} disabled={!ready}>
          {step.saving ? `Asking ${broker.name}` : 'Try and connect'}
        </Button>
      </div>
    </form>
  )
}
