import { type ReactNode, useState } from 'react'
import type { HealthSummary } from '../../../shared/contract/health.ts'
import type { ErrorView } from '../../../shared/contract/errors.ts'
import { formatBytes, formatDate, dayOf, formatExact, formatMoment, formatMs, plural } from '../../lib/format/index.ts'
import { useNow } from '../../state/clock.ts'
import { errorViewOf } from '../../state/failure.ts'
import { backUpNow } from '../../state/health.ts'
import { toast } from '../../state/toast.ts'
import { Button } from '../../ui/Button.tsx'
import { ErrorNote } from '../../ui/notes.tsx'
import { Part } from './Part.tsx'

const NEGLIGIBLE_MS = 1000

/** The clock, the vault, and where the data lies. */
export function Machine({ summary, vault }: { readonly summary: HealthSummary; readonly vault: ReactNode }) {
  return (
    <div className="health-three">
      <ClockPart clock={summary.clock} />
      <Part title="Vault" hint="Seals the tokens, keys and passwords.">
        <div className="panel-pad">{vault}</div>
      </Part>
      <StoragePart storage={summary.storage} />
    </div>
  )
}

function ClockPart({ clock: { driftMs, asOf } }: { readonly clock: HealthSummary['clock'] }) {
  const now = useNow(30)
  const words =
    driftMs === null
      ? 'Not known yet'
      : Math.abs(driftMs) < NEGLIGIBLE_MS
        ? 'Right to a second'
        : `${formatMs(Math.abs(driftMs))} ${driftMs > 0 ? 'ahead' : 'behind'}`
  return (
    <Part title="Clock" hint="This computer’s against the brokers’.">
      <div className="panel-pad stack">
        <p className="figure-s">{words}</p>
        <p className="stamp">
          {asOf ? `Compared ${formatMoment(asOf, now)}. Signatures and deadlines depend on it.` : 'Compared whenever a broker answers.'}
        </p>
      </div>
    </Part>
  )
}

function StoragePart({ storage }: { readonly storage: HealthSummary['storage'] }) {
  const now = useNow(30)
  const { bytes, freeBytes, backups, lastBackupAt, lastCheckAt } = storage
  const [busy, setBusy] = useState(false)
  const [error, setError] = useState<ErrorView | null>(null)
  async function backUp() {
    setBusy(true)
    setError(null)
    try {
      toast((await backUpNow()) ? 'The copy is in the backups folder.' : 'Today\u2019s copy was there already.', 'Backed up')
    } catch (failure) {
      setError(errorViewOf(failure))
    }
    setBusy(false)
  }
  return (
    <Part title="Data on this machine" hint="The history and everything else, in one file.">
      <div className="panel-pad stack">
        <dl className="facts left-facts">
          <dt>Size</dt>
          <dd>{`${formatBytes(bytes)}${freeBytes === null ? '' : `, ${formatBytes(freeBytes)} free`}`}</dd>
          <dt>Last backup</dt>
          <dd title={lastBackupAt ? formatExact(lastBackupAt) : undefined}>
            {lastBackupAt ? `${formatMoment(lastBackupAt, now)}, ${plural(backups, 'copy', 'copies')} kept` : 'None yet'}
          </dd>
          <dt>Found sound</dt>
          <dd>{lastCheckAt ? formatDate(dayOf(lastCheckAt)) : 'Not looked at yet'}</dd>
        </dl>
        {error ? <ErrorNote error={error} /> : null}
        <div>
          <Button busy={busy} onClick={() => void backUp()}>
            {busy ? 'Backing up' : 'Back up now'}
          </Button>
        </div>
      </div>
    </Part>
  )
}
