import type { UpdateView } from '../../../shared/contract/desktop.ts'
import { plural } from '../../lib/format/index.ts'
import { installUpdate, restartKeelson, useDesktopHere } from '../../state/desktop.ts'
import { errorViewOf } from '../../state/failure.ts'
import { fetchDiagnostics } from '../../state/health.ts'
import { dismissAlert, show, useSurface } from '../../state/surface.ts'
import { toast, toastError } from '../../state/toast.ts'
import { Button, IconButton } from '../../ui/Button.tsx'
import { Icon } from '../../ui/icons.tsx'
import { ErrorNote } from '../../ui/notes.tsx'
import { useEnding } from './restart.ts'

/** What the desktop has to say on every page: safe mode first, then an update that waits or was refused. */
export function DesktopBanners() {
  const here = useDesktopHere()
  const dismissed = useSurface(state => state.dismissed)
  if (!here) return null
  const { safeMode, update } = here
  const telling = tells(update) && !dismissed.has(updateKey(update))
  if (!safeMode && !telling) return null
  return (
    <section className="banners" aria-label="From Keelson itself">
      {safeMode ? <SafeMode crashes={safeMode.crashes} /> : null}
      {telling ? <Update update={update} /> : null}
    </section>
  )
}

/** A look that did not succeed says so in the settings: it is made again, and changes nothing for the user. */
function tells({ state, trouble }: UpdateView): boolean {
  return state === 'ready' || ((state === 'refused' || state === 'failed') && trouble !== null && !PASSING.includes(trouble.code))
}

const PASSING: readonly string[] = ['update/unreachable', 'update/cut-off', 'net/offline']

/** Names what is told: another version, or another trouble, is told anew. */
function updateKey({ state, version, trouble }: UpdateView): string {
  return `update ${state} ${version ?? ''} ${trouble?.code ?? ''}`
}

function Update({ update }: { readonly update: UpdateView }) {
  const later = () => dismissAlert(updateKey(update))
  return update.state === 'ready' ? <Ready update={update} onLater={later} /> : <Refused update={update} onLater={later} />
}

interface BannerProps {
  readonly update: UpdateView
  readonly onLater: () => void
}

function Ready({ update: { version }, onLater }: BannerProps) {
  const { busy, error, run } = useEnding(installUpdate)
  const name = version === null ? 'A newer Keelson' : `Keelson ${version}`
  return (
    <>
      <div className="banner calm wraps">
        <Icon name="download" />
        <span className="text">
          <b>{`${name} is ready.`}</b>
          {'Restart to use it; what is under way is saved first.'}
        </span>
        <span className="row">
          <Button variant="ghost" onClick={() => show({ kind: 'update' })}>
            What’s new
          </Button>
          <Button busy={busy} onClick={run}>
            {busy ? 'Restarting' : 'Restart now'}
          </Button>
          <Button variant="ghost" onClick={onLater}>
            Later
          </Button>
        </span>
      </div>
      {error ? <ErrorNote error={error} /> : null}
    </>
  )
}

function Refused({ update: { version, state, trouble }, onLater }: BannerProps) {
  if (!trouble) return null
  const what = version === null ? 'An update' : `Keelson ${version}`
  return (
    <div className="banner">
      <Icon name="warn" />
      <span className="text">
        <b>{state === 'refused' ? `${what} was not installed.` : 'The update did not succeed.'}</b>
        {`${trouble.message} ${trouble.action}`} <span className="code">{trouble.code}</span>
      </span>
      <Button onClick={() => show({ kind: 'update' })}>Details</Button>
      <IconButton icon="close" label="Dismiss for now" onClick={onLater} />
    </div>
  )
}

function SafeMode({ crashes }: { readonly crashes: number }) {
  const { busy, error, run } = useEnding(restartKeelson)
  return (
    <>
      <div className="banner wraps">
        <Icon name="warn" />
        <span className="text long">
          <b>Keelson runs in safe mode.</b>
          {`It ended unexpectedly ${plural(crashes, 'time')} in a few minutes. Until you start it as usual nothing happens by itself: no sync, no renewal of sign-ins, no notices, no updates; the graphics card is not used. Nothing is deleted, and a sync you ask for runs.`}
        </span>
        <span className="row">
          <Button variant="ghost" icon="copy" onClick={() => void copyDiagnostics()}>
            Copy diagnostics
          </Button>
          <Button busy={busy} onClick={run}>
            {busy ? 'Restarting' : 'Start as usual'}
          </Button>
        </span>
      </div>
      {error ? <ErrorNote error={error} /> : null}
    </>
  )
}

/** Where the clipboard is closed, the same text is shown to be copied by hand. */
async function copyDiagnostics() {
  try {
    const { text } = await fetchDiagnostics()
    await navigator.clipboard.writeText(text).then(
      () => toast('Paste them into a message to whoever helps you. No secret or account number is in them.', 'Diagnostics copied'),
      () => show({ kind: 'diagnostics' }),
    )
  } catch (error) {
    toastError(errorViewOf(error))
  }
}
