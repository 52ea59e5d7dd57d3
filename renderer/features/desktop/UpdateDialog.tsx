import type { UpdateView } from '../../../shared/contract/desktop.ts'
import { noteLines } from '../../lib/format/index.ts'
import { checkForUpdates, installUpdate, refreshDesktop, useDesktop, useDesktopHere } from '../../state/desktop.ts'
import { errorViewOf } from '../../state/failure.ts'
import { hide, useSurface } from '../../state/surface.ts'
import { toastError } from '../../state/toast.ts'
import { Button } from '../../ui/Button.tsx'
import { Dialog } from '../../ui/Dialog.tsx'
import { ErrorNote, Skeletons } from '../../ui/notes.tsx'
import { useEnding } from './restart.ts'
import { UpdateState } from './UpdateState.tsx'

/** What is new in the version that was found, or how the search for one stands. */
export function UpdateDialog() {
  const open = useSurface(state => state.open.kind === 'update')
  return open ? <Shown /> : null
}

function Shown() {
  const here = useDesktopHere()
  const status = useDesktop(state => state.status)
  if (here) return <Known update={here.update} />
  return (
    <Dialog open title="Updates" onClose={hide}>
      {status.status === 'failed' ? <ErrorNote error={status.error} onRetry={() => void refreshDesktop()} /> : null}
      {status.status === 'ready' ? (
        <p>This window is shown by a browser. Keelson is updated in the way it was installed on the computer it runs on.</p>
      ) : null}
      {status.status === 'idle' || status.status === 'loading' ? (
        <Skeletons heights={[20, 120]} label="Reading how the update stands" />
      ) : null}
    </Dialog>
  )
}

const TELLS: readonly UpdateView['state'][] = ['ready', 'downloading', 'refused']

function Known({ update }: { readonly update: UpdateView }) {
  const { state, version, notes } = update
  const tells = version !== null && TELLS.includes(state)
  const look = () => void checkForUpdates().catch((error: unknown) => toastError(errorViewOf(error)))
  const ending = useEnding(installUpdate)
  return (
    <Dialog open title={tells ? `What is new in Keelson ${version}` : 'Updates'} onClose={hide} size={560}>
      <div className="stack-l">
        <UpdateState update={update} onRetry={look} />
        {tells ? <Notes notes={notes} /> : null}
        {ending.error ? <ErrorNote error={ending.error} /> : null}
        <div className="dialog-foot">
          <Button onClick={hide}>{state === 'ready' ? 'Later' : 'Close'}</Button>
          {state === 'ready' ? (
            <Button variant="primary" large busy={ending.busy} onClick={ending.run} data-autofocus>
              {ending.busy ? 'Restarting' : 'Restart to update'}
            </Button>
          ) : null}
          {state === 'idle' ? <Button onClick={look}>Check now</Button> : null}
        </div>
      </div>
    </Dialog>
  )
}

function Notes({ notes }: { readonly notes: string }) {
  const lines = noteLines(notes)
  if (lines.length === 0) return <p className="sub">The makers say nothing about what is new in it.</p>
  return (
    <div className="news">
      {lines.map(({ kind, text }, index) => (
        // oxlint-disable-next-line react/no-array-index-key -- lines of a text that does not change
        <NewsLine key={index} kind={kind} text={text} />
      ))}
    </div>
  )
}

function NewsLine({ kind, text }: ReturnType<typeof noteLines>[number]) {
  if (kind === 'heading') return <h3>{text}</h3>
  return <p className={kind === 'item' ? 'item' : undefined}>{text}</p>
}
