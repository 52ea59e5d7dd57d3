import { type FormEvent, useState } from 'react'
import { formatCountdown } from '../../lib/format/index.ts'
import { pasteAnswer } from '../../state/connect.ts'
import { lifeSentence } from '../../../shared/domain/method-words.ts'
import { methodInfo } from '../../state/connect-steps.ts'
import { Button } from '../../ui/Button.tsx'
import { TextField } from '../../ui/fields.tsx'
import { Icon } from '../../ui/icons.tsx'
import { ErrorNote } from '../../ui/notes.tsx'
import type { StepProps } from './step.ts'
import { useTimeLeft } from './time-left.ts'

/** A broker that shows a code instead of coming back: where it is typed in, and how long the sign-in will last. */
export function CodeEntry({ step, broker }: StepProps<'waiting'>) {
  const { flow, pasteError } = step
  const [text, setText] = useState('')
  const left = useTimeLeft(flow)
  const finishing = flow.state.kind === 'finishing'
  const submit = (event: FormEvent) => {
    event.preventDefault()
    if (text.trim() !== '' && !finishing) void pasteAnswer(text.trim())
  }
  return (
    <form className="stack-l" onSubmit={submit}>
      <p className="sub">
        {`A page of ${broker.name} opens in your browser. Sign in there and accept; then it shows a code. Type that code here.`}
      </p>
      <div className="code-entry">
        <TextField id="sign-in-code" label={`Code from ${broker.name}`} value={text} onChange={setText} first readOnly={finishing} />
        <Button type="submit" variant="primary" busy={finishing} disabled={text.trim() === ''}>
          {finishing ? 'Finishing' : 'Finish'}
        </Button>
      </div>
      <p className="row between stamp">
        <span>The code works once.</span>
        <span className="num nowrap">
          {formatCountdown(left)} <span className="hidden-text">left</span>
        </span>
      </p>
      {pasteError ? <ErrorNote error={pasteError} speaker={broker.name} /> : null}
      <LifeNote broker={broker} />
    </form>
  )
}

function LifeNote({ broker }: Pick<StepProps<'waiting'>, 'broker'>) {
  const info = methodInfo(broker, 'oauth')
  if (!info) return null
  return (
    <div className="note info">
      <Icon name="calendar" />
      <p className="grow">
        <span className="strong">{lifeSentence(info)}</span> When it ends, your history stays and syncing stops until you sign in again; the
        card counts the time down, and a notice says so before.
      </p>
    </div>
  )
}
