import { useState } from 'react'
import type { DesktopSettings, DesktopStatus } from '../../../shared/contract/desktop.ts'
import type { ErrorView } from '../../../shared/contract/errors.ts'
import { refreshDesktop, showDataFolder, useDesktop } from '../../state/desktop.ts'
import { errorViewOf } from '../../state/failure.ts'
import { Button } from '../../ui/Button.tsx'
import { CheckField } from '../../ui/fields.tsx'
import { ErrorNote, Skeletons } from '../../ui/notes.tsx'
import { Segments } from '../../ui/Segments.tsx'
import { useChange } from './setting.ts'
import { ShortcutSetting } from './ShortcutSetting.tsx'
import { UpdateSettings } from './UpdateSettings.tsx'

/** How Keelson lives on this computer: its window, its start, its keys, its updates, its folder. */
export function ThisComputer() {
  const status = useDesktop(state => state.status)
  if (status.status === 'failed') return <ErrorNote error={status.error} onRetry={() => void refreshDesktop()} />
  if (status.status !== 'ready') return <Skeletons heights={[28, 28, 28, 60]} label="Reading the settings of this computer" />
  return <Known status={status.data} />
}

function Known({ status }: { readonly status: DesktopStatus }) {
  const { settings, can } = status
  const { change, saving, errorOf } = useChange()
  const problem = (error: ErrorView | null) => (error ? <ErrorNote error={error} /> : null)
  return (
    <div className="stack-l computer">
      <div className="stack">
        <Closing status={status} onChange={onClose => change('close', { onClose })} />
        {problem(errorOf('close'))}
      </div>
      <div className="stack">
        {can.startAtLogin ? (
          <CheckField
            id="desktop-login"
            label="Start when you sign in to this computer"
            hint={
              can.tray
                ? `It starts in the ${trayWord(status)}, without a window, and syncs from there.`
                : 'Its window opens minimized, and it syncs from there.'
            }
            checked={settings.startAtLogin}
            disabled={saving === 'login'}
            onChange={startAtLogin => change('login', { startAtLogin })}
          />
        ) : (
          <p className="stamp">This copy cannot start by itself when you sign in. Install Keelson to have that.</p>
        )}
        {problem(errorOf('login'))}
      </div>
      <ShortcutSetting status={status} saving={saving === 'shortcut'} change={change} error={errorOf('shortcut')} />
      <div>
        <UpdateSettings status={status} change={change} />
        {problem(errorOf('updates'))}
      </div>
      {can.notifications ? null : (
        <p className="stamp">This system shows no notifications. Notices stay in the window, and can be sent by e-mail.</p>
      )}
      <Folder />
    </div>
  )
}

/** Where Keelson goes without a window, in the system's own word. */
function trayWord({ platform }: Pick<DesktopStatus, 'platform'>): string {
  return { macos: 'menu bar', windows: 'notification area', linux: 'tray', other: 'tray' }[platform]
}

interface ClosingProps {
  readonly status: DesktopStatus
  readonly onChange: (onClose: DesktopSettings['onClose']) => void
}

const ASKS = 'It asks when you close the window, until you tell it to remember.'
const QUITS = 'Nothing is synced or renewed until you open Keelson again.'

/** Without a tray there has to be a window to come back to: it is only made small. */
function Closing({ status, onChange }: ClosingProps) {
  const { settings, can } = status
  const stays = can.tray
    ? { label: `Stay in the ${trayWord(status)}`, said: 'Syncing and renewals go on without a window.' }
    : { label: 'Stay, minimized', said: 'This desktop has no tray, so the window is only made small. Syncing and renewals go on.' }
  const options = [
    { value: 'ask', label: 'Ask' },
    { value: 'tray', label: stays.label },
    { value: 'quit', label: 'Quit' },
  ] as const
  const said = { ask: ASKS, tray: stays.said, quit: QUITS }
  return (
    <>
      <h3>When the window is closed</h3>
      <div>
        <Segments label="When the window is closed" value={settings.onClose} options={options} onChange={onChange} />
      </div>
      <p className="stamp">{said[settings.onClose]}</p>
    </>
  )
}

function Folder() {
  const [error, setError] = useState<ErrorView | null>(null)
  const open = () => {
    setError(null)
    showDataFolder().catch((failure: unknown) => setError(errorViewOf(failure)))
  }
  return (
    <div className="stack">
      <h3>Data folder</h3>
      <p className="stamp">Database, backups and settings. Tokens and keys are sealed in it.</p>
      <div>
        <Button icon="external" onClick={open}>
          Show the data folder
        </Button>
      </div>
      {error ? <ErrorNote error={error} /> : null}
    </div>
  )
}
