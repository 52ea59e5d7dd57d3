import { AppError } from '../../shared/contract/errors.ts'
import type { Layout } from '../node/layout.ts'
import type { HostCore } from './host-core.ts'
import { COMMAND_FILE, processExists, readHostFile } from './host-file.ts'
import { openOwnLock, sayPresent, stayPresent } from './own-lock.ts'
import { createPatience } from './patience.ts'
import type { Terminal } from './terminal.ts'

export interface OpenClientOptions {
  readonly dataDir: string
  readonly layout: Layout
  readonly terminal: Terminal
  readonly verbose: boolean
  readonly signal: AbortSignal
  /** False for the commands of the app lock itself: they need no open one. */
  readonly unlock?: boolean
  /** True for a command that waits for long: others on the folder may use its core meanwhile. */
  readonly share?: boolean
}

/** A host that has just started holds the folder a moment before it can be called. */
const PATIENCE_MS = 10_000

/** The core on a data folder: the one of the host that runs there, else a core of our own for the length of a command. */
export async function openClient(options: OpenClientOptions): Promise<HostCore> {
  const wait = createPatience(PATIENCE_MS)
  for (;;) {
    const running = await callRunning(options.dataDir)
    if (running) {
      await sayPresent(running, options.terminal, options.signal)
      return running
    }
    try {
      const core = await openOwn(options)
      if (!options.share) return core
      const { shareCore } = await import('./share-core.ts')
      return await shareCore(core, options.dataDir)
    } catch (cause) {
      const busy = cause instanceof AppError && cause.code === 'app/busy'
      if (!busy || options.signal.aborted || !(await wait())) throw cause
    }
  }
}

async function openOwn({ unlock = true, ...options }: OpenClientOptions): Promise<HostCore> {
  const { openCore } = await import('./open-core.ts')
  const core = await openCore({ ...options, askPassphrase: 'always', background: false, waitWhenBusy: () => Promise.resolve(false) })
  try {
    if (!unlock) return core
    await openOwnLock(core, options.terminal, options.signal)
    return stayPresent(core)
  } catch (cause) {
    await core.close()
    throw cause
  }
}

/** The core of the host that runs on a data folder; null when none does. */
export async function callRunning(dataDir: string): Promise<HostCore | null> {
  for (const host of [readHostFile(dataDir), readHostFile(dataDir, COMMAND_FILE)]) {
    if (host === null || !processExists(host.pid)) continue
    const { connectToHost } = await import('./remote-core.ts')
    const running = await connectToHost(host).catch(() => null)
    if (running) return running
  }
  return null
}
