import { refreshStatus, useApp } from '../../state/app.ts'
import { show } from '../../state/surface.ts'
import { Button } from '../../ui/Button.tsx'
import { ErrorNote, Skeletons } from '../../ui/notes.tsx'

const HOSTS = { desktop: 'Desktop app', headless: 'Headless, in the browser', test: 'Test' } as const
const GUARDS = {
  keyring: 'Open; its key is guarded by the system keyring',
  passphrase: 'Open; its key is guarded by your passphrase',
  os: 'Open; its key is guarded by the operating system',
  memory: 'Memory only; sign-ins end when Keelson closes',
} as const

/** Version, host and vault. */
export function About() {
  const status = useApp(state => state.status)
  if (status.status === 'failed') return <ErrorNote error={status.error} onRetry={() => void refreshStatus()} />
  if (status.status !== 'ready') return <Skeletons heights={[18, 18, 18]} />
  const { version, host, vault, sandbox } = status.data
  return (
    <div className="stack">
      <dl className="facts left-facts">
        <dt>Version</dt>
        <dd>{version}</dd>
        <dt>Running as</dt>
        <dd>{HOSTS[host]}</dd>
        <dt>Vault</dt>
        <dd>{vault.state === 'locked' ? 'Locked; tokens cannot be read, history can' : GUARDS[vault.protection]}</dd>
        <dt>Sandbox brokers</dt>
        <dd>{sandbox.running ? 'Running on this machine' : 'Not running'}</dd>
      </dl>
      <div>
        <Button onClick={() => show({ kind: 'about' })}>Versions and licences</Button>
      </div>
      {vault.notice ? <p className="sub">{vault.notice}</p> : null}
    </div>
  )
}
