import { useEffect, useRef, useState } from 'react'
import type { BrokerView } from '../../../shared/contract/app.ts'
import type { Method } from '../../../shared/domain/broker.ts'
import { waitingWords } from '../../../shared/domain/method-words.ts'
import { Instant } from '../../../shared/domain/time.ts'
import { formatCount, formatMoney, plural } from '../../lib/format/index.ts'
import { now, useNow } from '../../state/clock.ts'
import type { FormStep, Trial } from '../../state/connect.ts'
import { Button } from '../../ui/Button.tsx'
import { Icon } from '../../ui/icons.tsx'
import { ErrorNote } from '../../ui/notes.tsx'

interface ResultProps {
  readonly step: FormStep
  readonly broker: BrokerView
  /** What stands in the form is what passed. */
  readonly proven: boolean
  readonly onStop: () => void
}

/** How the test of a form went: under way, the accounts it shows, or what the broker said. */
export function TrialResult({ step, broker, proven, onStop }: ResultProps) {
  const place = useRef<HTMLDivElement>(null)
  const { kind } = step.trial
  useEffect(() => {
    // In a low window the answer would come below what is in view.
    if (kind !== 'none') place.current?.scrollIntoView({ block: 'nearest' })
  }, [kind])
  return (
    <div className="trial" aria-live="polite" ref={place}>
      {step.trial.kind === 'testing' ? <Testing name={broker.name} method={step.choice.method} onStop={onStop} /> : null}
      {step.trial.kind === 'failed' ? <ErrorNote error={step.trial.error} speaker={broker.name} /> : null}
      {step.trial.kind === 'passed' && proven ? <Passed trial={step.trial} name={broker.name} /> : null}
      {step.trial.kind === 'passed' && !proven ? <p className="stamp">The form changed since the test. Test it again to save it.</p> : null}
    </div>
  )
}

/** Shorter than this, how long it took so far is nobody's question. */
const SILENT_S = 3

function Testing({ name, method, onStop }: { readonly name: string; readonly method: Method; readonly onStop: () => void }) {
  const [began] = useState(now)
  const seconds = Math.round((Instant.toEpochMs(useNow()) - Instant.toEpochMs(began)) / 1000)
  return (
    <div className="note info">
      <span className="spinner" aria-hidden="true" />
      <div className="grow">
        <p className="strong">
          Asking {name}
          {seconds < SILENT_S ? null : (
            <span className="stamp" aria-live="off">
              {` ${seconds} s so far`}
            </span>
          )}
        </p>
        <p className="sub">{waitingWords(method) ?? 'Nothing is saved before it has answered.'}</p>
      </div>
      <Button onClick={onStop}>Stop</Button>
    </div>
  )
}

function Passed({ trial, name }: { readonly trial: Extract<Trial, { kind: 'passed' }>; readonly name: string }) {
  const { ms, accounts } = trial.answer
  return (
    <section className="note passed" aria-label="The test passed">
      <span className="good">
        <Icon name="check" />
      </span>
      <div className="grow">
        <p>
          <span className="strong">{`${name} answered in ${formatCount(Math.round(ms))} ms and shows ${plural(accounts.length, 'account')}.`}</span>{' '}
          Nothing is saved yet.
        </p>
        <ul className="accs">
          {accounts.map(account => (
            <li key={`${account.maskedNumber} ${account.name}`}>
              <span className="who clip">
                <span>{account.maskedNumber}</span>
                {account.name}
              </span>
              {account.netLiquidation === null ? (
                <span className="none">value after the first sync</span>
              ) : (
                <b>{formatMoney(account.netLiquidation, account.currency)}</b>
              )}
            </li>
          ))}
        </ul>
      </div>
    </section>
  )
}
