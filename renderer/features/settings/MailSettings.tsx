import { type FormEvent, useEffect, useState } from 'react'
import type { ErrorView } from '../../../shared/contract/errors.ts'
import type { MailSettingsView } from '../../../shared/contract/notices.ts'
import { formatMoment } from '../../lib/format/index.ts'
import { useNow } from '../../state/clock.ts'
import { errorViewOf } from '../../state/failure.ts'
import { refreshMail, saveMail, testMail, useNotices } from '../../state/notices.ts'
import { toast } from '../../state/toast.ts'
import { Button } from '../../ui/Button.tsx'
import { CheckField, SecretField, SelectField, TextField } from '../../ui/fields.tsx'
import { ErrorNote, Skeletons } from '../../ui/notes.tsx'
import { emptyForm, isWritten, type MailDraft, mailInput, mailProblems } from './mail-form.ts'

/** Where notices are mailed, for when nobody looks at the window. */
export function MailSettings() {
  const mail = useNotices(state => state.mail)
  useEffect(() => void refreshMail(), [])
  if (mail.status === 'failed') return <ErrorNote error={mail.error} onRetry={() => void refreshMail()} />
  if (mail.status !== 'ready') return <Skeletons heights={[28, 32, 32]} label="Reading the e-mail settings" />
  return <Form mail={mail.data} />
}

const SECURITY = [
  { value: 'tls', label: 'TLS from the start (465)' },
  { value: 'starttls', label: 'STARTTLS (587)' },
  { value: 'none', label: 'None, this machine only' },
] as const
const LEAST = [
  { value: 'notice', label: 'Everything' },
  { value: 'warning', label: 'Warnings and urgent ones' },
  { value: 'danger', label: 'Urgent ones only' },
] as const

type Doing = 'nothing' | 'saving' | 'testing'

function Form({ mail }: { readonly mail: MailSettingsView }) {
  const [draft, setDraft] = useState<MailDraft>(() => emptyForm(mail))
  const [shown, setShown] = useState(false)
  const [doing, setDoing] = useState<Doing>('nothing')
  const [error, setError] = useState<ErrorView | null>(null)
  const problems = mailProblems(draft)
  const put = (change: Partial<MailDraft>) => setDraft({ ...draft, ...change })
  const wrong = (name: keyof MailDraft) => (shown ? problems[name] : undefined)
  async function run(what: Exclude<Doing, 'nothing'>, work: () => Promise<void>) {
    setDoing(what)
    setError(null)
    try {
      await work()
    } catch (failure) {
      setError(errorViewOf(failure))
    }
    setDoing('nothing')
  }
  const submit = (event: FormEvent) => {
    event.preventDefault()
    setShown(true)
    if (Object.keys(problems).length > 0 || doing !== 'nothing') return
    void run('saving', async () => {
      await saveMail(mailInput(draft))
      setDraft({ ...draft, password: '' })
      toast(draft.enabled ? `Notices go to ${draft.to.trim()}.` : 'Nothing is mailed.', 'E-mail settings saved')
    })
  }
  const test = () => void run('testing', async () => toast(`Look for it at ${await testMail()}.`, 'A test message is sent'))
  return (
    <form className="stack-l" onSubmit={submit} noValidate>
      <CheckField id="mail-on" label="Send notices by e-mail" checked={draft.enabled} onChange={enabled => put({ enabled })} />
      <div className="field-grid">
        <TextField id="mail-host" label="Mail server" value={draft.host} problem={wrong('host')} onChange={host => put({ host })} />
        <TextField id="mail-port" label="Port" numeric value={draft.port} problem={wrong('port')} onChange={port => put({ port })} />
        <SelectField
          id="mail-security"
          label="Security"
          value={draft.security}
          options={SECURITY}
          onChange={value => put({ security: SECURITY.find(one => one.value === value)?.value ?? 'tls' })}
        />
        <SelectField
          id="mail-least"
          label="Which notices"
          value={draft.least}
          options={LEAST}
          onChange={value => put({ least: LEAST.find(one => one.value === value)?.value ?? 'warning' })}
        />
        <TextField id="mail-user" label="User" optional value={draft.user} problem={wrong('user')} onChange={user => put({ user })} />
        <SecretField
          id="mail-password"
          label="Password"
          optional
          value={draft.password}
          hint={
            mail.hasPassword
              ? 'One is sealed in the vault. Leave empty to keep it; another server, port or user needs it again.'
              : 'Sealed in the vault.'
          }
          onChange={password => put({ password })}
        />
        <TextField id="mail-from" label="From" value={draft.from} problem={wrong('from')} onChange={from => put({ from })} />
        <TextField id="mail-to" label="To" value={draft.to} problem={wrong('to')} onChange={to => put({ to })} />
      </div>
      {error ? <ErrorNote error={error} speaker="The mail server" /> : null}
      <LastMail mail={mail} />
      <div className="row wrap">
        <Button type="submit" variant="primary" busy={doing === 'saving'}>
          {doing === 'saving' ? 'Saving' : 'Save'}
        </Button>
        <Button busy={doing === 'testing'} disabled={!isWritten(mail)} onClick={test}>
          {doing === 'testing' ? 'Sending' : 'Send a test message'}
        </Button>
        {isWritten(mail) ? null : <span className="stamp">Save first, then test.</span>}
      </div>
    </form>
  )
}

function LastMail({ mail: { lastSentAt, lastError } }: { readonly mail: MailSettingsView }) {
  const now = useNow(30)
  if (lastError)
    return (
      <p className="bad">
        The last message could not be sent. {lastError.message} {lastError.action}
      </p>
    )
  return lastSentAt ? <p className="stamp">{`Last sent ${formatMoment(lastSentAt, now)}.`}</p> : null
}
