import { AppError } from '../../shared/contract/errors.ts'
import { LOCK_VARIABLE } from './commands/lock.ts'
import type { HostCore } from './host-core.ts'
import type { Terminal } from './terminal.ts'
import { createClient } from './wire.ts'

/** Opens the app lock of a core that runs for the length of one command: with its variable, or by asking. Throws app/locked. */
export async function openOwnLock(core: HostCore, terminal: Terminal, signal: AbortSignal): Promise<void> {
  const client = createClient(core)
  if (!(await client.request('lock.status', {}, signal)).locked) return
  const passphrase = terminal.env[LOCK_VARIABLE] || (terminal.interactive ? await terminal.readHidden('Lock passphrase: ') : '')
  if (passphrase === '') throw new AppError('app/locked')
  await client.request('lock.open', { passphrase }, signal)
}

/** Tells a running host that a person is there. Failing at it is no failure of a command. */
export async function sayPresent(core: HostCore, terminal: Terminal, signal: AbortSignal): Promise<void> {
  if (terminal.interactive) await core.dispatch({ id: 'present', route: 'lock.touch', input: {} }, { signal })
}
