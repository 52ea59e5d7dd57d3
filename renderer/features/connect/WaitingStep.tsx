import { type FormEvent, useState } from 'react'
import { formatCountdown } from '../../lib/format/index.ts'
import { CodeEntry } from './CodeEntry.tsx'
import { closeConnect, pasteAnswer, toStep } from '../../state/connect.ts'
import { consent } from '../../state/connect-steps.ts'
import { Button } from '../../ui/Button.tsx'
import { CopyLine } from '../../ui/copy.tsx'
import { Icon } from '../../ui/icons.tsx'
import { ErrorNote } from '../../ui/notes.tsx'
import { Who } from './Choices.tsx'
import type { StepProps } from './step.ts'
import { useTimeLeft } from './time-left.ts'

/** The user is in the browser: how it stands, what the browser may say, and the way round when it cannot come back. */
export function WaitingStep({ step, broker }: StepProps<'waiting'>) {
  const { flow, choice } = step
  if (flow.state.kind === 'failed') {
    return (
      <div className="stack-l">
        <Who broker={broker} environment={choice.environment} />
        <ErrorNote error={flow.state.error} speaker={broker.name} onRetry={() => toStep(consent(choice))} retryWord="Start again" />
        <div className="dialog-foot">
          <Button onClick={closeConnect}>Close</Button>
        </div>
      </div>
    )
  }
  return (
    <div className="stack-l">
      <Who broker={broker} environment={choice.environment} />
      {flow.paste === 'code' ? <CodeEntry step={step} broker={broker} /> : <Progress step={step} broker={broker} />}
      {flow.certificateWarning && flow.listening ? <CertificateNote redirectUri={flow.redirectUri} name={broker.name} /> : null}
      {flow.paste === 'code' ? null : <Paste step={step} broker={broker} />}
      <div className="dialog-foot">
        <Button className="left" onClick={closeConnect}>
          Cancel
        </Button>
        <a className="btn" href={flow.authorizeUrl} target="_blank" rel="noreferrer noopener">
          <Icon name="external" />
          Open the page again
        </a>
      </div>
    </div>
  )
}

function Progress({ step, broker }: StepProps<'waiting'>) {
  const { flow } = step
  const left = useTimeLeft(flow)
  const finishing = flow.state.kind === 'finishing'
  return (
    <div className="stack">
      <output className="row between">
        <span className="badge neutral">
          <span className="dot pulse" aria-hidden="true" />
          {finishing ? `Signed in. Finishing with ${broker.name}` : `Waiting for you at ${broker.name} in the browser`}
        </span>
      </output>
      <div className="row between stamp">
        <span>A page opens in your browser. If it does not, use this address.</span>
        <span className="num nowrap" aria-label={`${formatCountdown(left)} left`}>
          {formatCountdown(left)}
        </span>
      </div>
      <CopyLine text={flow.authorizeUrl} label="the sign-in address" cut />
    </div>
  )
}

function CertificateNote({ redirectUri, name }: { readonly redirectUri: string; readonly name: string }) {
  return (
    <div className="note warn">
      <Icon name="lock" />
      <div className="grow stack">
        <p>
          <span className="lead">Your browser will warn you once. </span>
          {`${name} returns to an address on this machine, with a certificate Keelson made a moment ago and forgets when this sign-in ends. Go on only when the address bar begins with exactly this:`}
        </p>
        <CopyLine text={redirectUri} label="the return address" />
      </div>
    </div>
  )
}

function Paste({ step, broker }: StepProps<'waiting'>) {
  const { flow, pasteError } = step
  const [text, setText] = useState('')
  const submit = (event: FormEvent) => {
    event.preventDefault()
    if (text.trim() !== '') void pasteAnswer(text.trim())
  }
  return (
    <details className="paste" open={!flow.listening || pasteError !== null || undefined}>
      <summary>{flow.listening ? 'The browser cannot come back here?' : 'Finish by pasting the address'}</summary>
      <form className="stack" onSubmit={submit}>
        <p className="sub">{`After you agree at ${broker.name}, copy the whole address the browser ends on, even if that page does not load, and paste it here.`}</p>
        <textarea
          className="input mono"
          rows={3}
          aria-label="The address the browser ended on"
          placeholder={`${flow.redirectUri}?code=…`}
          maxLength={8192}
          value={text}
          spellCheck={false}
          onChange={event => setText(event.currentTarget.value)}
        />
        {pasteError ? <ErrorNote error={pasteError} speaker={broker.name} /> : null}
        <Button type="submit" disabled={text.trim() === ''}>
          Finish the sign-in
        </Button>
      </form>
    </details>
  )
}
