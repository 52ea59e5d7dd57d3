import path from 'node:path'
import { AppError } from '../../shared/contract/errors.ts'
import { type Core, createCore } from '../core/create-core.ts'
import { licensedEntitlements } from '../core/entitlements/licence.ts'
import type { Ports } from '../core/ports.ts'
import { chooseSecretBox } from '../node/choose-box.ts'
import { createClock } from '../node/clock.ts'
import { createCron } from '../node/cron.ts'
import { readEditionFiles } from '../node/edition-files.ts'
import type { Layout } from '../node/layout.ts'
import { createLogFile, createLogStderr } from '../node/log-sink.ts'
import { createMail } from '../node/mail.ts'
import { createNetwork } from '../node/network.ts'
import { createBrowser } from '../node/open-browser.ts'
import { createRandom } from '../node/random.ts'
import { createSystemKeyring } from '../node/system-keyring.ts'
import { readVersion } from '../node/version.ts'
import { passphrasePrompt } from './ask-passphrase.ts'
import type { AskPassphrase } from './serve-flags.ts'
import type { Terminal } from './terminal.ts'

export interface OpenCoreOptions {
  readonly dataDir: string
  readonly layout: Layout
  readonly terminal: Terminal
  readonly verbose: boolean
  readonly askPassphrase: AskPassphrase
  /** True for the host that keeps running: it refreshes and syncs by itself. */
  readonly background: boolean
  /** Whether to try again when another Keelson holds the folder: a command lets go of it soon, a host does not. */
  readonly waitWhenBusy: () => Promise<boolean>
}

/** The core with the ports of a machine without a window. */
export async function openCore(options: OpenCoreOptions): Promise<Core> {
  const ports = await createPorts(options)
  const task = options.background ? 'keelson serve' : commandName(process.argv[2])
  for (;;) {
    try {
      return await createCore(ports, { background: options.background, task })
    } catch (cause) {
      const busy = cause instanceof AppError && cause.code === 'app/busy'
      if (!busy || !(await options.waitWhenBusy())) throw cause
    }
  }
}

async function createPorts({ dataDir, layout, terminal, verbose, askPassphrase }: OpenCoreOptions): Promise<Ports> {
  const random = createRandom()
  const secretBox = await chooseSecretBox({
    dataDir,
    env: terminal.env,
    random,
    keyring: createSystemKeyring(),
    prompt: passphrasePrompt(terminal, askPassphrase),
  })
  const never = (): (() => void) => () => undefined
  const clock = createClock()
  const edition = readEditionFiles(layout.root, dataDir)
  return {
    host: 'headless',
    version: readVersion(layout.root),
    paths: { dataDir, writerScript: layout.writerScript },
    secretBox,
    browser: createBrowser(),
    clock,
    cron: createCron(),
    random,
    power: { onSuspend: never, onResume: never },
    network: createNetwork(),
    mail: createMail(),
    notify: { show: ({ title, body }) => terminal.err(`${title}: ${body}`) },
    log: verbose ? createLogStderr(text => terminal.err(text.trimEnd())) : createLogFile({ folder: path.join(dataDir, 'logs') }),
    env: terminal.env,
    ...(edition ? { entitlements: licensedEntitlements({ ...edition, now: clock.now }) } : {}),
  }
}

/** This very command, for whoever finds the folder taken: its name and nothing it was given. */
function commandName(name: string | undefined): string {
  return name !== undefined && /^[a-z-]{1,20}$/.test(name) ? `keelson ${name}` : 'a keelson command'
}
