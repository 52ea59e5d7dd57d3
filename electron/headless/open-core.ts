import path from 'node:path'
import { type Core, createCore } from '../core/create-core.ts'
import { chooseSecretBox } from '../node/choose-box.ts'
import { createClock } from '../node/clock.ts'
import { createSystemKeyring } from '../node/keyring-box.ts'
import type { Layout } from '../node/layout.ts'
import { createLogFile, createLogStderr } from '../node/log-sink.ts'
import { createBrowser } from '../node/open-browser.ts'
import { createRandom } from '../node/random.ts'
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
}

/** The core with the ports of a machine without a window. */
export async function openCore({ dataDir, layout, terminal, verbose, askPassphrase, background }: OpenCoreOptions): Promise<Core> {
  const random = createRandom()
  const secretBox = await chooseSecretBox({
    dataDir,
    env: terminal.env,
    random,
    keyring: createSystemKeyring(),
    prompt: passphrasePrompt(terminal, askPassphrase),
  })
  const never = (): (() => void) => () => undefined
  return createCore(
    {
      host: 'headless',
      version: readVersion(layout.root),
      paths: { dataDir, writerScript: layout.writerScript },
      secretBox,
      browser: createBrowser(),
      clock: createClock(),
      random,
      power: { onSuspend: never, onResume: never },
      notify: { show: ({ title, body }) => terminal.err(`${title}: ${body}`) },
      log: verbose ? createLogStderr(text => terminal.err(text.trimEnd())) : createLogFile({ folder: path.join(dataDir, 'logs') }),
      env: terminal.env,
    },
    { background },
  )
}
