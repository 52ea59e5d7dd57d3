import { useEffect, useState } from 'react'
import type { ErrorView } from '../../../shared/contract/errors.ts'
import type { VaultStatusView } from '../../../shared/contract/vault.ts'
import { dayOf, formatCount, formatDate, plural } from '../../lib/format/index.ts'
import { errorViewOf } from '../../state/failure.ts'
import { show } from '../../state/surface.ts'
import { toast } from '../../state/toast.ts'
import { refreshVault, rotateKey, useVault } from '../../state/vault.ts'
import { Button } from '../../ui/Button.tsx'
import { ErrorNote, Skeletons } from '../../ui/notes.tsx'

const GUARDS: Readonly<Record<VaultStatusView['protection'], string>> = {
  keyring: 'The system keyring',
  passphrase: 'Your passphrase',
  os: 'The operating system',
  memory: 'Memory only; sign-ins end when Keelson closes',
}

/** How the vault's key is kept, how old it is, and a new one on demand. */
export function VaultCare() {
  const status = useVault(state => state.status)
  useEffect(() => void refreshVault(), [])
  if (status.status === 'failed') return <ErrorNote error={status.error} onRetry={() => void refreshVault()} />
  if (status.status !== 'ready') return <Skeletons heights={[18, 18, 28]} label="Looking at the vault" />
  const { state, protection, key, trouble } = status.data
  return (
    <div className="stack">
      <dl className="facts left-facts">
        <dt>State</dt>
        <dd>{state === 'open' ? 'Open' : 'Locked; history stays readable'}</dd>
        <dt>Key guarded by</dt>
        <dd>{GUARDS[protection]}</dd>
        {key ? (
          <>
            <dt>Key made</dt>
            <dd>{`${formatDate(dayOf(key.createdAt))}, ${key.ageDays === 0 ? 'today' : `${plural(key.ageDays, 'day')} ago`}`}</dd>
            <dt>Renewed by itself</dt>
            <dd>{key.rotateAt ? formatDate(dayOf(key.rotateAt)) : 'No; a key in memory ends with Keelson'}</dd>
          </>
        ) : null}
      </dl>
      {trouble ? (
        <p className="sub">
          {trouble.message} {trouble.action}
        </p>
      ) : null}
      {state === 'open' ? <Rotation protection={protection} /> : null}
    </div>
  )
}

function Rotation({ protection }: Pick<VaultStatusView, 'protection'>) {
  const progress = useVault(state => state.progress)
  const [error, setError] = useState<ErrorView | null>(null)
  async function rotate() {
    setError(null)
    try {
      await rotateKey()
      toast('Every token, key and password is sealed anew. Nothing else changed.', 'The vault has a new key')
    } catch (failure) {
      setError(errorViewOf(failure))
    }
  }
  return (
    <>
      {error ? <ErrorNote error={error} onRetry={() => void rotate()} /> : null}
      {progress ? (
        <div className="stack" aria-live="polite">
          <progress className="progress" aria-label="Sealing anew" value={progress.done} max={Math.max(1, progress.total)} />
          <span className="stamp">
            {progress.total === 0 ? 'Making a new key' : `${formatCount(progress.done)} of ${formatCount(progress.total)} sealed anew`}
          </span>
        </div>
      ) : null}
      <div className="row wrap">
        <Button busy={progress !== null} onClick={() => void rotate()}>
          {progress ? 'Making a new key' : 'New key now'}
        </Button>
        {protection === 'passphrase' ? <Button onClick={() => show({ kind: 'passphrase' })}>Change passphrase</Button> : null}
      </div>
    </>
  )
}
