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
            hint={can.tray ? `It starts in the ${trayWord(status)}, without a window, and syncs from there.` : 'Its window opens with it.'}
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

const SAID: Readonly<Record<DesktopSettings['onClose'], string>> = {
  ask: 'It asks once, when you close the window.',
  tray: 'Syncing and renewals go on without a window.',
  quit: 'Nothing is synced or renewed until you open Keelson again.',
}

function Closing({ status, onChange }: ClosingProps) {
  const { settings, can } = status
  if (!can.tray) {
    return (
      <p className="stamp">This desktop has no tray, so closing the window quits Keelson. Nothing is synced until you open it again.</p>
    )
  }
  const options = [
    { value: 'ask', label: 'Ask' },
    { value: 'tray', label: `Stay in the ${trayWord(status)}` },
    { value: 'quit', label: 'Quit' },
  ] as const
  return (
    <>
      <h3 id="desktop-close">When the window is closed</h3>
      <div>
        <Segments label="When the window is closed" value={settings.onClose} options={options} onChange={onChange} />
      </div>
      <p className="stamp">{SAID[settings.onClose]}</p>
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
