import { refreshStatus, useApp } from '../../state/app.ts'
import { useDesktopHere } from '../../state/desktop.ts'
import { dataOf } from '../../state/remote.ts'
import { hide, show, useSurface } from '../../state/surface.ts'
import { Button } from '../../ui/Button.tsx'
import { CopyButton } from '../../ui/copy.tsx'
import { Dialog } from '../../ui/Dialog.tsx'
import { KeelsonMark } from '../../ui/icons.tsx'
import { ErrorNote, Skeletons } from '../../ui/notes.tsx'
import { Licences } from './Licences.tsx'
import { MIT, paragraphs } from './mit.ts'

/** What this copy is: its version, the parts it is made of, and every licence. */
export function AboutDialog() {
  const open = useSurface(state => state.open.kind === 'about')
  return open ? <Shown /> : null
}

function Shown() {
  const status = useApp(state => state.status)
  return (
    <Dialog open title="About Keelson" onClose={hide} size={620}>
      <div className="stack-l">
        {status.status === 'failed' ? <ErrorNote error={status.error} onRetry={() => void refreshStatus()} /> : null}
        {status.status === 'idle' || status.status === 'loading' ? <Skeletons heights={[40, 90]} label="Reading the version" /> : null}
        {status.status === 'ready' ? <Copy /> : null}
        <section className="stack" aria-label="Licence of Keelson">
          <h3>Licence</h3>
          <details className="licence">
            <summary>Keelson is free software under the MIT licence</summary>
            <div className="licence-text stack">
              {paragraphs(MIT).map(text => (
                <p key={text}>{text}</p>
              ))}
            </div>
          </details>
        </section>
        <Licences />
      </div>
    </Dialog>
  )
}

function Copy() {
  const app = useApp(state => dataOf(state.status))
  const here = useDesktopHere()
  if (!app) return null
  const parts = here?.versions.filter(({ name }) => name !== 'Keelson') ?? []
  const lines = [`Keelson ${app.version}`, ...parts.map(({ name, version }) => `${name} ${version}`)]
  return (
    <>
      <div className="row between wrap">
        <div className="row about-who">
          <KeelsonMark />
          <div>
            <p className="strong">{`Keelson ${app.version}`}</p>
            <p className="sub">Your brokers and their history, on your own computer.</p>
          </div>
        </div>
        <div className="row">
          {here ? <Button onClick={() => show({ kind: 'update' })}>Updates</Button> : null}
          <CopyButton text={lines.join('\n')}>Copy versions</CopyButton>
        </div>
      </div>
      {here ? (
        <dl className="facts left-facts">
          {parts.map(({ name, version }) => (
            <div key={name} style={{ display: 'contents' }}>
              <dt>{name}</dt>
              <dd>{version}</dd>
            </div>
          ))}
        </dl>
      ) : (
        <p className="stamp">Shown by your browser; Keelson itself runs headless on the computer that served this page.</p>
      )}
    </>
  )
}
