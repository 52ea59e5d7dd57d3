import { AppError } from '../../../shared/contract/errors.ts'
import { VAULT_MIN_LENGTH, type VaultStatusView } from '../../../shared/contract/vault.ts'
import { EXIT, type ExitCode } from '../exit-codes.ts'
import { readNewSecret, readSecret } from '../hidden-input.ts'
import { momentWords } from '../moment.ts'
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
  const { terminal, json } = context
  const before = await standing(context)
  if (before.state === 'locked' && options.action === 'start-over' && !(await agree(context, options))) return EXIT.usage
  const after = before.state === 'locked' ? await change(context, options, before) : before
  if (json) terminal.out(JSON.stringify({ vault: after }))
  else describe(context, after, options.action !== 'show' && before.state === 'locked')
  return after.state === 'open' ? EXIT.ok : EXIT.vault
}

/** `keelson vault rotate`: seals everything anew under a new key, and says how far it is. */
export async function rotate({ client, terminal, json, signal }: CommandContext): Promise<ExitCode> {
  const stop = client.subscribe(event => {
    if (event.type === 'vault.progress' && !json) terminal.err(`${event.done} of ${event.total} secrets sealed anew.`)
  })
  const after = await client.request('vault.rotate', {}, signal).finally(stop)
  if (json) terminal.out(JSON.stringify({ vault: after }))
  else terminal.out('The vault has a new key; the old one is destroyed.')
  return EXIT.ok
}

/** `keelson vault passphrase`: guards the same key with another passphrase. */
export async function changePassphrase({ client, terminal, json, signal }: CommandContext): Promise<ExitCode> {
  const current = await readSecret(terminal, { question: 'Passphrase of this data folder: ', variable: 'KEELSON_PASSPHRASE', signal })
  if (!current) throw new AppError('vault/wrong-passphrase')
  const passphrase = await readNewSecret(terminal, { question: 'New passphrase: ', variable: 'KEELSON_NEW_PASSPHRASE', signal }, VAULT_MIN_LENGTH)
  if (passphrase === null) return EXIT.usage
  const after = await client.request('vault.setPassphrase', { current, passphrase }, signal)
  if (json) terminal.out(JSON.stringify({ vault: after }))
  else terminal.out('The passphrase is changed. Where KEELSON_PASSPHRASE is set, change it too.')
  return EXIT.ok
}

const standing = ({ client, signal }: CommandContext): Promise<VaultStatusView> => client.request('vault.status', {}, signal)

async function change(context: CommandContext, { action }: VaultOptions, before: VaultStatusView): Promise<VaultStatusView> {
  const { client, signal } = context
  if (action === 'show') return before
  if (action === 'unlock') await client.request('vault.unlock', {}, signal)
  else await client.request('vault.startOver', { confirm: true }, signal)
  return standing(context)
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

function describe({ terminal }: CommandContext, { state, protection, notice, trouble, nextTry, key }: VaultStatusView, isChanged: boolean): void {
  terminal.out(`The vault is ${state}, guarded by ${protection}.`)
  if (key) {
    const renewal = key.rotateAt === null ? '' : ` It is renewed by itself from ${key.rotateAt.slice(0, 10)} on.`
    terminal.out(`Its key is ${key.ageDays} days old.${renewal}`)
  }
  if (notice !== null) terminal.out(trouble?.message === notice ? `${notice} ${trouble.action}` : notice)
  if (nextTry) terminal.out(`Keelson asks again at ${momentWords(nextTry.at, terminal)} (${nextTry.attempt} of ${nextTry.of}).`)
  if (state === 'locked')
    terminal.err('Try again with `keelson vault --unlock`; with `--start-over` it gets a new key and every sign-in is new.')
  else if (isChanged) terminal.err('`keelson status` shows which brokers need a sign-in.')
}
