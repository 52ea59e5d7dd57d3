import { AppError } from '../../../shared/contract/errors.ts'
import { type AppLockView, LOCK_MIN_LENGTH } from '../../../shared/contract/vault.ts'
import { EXIT, type ExitCode } from '../exit-codes.ts'
import { readNewSecret, readSecret } from '../hidden-input.ts'
import type { Terminal } from '../terminal.ts'
import type { CommandContext } from './context.ts'

export const LOCK_VARIABLE = 'KEELSON_LOCK_PASSPHRASE'
const NEW_VARIABLE = 'KEELSON_NEW_LOCK_PASSPHRASE'

/** `keelson lock`: closes the app lock at once. */
export async function lock(context: CommandContext): Promise<ExitCode> {
  return shown(context, await context.client.request('lock.now', {}, context.signal))
}

/** `keelson lock status`: whether it is set and closed. */
export async function lockStatus(context: CommandContext): Promise<ExitCode> {
  return shown(context, await context.client.request('lock.status', {}, context.signal))
}

/** `keelson unlock`: opens the lock of the running host with its passphrase. */
export async function unlock(context: CommandContext): Promise<ExitCode> {
  const { client, signal } = context
  const passphrase = await askCurrent(context)
  return shown(context, await client.request('lock.open', { passphrase }, signal))
}

/** `keelson lock set`: sets a lock, or changes its passphrase. `idleMinutes` null never closes it by itself. */
export async function lockSet(context: CommandContext, { idleMinutes }: { readonly idleMinutes: number | null }): Promise<ExitCode> {
  const { client, terminal, signal } = context
  const { on } = await client.request('lock.status', {}, signal)
  const current = on ? { current: await askCurrent(context) } : {}
  const passphrase = await readNewSecret(terminal, { question: 'New lock passphrase: ', variable: NEW_VARIABLE, signal }, LOCK_MIN_LENGTH)
  if (passphrase === null) return EXIT.usage
  return shown(context, await client.request('lock.set', { passphrase, idleMinutes, ...current }, signal))
}

/** `keelson lock clear`: takes the lock off. */
export async function lockClear(context: CommandContext): Promise<ExitCode> {
  const { client, signal } = context
  return shown(context, await client.request('lock.clear', { passphrase: await askCurrent(context) }, signal))
}

export interface LockResetDeps {
  readonly terminal: Terminal
  readonly json: boolean
  /** The user agreed beforehand; without it a person at a terminal is asked. */
  readonly yes: boolean
  /** Takes the lock off; answers whether there was one. Throws app/busy while a Keelson runs on the folder. */
  readonly forget: () => boolean
}

/** `keelson lock reset`: for a forgotten passphrase, while no Keelson runs on the folder. */
export async function lockReset({ terminal, json, yes, forget }: LockResetDeps): Promise<ExitCode> {
  if (!yes) {
    terminal.err('This takes the app lock off without its passphrase. It works only while no Keelson runs on this data folder.')
    if (!terminal.interactive) {
      terminal.err('Add --yes to go ahead.')
      return EXIT.usage
    }
    if (!/^y(?:es)?$/i.test((await terminal.ask('Take it off? [y/N] ')).trim())) throw new AppError('app/canceled')
  }
  const wasSet = forget()
  if (json) terminal.out(JSON.stringify({ reset: wasSet }))
  else terminal.out(wasSet ? 'The app lock is off.' : 'No app lock was set.')
  return EXIT.ok
}

async function askCurrent({ terminal, signal }: CommandContext): Promise<string> {
  const passphrase = await readSecret(terminal, { question: 'Lock passphrase: ', variable: LOCK_VARIABLE, signal })
  if (!passphrase) throw new AppError('lock/wrong-passphrase')
  return passphrase
}

function shown({ terminal, json }: CommandContext, view: AppLockView): ExitCode {
  if (json) terminal.out(JSON.stringify({ lock: view }))
  else terminal.out(sentenceOf(view))
  return EXIT.ok
}

function sentenceOf({ on, locked, idleMinutes, waitMs }: AppLockView): string {
  if (!on) return 'No app lock is set.'
  const idle = idleMinutes === null ? 'It closes when Keelson starts and when you close it.' : `It closes after ${idleMinutes} minutes without a touch.`
  const wait = waitMs > 0 ? ` After wrong passphrases the next one is taken in ${Math.ceil(waitMs / 1000)} s.` : ''
  return `Keelson is ${locked ? 'locked' : 'unlocked'}. ${idle}${wait}`
}
