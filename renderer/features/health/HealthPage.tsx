import { type ReactNode, useEffect } from 'react'
import type { HealthSummary } from '../../../shared/contract/health.ts'
import { assertNever } from '../../lib/assert-never.ts'
import { formatTime } from '../../lib/format/index.ts'
import { useNow } from '../../state/clock.ts'
import { PERIODS, refreshHealth, refreshHealthPage, setPeriod, useHealth } from '../../state/health.ts'
import { dataOf } from '../../state/remote.ts'
import { show } from '../../state/surface.ts'
import { refreshVault } from '../../state/vault.ts'
import { Button } from '../../ui/Button.tsx'
import { ErrorNote, Skeletons, StaleNote } from '../../ui/notes.tsx'
import { Segments } from '../../ui/Segments.tsx'
import { BrokerRuns } from './BrokerRuns.tsx'
import { Calls } from './Calls.tsx'
import { Findings } from './Findings.tsx'
import { Limits } from './Limits.tsx'
import { Machine } from './Machine.tsx'
import { Rates } from './Rates.tsx'
import { SignIns } from './SignIns.tsx'
import { Volume } from './Volume.tsx'

const READ_AGAIN_MS = 30_000

interface PageProps {
  /** The care of the vault. */
  readonly vault: ReactNode
}

/** How Keelson is doing, and a button for each thing that could be better. */
export function HealthPage({ vault }: PageProps) {
  const summary = useHealth(state => state.summary)
  useEffect(() => {
    const read = () => void (document.hidden ? undefined : Promise.all([refreshHealthPage(), refreshVault()]))
    read()
    const timer = setInterval(read, READ_AGAIN_MS)
    return () => clearInterval(timer)
  }, [])
  return (
    <div className="page">
      <Head />
      {(() => {
        switch (summary.status) {
          case 'idle':
          case 'loading':
            return <Skeletons heights={[120, 98, 220]} label="Looking at everything" />
          case 'failed':
            return <ErrorNote error={summary.error} onRetry={() => void refreshHealthPage()} />
          case 'ready':
            return <Ready summary={summary.data} vault={vault} />
          default:
            return assertNever(summary)
        }
      })()}
    </div>
  )
}

const PERIOD_OPTIONS = PERIODS.map(({ hours, label }) => ({ value: String(hours), label }))

function Head() {
  const hours = useHealth(state => state.hours)
  const at = useHealth(state => dataOf(state.summary)?.at)
  const pick = (value: string) => {
    const period = PERIODS.find(candidate => String(candidate.hours) === value)
    if (period) void setPeriod(period.hours)
  }
  return (
    <div className="page-head">
      <div>
        <h1>Health</h1>
        <p className="sub">{at ? `As of ${formatTime(at)}. Read again every 30 seconds.` : 'Sign-ins, syncs, brokers and this machine.'}</p>
      </div>
      <div className="row wrap">
        <Segments label="Figures of the last" value={String(hours)} options={PERIOD_OPTIONS} onChange={pick} />
        <Button icon="file" onClick={() => show({ kind: 'diagnostics' })}>
          Diagnostics
        </Button>
      </div>
    </div>
  )
}

function Ready({ summary, vault }: PageProps & { readonly summary: HealthSummary }) {
  const remote = useHealth(state => state.summary)
  const now = useNow(30)
  const problem = remote.status === 'ready' ? remote.problem : null
  return (
    <>
      {problem && remote.status === 'ready' ? (
        <StaleNote error={problem} readAt={remote.readAt} now={now} onRetry={() => void refreshHealth()} />
      ) : null}
      <div className={problem ? 'health stale' : 'health'}>
        <Findings findings={summary.findings} />
        <Rates summary={summary} />
        <SignIns tokens={summary.tokens} />
        <BrokerRuns summary={summary} />
        <Calls summary={summary} />
        <div className="health-pair">
          <Limits limits={summary.limits} />
          <Volume volume={summary.volume} />
        </div>
        <Machine summary={summary} vault={vault} />
      </div>
    </>
  )
}
