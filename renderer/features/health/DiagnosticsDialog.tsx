import { useEffect, useState } from 'react'
import type { ErrorView } from '../../../shared/contract/errors.ts'
import { formatBytes } from '../../lib/format/index.ts'
import { errorViewOf } from '../../state/failure.ts'
import { saveText } from '../../state/files.ts'
import { type Diagnostics, readDiagnostics, useHealth } from '../../state/health.ts'
import { hide, useSurface } from '../../state/surface.ts'
import { toast } from '../../state/toast.ts'
import { Button } from '../../ui/Button.tsx'
import { CopyButton } from '../../ui/copy.tsx'
import { Dialog } from '../../ui/Dialog.tsx'
import { ErrorNote, Skeletons } from '../../ui/notes.tsx'

/** What would be handed on when asking for help: shown in full, then saved exactly so. */
export function DiagnosticsDialog() {
  const open = useSurface(state => state.open.kind === 'diagnostics')
  return open ? <Preview /> : null
}

function Preview() {
  const diagnostics = useHealth(state => state.diagnostics)
  useEffect(() => void readDiagnostics(), [])
  return (
    <Dialog open title="Diagnostics" onClose={hide} size={760}>
      <div className="stack-l">
        <p className="sub">
          Versions, settings, figures and recent errors, for whoever helps you. No secret, account number, name, balance or trade of yours
          is in it. Nothing is sent: read it, save it, and hand it on yourself.
        </p>
        {diagnostics.status === 'failed' ? <ErrorNote error={diagnostics.error} onRetry={() => void readDiagnostics()} /> : null}
        {diagnostics.status === 'idle' || diagnostics.status === 'loading' ? <Skeletons heights={[300]} label="Gathering" /> : null}
        {diagnostics.status === 'ready' ? <Shown file={diagnostics.data} /> : null}
      </div>
    </Dialog>
  )
}

function Shown({ file }: { readonly file: Diagnostics }) {
  const [error, setError] = useState<ErrorView | null>(null)
  const save = async () => {
    setError(null)
    try {
      const saved = await saveText({ name: file.name, parts: [file.text], type: 'application/json' })
      if (saved !== null) toast(`Exactly what was shown, ${formatBytes(file.bytes)}.`, `${saved} is saved`)
    } catch (failure) {
      setError(errorViewOf(failure))
    }
  }
  return (
    <>
      {/* oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- the text scrolls, and the keyboard must reach it */}
      <pre className="raw" tabIndex={0} aria-label={`Contents of ${file.name}`}>
        {file.text}
      </pre>
      {error ? <ErrorNote error={error} /> : null}
      <div className="dialog-foot">
        <span className="left stamp">{`${file.name}, ${formatBytes(file.bytes)}`}</span>
        <CopyButton text={file.text}>Copy</CopyButton>
        <Button variant="primary" icon="download" onClick={() => void save()} data-autofocus>
          Save this file
        </Button>
      </div>
    </>
  )
}
