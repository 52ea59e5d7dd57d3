import { useBrokerName } from '../../state/app.ts'
import { connectionTitle, useConnections } from '../../state/connections.ts'
import type { ConnectionView } from '../../../shared/contract/schemas.ts'
import { dataOf } from '../../state/remote.ts'
import { hide, useSurface } from '../../state/surface.ts'
import { Button } from '../../ui/Button.tsx'
import { Dialog } from '../../ui/Dialog.tsx'
import { ScheduleForm } from './ScheduleForm.tsx'

/** When one connection syncs by itself. */
export function ScheduleDialog() {
  const surface = useSurface(state => state.open)
  const connections = useConnections(state => dataOf(state.list))
  const id = surface.kind === 'schedule' ? surface.connectionId : undefined
  const connection = connections?.find(candidate => candidate.id === id)
  return connection ? <Shown connection={connection} /> : null
}

function Shown({ connection }: { readonly connection: ConnectionView }) {
  const name = useBrokerName(connection.broker)
  return (
    <Dialog open title={`When ${connectionTitle(connection, name)} syncs`} onClose={hide} size={480}>
      <ScheduleForm connection={connection} />
      <div className="dialog-foot">
        <Button onClick={hide}>Done</Button>
      </div>
    </Dialog>
  )
}
