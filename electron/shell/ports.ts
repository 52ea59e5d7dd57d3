import { app, powerMonitor, safeStorage } from 'electron'
import { licensedEntitlements } from '../core/entitlements/licence.ts'
import type { Consent, Desktop, LogSink, Notify, Ports } from '../core/ports.ts'
import { chooseSecretBox } from '../node/choose-box.ts'
import { createClock } from '../node/clock.ts'
import { createCron } from '../node/cron.ts'
import { readEditionFiles } from '../node/edition-files.ts'
import type { Layout } from '../node/layout.ts'
import { createMail } from '../node/mail.ts'
import { createNetwork } from '../node/network.ts'
import { createRandom } from '../node/random.ts'
import { createSystemKeyring } from '../node/system-keyring.ts'
import type { Links } from './links.ts'
import { createSafeStorageStore } from './safe-storage-box.ts'

export interface DesktopParts {
  readonly dataDir: string
  readonly layout: Layout
  readonly links: Links
  readonly log: LogSink
  readonly notify: Notify
  readonly desktop: Desktop
  readonly consent: Consent
}

/** What the desktop gives the core. Call it after the app is ready: the key store does not answer before. */
export async function createDesktopPorts({ dataDir, layout, links, log, notify, desktop, consent }: DesktopParts): Promise<Ports> {
  const random = createRandom()
  const secretBox = await chooseSecretBox({
    dataDir,
    env: process.env,
    random,
    keyring: createSystemKeyring(),
    os: createSafeStorageStore(safeStorage, process.platform),
    app: app.getName(),
    prompt: null,
  })
  const clock = createClock()
  const edition = readEditionFiles(layout.root, dataDir)
  return {
    host: 'desktop',
    version: app.getVersion(),
    paths: { dataDir, writerScript: layout.writerScript },
    secretBox,
    browser: { open: links.fromCore },
    clock,
    cron: createCron(),
    random,
    power: { onSuspend, onResume },
    network: createNetwork(),
    mail: createMail(),
    notify,
    desktop,
    consent,
    log,
    env: process.env,
    ...(edition ? { entitlements: licensedEntitlements({ ...edition, now: clock.now }) } : {}),
  }
}

function onSuspend(run: () => void): () => void {
  powerMonitor.on('suspend', run)
  return () => void powerMonitor.removeListener('suspend', run)
}

function onResume(run: () => void): () => void {
  powerMonitor.on('resume', run)
  return () => void powerMonitor.removeListener('resume', run)
}
