import { type MantineColorScheme, useMantineColorScheme } from '@mantine/core'
import type { ReactNode } from 'react'
import type { QuietHours } from '../../../shared/domain/sync-schedule.ts'
import type { Instant } from '../../../shared/domain/time.ts'
import { errorViewOf } from '../../state/failure.ts'
import { formatExact, formatMoment } from '../../lib/format/index.ts'
import { waitReason } from '../../lib/wait-reason.ts'
import { pauseSync, refreshBrokers, useApp } from '../../state/app.ts'
import { useNow } from '../../state/clock.ts'
import { useConnections } from '../../state/connections.ts'
import { useIsDesktopApp, useIsSafeMode } from '../../state/desktop.ts'
import { assertNever } from '../../lib/assert-never.ts'
import { Button } from '../../ui/Button.tsx'
import { ErrorNote, Skeletons } from '../../ui/notes.tsx'
import { Segments } from '../../ui/Segments.tsx'
import { dataOf } from '../../state/remote.ts'
import { show } from '../../state/surface.ts'
import { toastError } from '../../state/toast.ts'
import { About } from './About.tsx'
import { BrokerSettings } from './BrokerSettings.tsx'
import { MailSettings } from './MailSettings.tsx'
import { QuietHoursSetting } from './QuietHours.tsx'

const THEMES: readonly { readonly value: MantineColorScheme; readonly label: string }[] = [
  { value: 'auto', label: 'System' },
  { value: 'light', label: 'Light' },
  { value: 'dark', label: 'Dark' },
]

interface PageProps {
  /** How Keelson lives on this computer; shown only where it does. */
  readonly computer: ReactNode
  readonly lock: ReactNode
  readonly vault: ReactNode
}

/** What the user decides once. */
export function SettingsPage({ computer, lock, vault }: PageProps) {
  const isDesktopApp = useIsDesktopApp()
  const { colorScheme, setColorScheme } = useMantineColorScheme()
  return (
    <div className="page settings">
      <h1>Settings</h1>
      <Section title="Brokers" hint="Connections, and the app keys of your own that a browser sign-in needs.">
        <Brokers />
      </Section>
      {isDesktopApp ? (
        <Section title="This computer" hint="How Keelson starts, closes and stays up to date here.">
          {computer}
        </Section>
      ) : null}
      <Section title="Background sync" hint="Keelson syncs every connection by itself while it runs. A sync you ask for always runs.">
        <SyncSetting />
      </Section>
      <Section
        title="Notices by e-mail"
        hint="For when nobody looks at the window. Titles and sentences as in the notices, without figures or account numbers."
      >
        <MailSettings />
      </Section>
      <Section title="App lock" hint="Hides everything behind a passphrase of its own. Syncing goes on.">
        {lock}
      </Section>
      <Section title="Vault" hint="Seals tokens, keys and passwords on this machine. Its key is renewed every year by itself.">
        {vault}
      </Section>
      <Section title="Appearance" hint="Follows the system unless you choose.">
        <Segments label="Theme" value={colorScheme} options={THEMES} onChange={setColorScheme} />
      </Section>
      <Section title="Keyboard" hint="Everything can be reached without a mouse.">
        <Button onClick={() => show({ kind: 'shortcuts' })}>Show shortcuts</Button>
      </Section>
      <Section title="About" hint="This machine, this copy.">
        <About />
      </Section>
    </div>
  )
}

function Section({ title, hint, children }: { readonly title: string; readonly hint: string; readonly children: ReactNode }) {
  return (
    <section className="panel setting" aria-label={title}>
      <div className="setting-head">
        <h2>{title}</h2>
        <p className="stamp">{hint}</p>
      </div>
      <div className="setting-body">{children}</div>
    </section>
  )
}

function Brokers() {
  const brokers = useApp(state => state.brokers)
  switch (brokers.status) {
    case 'idle':
    case 'loading':
      return <Skeletons heights={[60, 60]} label="Loading the brokers" />
    case 'failed':
      return <ErrorNote error={brokers.error} onRetry={() => void refreshBrokers()} />
    case 'ready':
      return (
        <ul className="broker-list">
          {brokers.data.map(broker => (
            <BrokerSettings key={broker.id} broker={broker} />
          ))}
        </ul>
      )
    default:
      return assertNever(brokers)
  }
}

function NextRun({ nextAt, quiet }: { readonly nextAt: Instant; readonly quiet: QuietHours | null }) {
  const now = useNow(30)
  const connections = useConnections(state => dataOf(state.list)) ?? []
  const why = waitReason({ nextAt, quiet, connections }, now)
  return <span className="stamp" title={formatExact(nextAt)}>{`Next run ${formatMoment(nextAt, now)}${why ? `: ${why}` : ''}.`}</span>
}

function SyncSetting() {
  const schedule = useApp(state => state.schedule)
  const isSafeMode = useIsSafeMode()
  if (schedule.status !== 'ready') return schedule.status === 'failed' ? <ErrorNote error={schedule.error} /> : <Skeletons heights={[28]} />
  const { paused, nextAt, quiet } = schedule.data
  const set = (value: 'on' | 'paused') => void pauseSync(value === 'paused').catch((error: unknown) => toastError(errorViewOf(error)))
  return (
    <div className="stack-l">
      <div className="row wrap">
        <Segments
          label="Background sync"
          value={paused ? 'paused' : 'on'}
          options={[
            { value: 'on', label: 'On' },
            { value: 'paused', label: 'Paused' },
          ]}
          onChange={set}
        />
        {isSafeMode ? (
          <span className="stamp">Nothing syncs by itself in safe mode.</span>
        ) : paused ? (
          <span className="stamp">Nothing is read until you resume or sync by hand.</span>
        ) : nextAt ? (
          <NextRun nextAt={nextAt} quiet={quiet} />
        ) : (
          <span className="stamp">The next run is planned after the first connection.</span>
        )}
      </div>
      <QuietHoursSetting key={JSON.stringify(quiet)} quiet={quiet} />
    </div>
  )
}
