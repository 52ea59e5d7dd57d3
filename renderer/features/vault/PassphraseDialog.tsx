import { type FormEvent, useState } from 'react'
import type { ErrorView } from '../../../shared/contract/errors.ts'
import { VAULT_MIN_LENGTH } from '../../../shared/contract/vault.ts'
import { errorViewOf } from '../../state/failure.ts'
import { hide, useSurface } from '../../state/surface.ts'
import { toast } from '../../state/toast.ts'
import { setVaultPassphrase } from '../../state/vault.ts'
import { Button } from '../../ui/Button.tsx'
import { Dialog } from '../../ui/Dialog.tsx'
import { SecretField } from '../../ui/fields.tsx'
import { ErrorNote } from '../../ui/notes.tsx'
import { passphraseProblem } from '../../lib/passphrase.ts'

/** Changes the passphrase that guards the vault's key. */
export function PassphraseDialog() {
  const open = useSurface(state => state.open.kind === 'passphrase')
  return open ? <Ask /> : null
}

function Ask() {
  const [current, setCurrent] = useState('')
  const [passphrase, setPassphrase] = useState('')
  const [again, setAgain] = useState('')
  const [shown, setShown] = useState(false)
  const [saving, setSaving] = useState(false)
  const [error, setError] = useState<ErrorView | null>(null)
  const tooShort = passphraseProblem(passphrase, VAULT_MIN_LENGTH)
  const differs = passphrase === again ? undefined : 'Not the same as above.'
  async function save() {
    setSaving(true)
    setError(null)
    try {
      await setVaultPassphrase(current, passphrase)
      hide()
      toast('Give it to whatever starts Keelson, too.', 'The passphrase is changed')
    } catch (failure) {
      setError(errorViewOf(failure))
      setSaving(false)
    }
  }
  const submit = (event: FormEvent) => {
    event.preventDefault()
    setShown(true)
    if (current !== '' && !tooShort && !differs && !saving) void save()
  }
  return (
    <Dialog open title="Change the vault’s passphrase" onClose={hide} size={460}>
      <form className="stack-l" onSubmit={submit} noValidate>
        <SecretField
          id="vault-current"
          label="Passphrase now"
          value={current}
          first
          problem={shown && current === '' ? 'This is needed.' : undefined}
          onChange={setCurrent}
        />
        <SecretField
          id="vault-new"
          label="New passphrase"
          value={passphrase}
          hint="Without it nothing sealed can be opened again."
          problem={shown ? tooShort : undefined}
          onChange={setPassphrase}
        />
        <SecretField id="vault-again" label="The same again" value={again} problem={shown ? differs : undefined} onChange={setAgain} />
        {error ? <ErrorNote error={error} /> : null}
        <div className="dialog-foot">
          <Button onClick={hide}>Cancel</Button>
          <Button type="submit" variant="primary" busy={saving}>
            {saving ? 'Saving' : 'Change it'}
          </Button>
        </div>
      </form>
    </Dialog>
  )
}
