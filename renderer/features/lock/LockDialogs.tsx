import { type FormEvent, useState } from 'react'
import type { ErrorView } from '../../../shared/contract/errors.ts'
import { errorViewOf } from '../../state/failure.ts'
import { clearLock, setLock, useLock } from '../../state/lock.ts'
import { dataOf } from '../../state/remote.ts'
import { hide, useSurface } from '../../state/surface.ts'
import { toast } from '../../state/toast.ts'
import { Button } from '../../ui/Button.tsx'
import { Dialog } from '../../ui/Dialog.tsx'
import { CheckField, SecretField, TextField } from '../../ui/fields.tsx'
import { ErrorNote } from '../../ui/notes.tsx'
import { firstDraft, type LockDraft, lockInput, type LockProblems, lockProblems } from './lock-form.ts'

/** Setting, changing and taking off the app lock. */
export function LockDialogs() {
  const kind = useSurface(state => state.open.kind)
  if (kind === 'app-lock') return <SetLock />
  return kind === 'app-lock-off' ? <TakeOff /> : null
}

function SetLock() {
  const before = useLock(state => dataOf(state.lock))
  const isOn = before?.on === true
  const [draft, setDraft] = useState<LockDraft>(() => firstDraft(before))
  const [shown, setShown] = useState(false)
  const { saving, error, save } = useSaving()
  const problems = lockProblems(draft, isOn)
  const submit = (event: FormEvent) => {
    event.preventDefault()
    setShown(true)
    if (!saving && Object.keys(problems).length === 0) void save(() => setLock(lockInput(draft, isOn)), 'The app lock is set')
  }
  return (
    <Dialog open title={isOn ? 'Change the app lock' : 'Set an app lock'} onClose={hide} size={460}>
      <form className="stack-l" onSubmit={submit} noValidate>
        <Fields draft={draft} isOn={isOn} problems={shown ? problems : {}} onChange={change => setDraft({ ...draft, ...change })} />
        {error ? <ErrorNote error={error} /> : null}
        <div className="dialog-foot">
          <Button onClick={hide}>Cancel</Button>
          <Button type="submit" variant="primary" busy={saving}>
            {saving ? 'Saving' : 'Save'}
          </Button>
        </div>
      </form>
    </Dialog>
  )
}

interface FieldsProps {
  readonly draft: LockDraft
  readonly isOn: boolean
  readonly problems: LockProblems
  readonly onChange: (change: Partial<LockDraft>) => void
}

function Fields({ draft, isOn, problems, onChange }: FieldsProps) {
  const { current, passphrase, again, isIdle, minutes } = draft
  const hint = isOn ? 'Leave empty to keep the one there is.' : 'It cannot be looked up again: keep it where you keep your passwords.'
  const put = (name: keyof LockDraft) => (text: string) => onChange({ [name]: text })
  return (
    <>
      {isOn ? (
        <SecretField id="lock-current" label="Passphrase now" value={current} first problem={problems.current} onChange={put('current')} />
      ) : null}
      <SecretField
        id="lock-new"
        label={isOn ? 'New passphrase' : 'Passphrase'}
        value={passphrase}
        first={!isOn}
        optional={isOn}
        hint={hint}
        problem={problems.passphrase}
        onChange={put('passphrase')}
      />
      <SecretField id="lock-again" label="The same again" value={again} optional={isOn} problem={problems.again} onChange={put('again')} />
      <CheckField
        id="lock-idle"
        label="Lock by itself when nobody touches it"
        checked={isIdle}
        onChange={next => onChange({ isIdle: next })}
      />
      {isIdle ? (
        <TextField id="lock-minutes" label="After minutes" numeric value={minutes} problem={problems.minutes} onChange={put('minutes')} />
      ) : null}
    </>
  )
}

function TakeOff() {
  const [passphrase, setPassphrase] = useState('')
  const { saving, error, save } = useSaving()
  const submit = (event: FormEvent) => {
    event.preventDefault()
    if (!saving && passphrase !== '') void save(() => clearLock(passphrase), 'The app lock is off')
  }
  return (
    <Dialog open title="Take the app lock off?" onClose={hide} size={440}>
      <form className="stack-l" onSubmit={submit}>
        <p className="sub">Anybody at this desk can look again. Nothing else changes.</p>
        <SecretField id="lock-off" label="Passphrase" value={passphrase} first onChange={setPassphrase} />
        {error ? <ErrorNote error={error} /> : null}
        <div className="dialog-foot">
          <Button onClick={hide}>Keep</Button>
          <Button type="submit" variant="danger" busy={saving} disabled={passphrase === ''}>
            Take it off
          </Button>
        </div>
      </form>
    </Dialog>
  )
}

function useSaving() {
  const [saving, setSaving] = useState(false)
  const [error, setError] = useState<ErrorView | null>(null)
  async function save(work: () => Promise<void>, said: string) {
    setSaving(true)
    setError(null)
    try {
      await work()
      hide()
      toast('Nothing else changed.', said)
    } catch (failure) {
      setError(errorViewOf(failure))
      setSaving(false)
    }
  }
  return { saving, error, save }
}
