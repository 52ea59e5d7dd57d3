import { type FormEvent, useState } from 'react'
import type { ErrorView } from '../../../shared/contract/errors.ts'
import { LOCK_MAX_IDLE_MINUTES, LOCK_MIN_LENGTH } from '../../../shared/contract/vault.ts'
import { errorViewOf } from '../../state/failure.ts'
import { clearLock, setLock, useLock } from '../../state/lock.ts'
import { dataOf } from '../../state/remote.ts'
import { hide, useSurface } from '../../state/surface.ts'
import { toast } from '../../state/toast.ts'
import { Button } from '../../ui/Button.tsx'
import { Dialog } from '../../ui/Dialog.tsx'
import { CheckField, SecretField, TextField } from '../../ui/fields.tsx'
import { ErrorNote } from '../../ui/notes.tsx'
import { idleProblem, passphraseProblem } from './passphrase.ts'

/** Setting, changing and taking off the app lock. */
export function LockDialogs() {
  const kind = useSurface(state => state.open.kind)
  if (kind === 'app-lock') return <SetLock />
  return kind === 'app-lock-off' ? <TakeOff /> : null
}

const USUAL_MINUTES = '15'

function SetLock() {
  const before = useLock(state => dataOf(state.lock))
  const isOn = before?.on === true
  const [current, setCurrent] = useState('')
  const [passphrase, setPassphrase] = useState('')
  const [again, setAgain] = useState('')
  const [minutes, setMinutes] = useState(before?.idleMinutes ? String(before.idleMinutes) : USUAL_MINUTES)
  const [idle, setIdle] = useState(!isOn || before.idleMinutes !== null)
  const [shown, setShown] = useState(false)
  const { saving, error, save } = useSaving()
  // A lock that is on keeps its passphrase when no new one is typed.
  const keeps = isOn && passphrase === '' && again === ''
  const problems = {
    current: isOn && current === '' ? 'This is needed.' : undefined,
    passphrase: keeps ? undefined : passphraseProblem(passphrase, LOCK_MIN_LENGTH),
    again: keeps || passphrase === again ? undefined : 'Not the same as above.',
    minutes: idle ? idleProblem(minutes, LOCK_MAX_IDLE_MINUTES) : undefined,
  }
  const submit = (event: FormEvent) => {
    event.preventDefault()
    setShown(true)
    if (saving || Object.values(problems).some(problem => problem !== undefined)) return
    const idleMinutes = idle ? Number(minutes) : null
    const form = keeps ? { passphrase: current, idleMinutes } : { passphrase, idleMinutes, ...(isOn ? { current } : {}) }
    void save(() => setLock(form), 'The app lock is set')
  }
  return (
    <Dialog open title={isOn ? 'Change the app lock' : 'Set an app lock'} onClose={hide} size={460}>
      <form className="stack-l" onSubmit={submit} noValidate>
        {isOn ? (
          <SecretField
            id="lock-current"
            label="Passphrase now"
            value={current}
            first
            problem={shown ? problems.current : undefined}
            onChange={setCurrent}
          />
        ) : null}
        <SecretField
          id="lock-new"
          label={isOn ? 'New passphrase' : 'Passphrase'}
          value={passphrase}
          first={!isOn}
          optional={isOn}
          hint={
            isOn
              ? 'Leave empty to keep the one there is.'
              : `${LOCK_MIN_LENGTH} characters or more. If you forget it, only starting with a new data folder helps.`
          }
          problem={shown ? problems.passphrase : undefined}
          onChange={setPassphrase}
        />
        <SecretField
          id="lock-again"
          label="The same again"
          value={again}
          optional={isOn}
          problem={shown ? problems.again : undefined}
          onChange={setAgain}
        />
        <CheckField id="lock-idle" label="Lock by itself when nobody touches it" checked={idle} onChange={setIdle} />
        {idle ? (
          <TextField
            id="lock-minutes"
            label="After minutes"
            numeric
            value={minutes}
            problem={shown ? problems.minutes : undefined}
            onChange={setMinutes}
          />
        ) : null}
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
