import type { AskPassphrase } from './serve-flags.ts'
import type { Terminal } from './terminal.ts'

/** How to ask for the vault's passphrase on this terminal; null when nobody is to be asked. */
export function passphrasePrompt(terminal: Terminal, when: AskPassphrase): ((kind: 'existing' | 'new') => Promise<string>) | null {
  if (!terminal.interactive || when === 'never') return null
  return async kind => {
    if (kind === 'existing') return terminal.readHidden('Passphrase of this data folder: ')
    return when === 'always' ? chooseNew(terminal) : ''
  }
}

async function chooseNew(terminal: Terminal): Promise<string> {
  terminal.err(
    'There is no system keyring here. A passphrase keeps your sign-ins across restarts; leave it empty to sign in anew each time.',
  )
  for (;;) {
    const first = await terminal.readHidden('New passphrase: ')
    if (first === '' || first === (await terminal.readHidden('The same again: '))) return first
    terminal.err('The two differ.')
  }
}
