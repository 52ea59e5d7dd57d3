import { useState } from 'react'
import type { FindingView } from '../../../shared/contract/health.ts'
import type { Severity } from '../../../shared/domain/connection-health.ts'
import type { ErrorView } from '../../../shared/contract/errors.ts'
import { severityTone } from '../../lib/format/index.ts'
import { errorViewOf } from '../../state/failure.ts'
import { Button } from '../../ui/Button.tsx'
import { Icon, type IconName } from '../../ui/icons.tsx'
import { ErrorNote } from '../../ui/notes.tsx'
import { runFix } from './fixes.ts'

const ICONS: Readonly<Record<Severity, IconName>> = { good: 'check', notice: 'info', warning: 'warn', danger: 'warn' }
const WORDS: Readonly<Record<Severity, string>> = { good: 'Fine', notice: 'Notice', warning: 'Warning', danger: 'Urgent' }

/** What could be better, worst first, each with the button that helps. */
export function Findings({ findings }: { readonly findings: readonly FindingView[] }) {
  if (findings.length === 0) {
    return (
      <section className="panel panel-pad row" aria-label="Findings">
        <span className="good">
          <Icon name="check" />
        </span>
        <p>
          <span className="strong">Nothing needs you.</span>{' '}
          <span className="sub">Sign-ins, syncs, the vault and this machine are fine.</span>
        </p>
      </section>
    )
  }
  return (
    <section className="panel" aria-label="Findings">
      <ul className="findings">
        {findings.map(finding => (
          <Finding key={finding.id} finding={finding} />
        ))}
      </ul>
    </section>
  )
}

function Finding({ finding }: { readonly finding: FindingView }) {
  const { severity, title, sentence, fix } = finding
  const [busy, setBusy] = useState(false)
  const [error, setError] = useState<ErrorView | null>(null)
  async function run() {
    if (!fix) return
    setBusy(true)
    setError(null)
    try {
      await runFix(fix)
    } catch (failure) {
      setError(errorViewOf(failure))
    }
    setBusy(false)
  }
  return (
    <li>
      <div className="finding">
        <span className={`lead ${severityTone(severity)}`}>
          <Icon name={ICONS[severity]} />
          <span className="severity">{WORDS[severity]}</span>
        </span>
        <div className="grow">
          <h2>{title}</h2>
          <p className="sub">{sentence}</p>
        </div>
        {fix ? (
          <Button
            variant={severity === 'danger' ? 'primary' : 'default'}
            busy={busy}
            onClick={() => void run()}
            aria-label={`${fix.label}: ${title}`}
          >
            {fix.label}
          </Button>
        ) : null}
      </div>
      {error ? <ErrorNote error={error} /> : null}
    </li>
  )
}
