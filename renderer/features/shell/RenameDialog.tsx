import { type FormEvent, useState } from 'react'
import { LONGEST_LABEL } from '../../../shared/contract/connections.ts'
import type { ErrorView } from '../../../shared/contract/errors.ts'
import type { ConnectionView } from '../../../shared/contract/schemas.ts'
import { useBrokerName } from '../../state/app.ts'
import { renameConnection, useConnections } from '../../state/connections.ts'
import { errorViewOf } from '../../state/failure.ts'
import { dataOf } from '../../state/remote.ts'
import { hide, useSurface } from '../../state/surface.ts'
import { Button } from '../../ui/Button.tsx'
import { Dialog } from '../../ui/Dialog.tsx'
import { TextField } from '../../ui/fields.tsx'
import { ErrorNote } from '../../ui/notes.tsx'

/** Gives a connection a name of the user's own. */
export function RenameDialog() {
  const surface = useSurface(state => state.open)
  const connections = useConnections(state => dataOf(state.list))
  const id = surface.kind === 'rename' ? surface.connectionId : undefined
  const connection = connections?.find(candidate => candidate.id === id)
  return connection ? <Ask key={connection.id} connection={connection} /> : null
}

function Ask({ connection }: { readonly connection: ConnectionView }) {
  const name = useBrokerName(connection.broker)
  const [label, setLabel] = useState(connection.label)
  const [saving, setSaving] = useState(false)
  const [error, setError] = useState<ErrorView | null>(null)
  const tooLong = label.trim().length > LONGEST_LABEL
  async function save() {
    setSaving(true)
    setError(null)
    try {
      await renameConnection(connection.id, label.trim())
      hide()
    } catch (failure) {
      setError(errorViewOf(failure))
      setSaving(false)
    }
  }
  const submit = (event: FormEvent) => {
    event.preventDefault()
    if (!tooLong && !saving) void save()
  }
  return (
    <Dialog open title={`Rename ${name}, ${connection.environment}`} onClose={hide} size={440}>
      <form className="stack" onSubmit={submit}>
        <TextField
          id="connection-label"
          label="Your name for it"
          value={label}
          first
          optional
          onChange={setLabel}
          hint={`Empty shows the broker's name again. ${LONGEST_LABEL} characters at most.`}
          problem={tooLong ? `${label.trim().length - LONGEST_LABEL} characters too many.` : undefined}
        />
        {error ? <ErrorNote error={error} /> : null}
        <div className="dialog-foot">
          <Button onClick={hide}>Cancel</Button>
          <Button type="submit" variant="primary" busy={saving} disabled={tooLong}>
            {saving ? 'Saving' : 'Save'}
          </Button>
        </div>
      </form>
    </Dialog>
  )
}
