import { useState } from 'react'
import { chosenScopes } from '../../lib/scopes.ts'
import { startSignIn } from '../../state/connect.ts'
import { openForm } from '../../state/connect-form.ts'
import { methodInfo } from '../../state/connect-steps.ts'
import { useConnections } from '../../state/connections.ts'
import { dataOf } from '../../state/remote.ts'
import { Button } from '../../ui/Button.tsx'
import { Icon } from '../../ui/icons.tsx'
import { ErrorNote } from '../../ui/notes.tsx'
import { Back, Who } from './Choices.tsx'
import type { StepProps } from './step.ts'

/** What the sign-in allows, in plain words, before anything opens. */
export function ConsentStep({ step, broker }: StepProps<'consent'>) {
  const { choice, starting, error } = step
  const info = methodInfo(broker, choice.method)
  const fields = info?.fields ?? []
  const scopes = info?.scopes ?? broker.scopes
  const before = useConnections(state => dataOf(state.list)?.find(({ id }) => id === choice.reconnect)?.scopes)
  const [optional, setOptional] = useState(() => chosenScopes(scopes, before ?? [], choice.trading ?? false))
  const agree = () => {
    if (choice.method !== 'oauth') return openForm(choice, fields)
    const ids = broker.scopes.filter(scope => scope.required || optional.includes(scope.label)).map(({ id }) => id)
    void startSignIn(choice, [...new Set(ids.filter(id => id !== ''))])
  }
  const toggle = (label: string, on: boolean) => setOptional(on ? [...optional, label] : optional.filter(other => other !== label))
  return (
    <div className="stack-l">
      <Who broker={broker} environment={choice.environment} />
      {choice.reconnect ? <p className="sub">The connection is renewed in place: its accounts and history stay as they are.</p> : null}
      {choice.trading ? (
        <p className="sub">{`To trade, ${broker.name} has to allow orders with this sign-in. Then switch trading on in Orders.`}</p>
      ) : null}
      <ul className="scopes">
        {scopes.map(({ id, label, detail, required }) => (
          <li key={`${id} ${label}`}>
            {required ? (
              <span className="good">
                <Icon name="check" />
              </span>
            ) : (
              <input
                type="checkbox"
                id={`scope-${label}`}
                checked={optional.includes(label)}
                onChange={event => toggle(label, event.currentTarget.checked)}
              />
            )}
            <div>
              {required ? (
                <span className="strong">{label}</span>
              ) : (
                <label className="strong" htmlFor={`scope-${label}`}>
                  {label} <span className="tag">optional</span>
                </label>
              )}
              <p className="sub">{detail}</p>
            </div>
          </li>
        ))}
      </ul>
      {info?.note ? <p className="sub">{info.note}</p> : null}
      <div className="note info">
        <Icon name="lock" />
        <p className="sub">
          {choice.method === 'oauth' ? 'Tokens are' : 'What you enter is'} sealed on this machine and{' '}
          {choice.method === 'oauth' ? 'go' : 'goes'} nowhere but to {broker.name}. Keelson notes the time of your consent. You can
          disconnect at any time; your history stays.
        </p>
      </div>
      {error ? <ErrorNote error={error} speaker={broker.name} /> : null}
      <div className="dialog-foot">
        <Back step={step} broker={broker} />
        <Button variant="primary" large busy={starting} data-autofocus onClick={agree}>
          {starting ? 'Opening the browser' : choice.method === 'oauth' ? 'Agree and open the browser' : 'Agree and go on'}
        </Button>
      </div>
    </div>
  )
}
