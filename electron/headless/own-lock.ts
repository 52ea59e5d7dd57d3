import { AppError } from '../../shared/contract/errors.ts'
import { LOCK_VARIABLE } from './commands/lock.ts'
import type { HostCore } from './host-core.ts'
import type { Terminal } from './terminal.ts'
import { createClient } from './wire.ts'

const PRESENT = { id: 'present', route: 'lock.touch', input: {} } as const

/** Opens the app lock of a core that runs for the length of one command: with its variable, or by asking. Throws app/locked. */
export async function openOwnLock(core: HostCore, terminal: Terminal, signal: AbortSignal): Promise<void> {
  const client = createClient(core)
  if (!(await client.request('lock.status', {}, signal)).locked) return
  const passphrase = terminal.env[LOCK_VARIABLE] || (terminal.interactive ? await terminal.readHidden('Lock passphrase: ') : '')
  if (passphrase === '') throw new AppError('app/locked')
  await client.request('lock.open', { passphrase }, signal)
}

const PRESENT_MS = 20_000

/** A core whose lock was opened for one command stays open as long as that runs, however long somebody takes at a broker's page. */
export function stayPresent(core: HostCore): HostCore {
  const timer = setInterval(() => void core.dispatch(PRESENT, { signal: new AbortController().signal }), PRESENT_MS)
  timer.unref()
  return {
    ...core,
    close() {
      clearInterval(timer)
      return core.close()
    },
  }
}

/** Tells a running host that a person is there. Failing at it is no failure of a command. */
export async function sayPresent(core: HostCore, terminal: Terminal, signal: AbortSignal): Promise<void> {
  if (terminal.interactive) await core.dispatch(PRESENT, { signal })
}
