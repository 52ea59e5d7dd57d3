import { useState } from 'react'
import type { ErrorView } from '../../../shared/contract/errors.ts'
import { plural } from '../../lib/format/index.ts'
import { errorViewOf } from '../../state/failure.ts'
import { type ImportLine, undoImport } from '../../state/imports.ts'
import { toast } from '../../state/toast.ts'
import { Confirm } from '../../ui/Confirm.tsx'
import { ErrorNote } from '../../ui/notes.tsx'

/** Asks before a whole import is taken back. */
export function UndoDialog({ line, onClose }: { readonly line: ImportLine; readonly onClose: () => void }) {
  const [busy, setBusy] = useState(false)
  const [error, setError] = useState<ErrorView | null>(null)
  async function undo() {
    setBusy(true)
    setError(null)
    try {
      const { removed } = await undoImport(line.id)
      toast(`${plural(removed, 'row')} of ${line.fileName} left the history.`, 'The import was undone')
      onClose()
    } catch (failure) {
      setError(errorViewOf(failure))
      setBusy(false)
    }
  }
  return (
    <Confirm
      open
      title="Undo this import?"
      word={busy ? 'Undoing' : 'Undo the import'}
      busy={busy}
      onConfirm={() => void undo()}
      onClose={onClose}
    >
      <p className="break">{`The rows that only ${line.fileName} tells leave the history. Rows your broker sent, and rows another import tells as well, stay.`}</p>
      <p className="sub">The file can be imported again at any time.</p>
      {error ? <ErrorNote error={error} /> : null}
    </Confirm>
  )
}
