import type { VaultView } from '../../../shared/contract/app.ts'
import { AppError } from '../../../shared/contract/errors.ts'
import { EXIT, type ExitCode } from '../exit-codes.ts'
import type { CommandContext } from './context.ts'

export interface VaultOptions {
  /** `show` changes nothing. */
  readonly action: 'show' | 'unlock' | 'start-over'
  /** The user agreed to starting over beforehand; without it a person at a terminal is asked. */
  readonly yes: boolean
}

const WARNING = [
  'Starting over makes a new key. Every broker must be signed in again, and app keys from the settings must be entered again.',
  'Nothing else is lost: your history stays, and what the old key sealed stays on disk, unused.',
].join('\n')

/** `keelson vault`: how the vault stands, another try to open it, or a new key for it. Ends with 5 while it is locked. */
export async function vault(context: CommandContext, options: VaultOptions): Promise<ExitCode> {
  const { client, terminal, json, signal } = context
  const before = (await client.request('app.status', {}, signal)).vault
  if (before.state === 'locked' && options.action === 'start-over' && !(await agree(context, options))) return EXIT.usage
  const after = before.state === 'locked' ? await change(context, options, before) : before
  if (json) terminal.out(JSON.stringify({ vault: after }))
  else describe(context, after, options.action !== 'show' && before.state === 'locked')
  return after.state === 'open' ? EXIT.ok : EXIT.vault
}

function change({ client, signal }: CommandContext, { action }: VaultOptions, before: VaultView): Promise<VaultView> {
  if (action === 'unlock') return client.request('vault.unlock', {}, signal)
  return action === 'start-over' ? client.request('vault.startOver', { confirm: true }, signal) : Promise.resolve(before)
}

/** False when nobody could be asked. Throws app/canceled when the answer is no. */
async function agree({ terminal }: CommandContext, { yes }: VaultOptions): Promise<boolean> {
  if (yes) return true
  terminal.err(WARNING)
  if (!terminal.interactive) {
    terminal.err('Add --yes to go ahead.')
    return false
  }
  if (!/^y(?:es)?$/i.test((await terminal.ask('Start over? [y/N] ')).trim())) throw new AppError('app/canceled')
  return true
}

function describe({ terminal }: CommandContext, { state, protection, notice }: VaultView, isChanged: boolean): void {
  terminal.out(`The vault is ${state}, guarded by ${protection}.`)
  if (notice !== null) terminal.out(notice)
  if (state === 'locked')
    terminal.err('Try again with `keelson vault --unlock`; with `--start-over` it gets a new key and every sign-in is new.')
  else if (isChanged) terminal.err('`keelson status` shows which brokers need a sign-in.')
}
