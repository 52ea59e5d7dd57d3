import { createHash } from 'node:crypto'
import path from 'node:path'
import type { Random, SecretBox } from '../core/ports.ts'
import { KEYRING_BACKEND, type Keyring, openKeyringBox } from './keyring-box.ts'
import { createLockedBox, createMemoryBox } from './memory-box.ts'
import { createPassphraseBox, PASSPHRASE_BACKEND, type PassphraseSource } from './passphrase-box.ts'
import { type ProtectionNote, readProtectionNote, withProtectionNote } from './protection-note.ts'
import { createReopenedBox } from './reopened-box.ts'

export interface ChooseBoxDeps {
  readonly dataDir: string
  readonly env: Readonly<Record<string, string | undefined>>
  readonly random: Random
  readonly keyring: Keyring
  /** The store the desktop offers through Electron; left out where there is none. It answers null when it is too weak to use. */
  readonly os?: () => Promise<SecretBox | null>
  /** Asks on the terminal; null when nobody can be asked. `new` asks twice, and an empty answer means "none". */
  readonly prompt: ((kind: 'existing' | 'new') => Promise<string>) | null
}

const LOCKED_PASSPHRASE = 'This data folder is guarded by a passphrase. Set KEELSON_PASSPHRASE or start Keelson in a terminal.'
const LOCKED_KEYRING = 'This data folder is guarded by the system keyring, which cannot be opened here.'
const LOCKED_DESKTOP = 'This data folder is guarded by a key of the desktop app, which cannot be opened here.'

/**
 * Picks what guards the data key. A folder that already has a wrapped key keeps its protection, and when that cannot be opened
 * the vault is locked rather than replaced, until the user asks for a new key. A new folder takes the desktop's own store or the system keyring, else a passphrase, else memory alone.
 */
export async function chooseSecretBox(deps: ChooseBoxDeps): Promise<SecretBox> {
  const note = readProtectionNote(deps.dataDir)
  const box = note ? await reopen(note, deps) : await pickNew(deps, null)
  return box.protection === 'memory' ? box : withProtectionNote(box, deps.dataDir)
}

async function reopen(note: ProtectionNote, deps: ChooseBoxDeps): Promise<SecretBox> {
  const again = () => findNoted(note, deps)
  return createReopenedBox({ first: await again(), again, fresh: () => pickNew(deps, note.protection) })
}

async function findNoted(note: ProtectionNote, deps: ChooseBoxDeps): Promise<SecretBox> {
  switch (note.protection) {
    case 'keyring':
      return (await openKeyring(deps, false)) ?? createLockedBox('keyring', KEYRING_BACKEND, LOCKED_KEYRING)
    case 'passphrase': {
      const source = existingPassphrase(deps)
      return source
        ? createPassphraseBox({ source, random: deps.random })
        : createLockedBox('passphrase', PASSPHRASE_BACKEND, LOCKED_PASSPHRASE)
    }
    case 'os':
      return (await deps.os?.()) ?? createLockedBox('os', note.backend, LOCKED_DESKTOP)
    case 'memory':
      return createMemoryBox()
  }
}

/** Who chose a passphrase before is asked for one again, where that is possible. */
async function pickNew(deps: ChooseBoxDeps, before: SecretBox['protection'] | null): Promise<SecretBox> {
  const canAsk = Boolean(deps.env['KEELSON_PASSPHRASE']) || deps.prompt !== null
  const store = before === 'passphrase' && canAsk ? null : ((await deps.os?.()) ?? (await openKeyring(deps, true)))
  if (store) return store
  const passphrase = deps.env['KEELSON_PASSPHRASE'] || (await deps.prompt?.('new')) || ''
  return passphrase === '' ? createMemoryBox() : createPassphraseBox({ source: fixed(passphrase), random: deps.random })
}

function existingPassphrase({ env, prompt }: ChooseBoxDeps): PassphraseSource | null {
  const given = env['KEELSON_PASSPHRASE']
  if (given) return fixed(given)
  return prompt ? { ask: () => prompt('existing'), tries: 3 } : null
}

function fixed(passphrase: string): PassphraseSource {
  return { ask: () => Promise.resolve(passphrase), tries: 1 }
}

async function openKeyring({ dataDir, env, keyring, random }: ChooseBoxDeps, create: boolean): Promise<SecretBox | null> {
  // For machines whose keyring is there but not wanted, such as a shared account.
  if (env['KEELSON_KEYRING'] === 'off') return null
  return openKeyringBox({ keyring, random, account: keyringAccount(dataDir), create })
}

/** Names a folder in the keyring without spelling out where it is. */
function keyringAccount(dataDir: string): string {
  return `data-key-${createHash('sha256').update(path.resolve(dataDir)).digest('hex').slice(0, 16)}`
}
