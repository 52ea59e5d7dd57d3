import { createHash } from 'node:crypto'
import path from 'node:path'
import type { Random, SecretBox } from '../core/ports.ts'
import { createKeyringBox, type Keyring, KEYRING_BACKEND, openKeyringBox } from './keyring-box.ts'
import { createLockedBox, createMemoryBox, DESKTOP_NOTICE } from './memory-box.ts'
import { createPassphraseBox, PASSPHRASE_BACKEND, type PassphraseSource } from './passphrase-box.ts'
import { createPendingBox } from './pending-box.ts'
import { homeOf, type ProtectionNote, readProtectionNote, withProtectionNote } from './protection-note.ts'
import { createReopenedBox } from './reopened-box.ts'

/** The store a desktop offers. */
export interface OsStore {
  readonly box: SecretBox
  /** Whether it keeps a secret: a store that is missing or too weak does not. */
  keeps(): Promise<boolean>
}

export interface ChooseBoxDeps {
  readonly dataDir: string
  readonly env: Readonly<Record<string, string | undefined>>
  readonly random: Random
  readonly keyring: Keyring
  /** The store the desktop offers through Electron; left out where there is none. */
  readonly os?: OsStore
  /** The name of the app, when it is not the usual one. */
  readonly app?: string
  /** How long a new folder waits for a store to answer before the start goes on without it. */
  readonly patienceMs?: number
  /** Asks on the terminal; null when nobody can be asked. `new` asks twice, and an empty answer means "none". */
  readonly prompt: ((kind: 'existing' | 'new') => Promise<string>) | null
}

const APP = 'Keelson'
const PATIENCE_MS = 2_000

/**
 * Picks what guards the data key. A folder that already has a wrapped key keeps its protection, and when that cannot be opened
 * the vault is locked rather than replaced, until the user asks for a new key. A new folder takes the desktop's own store or the system keyring, else a passphrase, else memory alone.
 */
export async function chooseSecretBox(deps: ChooseBoxDeps): Promise<SecretBox> {
  const note = readProtectionNote(deps.dataDir)
  const box = note ? reopen(note, deps) : await soon(pickNew(deps, null), deps)
  return withProtectionNote(box, deps.dataDir, homeOf(deps.dataDir, deps.app ?? APP))
}

/** The store, or one that stands for it until it is found. Somebody who is asked for a passphrase is waited for. */
async function soon(found: Promise<SecretBox>, { prompt, os, patienceMs = PATIENCE_MS }: ChooseBoxDeps): Promise<SecretBox> {
  if (prompt) return found
  const { promise: enough, resolve } = Promise.withResolvers<null>()
  const timer = setTimeout(resolve, patienceMs, null)
  const box = await Promise.race([found, enough]).finally(() => clearTimeout(timer))
  return box ?? createPendingBox(found, os ? 'os' : 'keyring')
}

function reopen(note: ProtectionNote, deps: ChooseBoxDeps): SecretBox {
  const again = (): SecretBox => findNoted(note, deps)
  return createReopenedBox({ first: again(), again, fresh: () => pickNew(deps, note.protection) })
}

/** None of these asks its store before it is used. */
function findNoted(note: ProtectionNote, deps: ChooseBoxDeps): SecretBox {
  switch (note.protection) {
    case 'keyring': {
      const { env, keyring, random, dataDir } = deps
      if (isKeyringOff(env)) return createLockedBox('keyring', KEYRING_BACKEND, 'vault/store-missing')
      return createKeyringBox({ keyring, random, account: keyringAccount(dataDir) })
    }
    case 'passphrase': {
      const source = existingPassphrase(deps)
      return source
        ? createPassphraseBox({ source, random: deps.random })
        : createLockedBox('passphrase', PASSPHRASE_BACKEND, 'vault/passphrase-needed')
    }
    case 'os':
      return deps.os?.box ?? createLockedBox('os', note.backend, 'vault/desktop-only')
    case 'memory':
      return createMemoryBox()
  }
}

/** Who chose a passphrase before is asked for one again, where that is possible. */
async function pickNew(deps: ChooseBoxDeps, before: SecretBox['protection'] | null): Promise<SecretBox> {
  const canAsk = Boolean(deps.env['KEELSON_PASSPHRASE']) || deps.prompt !== null
  const store = before === 'passphrase' && canAsk ? null : ((await osStore(deps)) ?? (await openKeyring(deps)))
  if (store) return store
  const passphrase = deps.env['KEELSON_PASSPHRASE'] || (await deps.prompt?.('new')) || ''
  if (passphrase === '') return createMemoryBox(deps.os && DESKTOP_NOTICE)
  return createPassphraseBox({ source: fixed(passphrase), random: deps.random })
}

function existingPassphrase({ env, prompt }: ChooseBoxDeps): PassphraseSource | null {
  const given = env['KEELSON_PASSPHRASE']
  if (given) return fixed(given)
  return prompt ? { ask: () => prompt('existing'), tries: 3 } : null
}

function fixed(passphrase: string): PassphraseSource {
  return { ask: () => Promise.resolve(passphrase), tries: 1 }
}

async function osStore({ os }: ChooseBoxDeps): Promise<SecretBox | null> {
  return os && (await os.keeps()) ? os.box : null
}

async function openKeyring({ dataDir, env, keyring, random }: ChooseBoxDeps): Promise<SecretBox | null> {
  return isKeyringOff(env) ? null : openKeyringBox({ keyring, random, account: keyringAccount(dataDir) })
}

/** For machines whose keyring is there but not wanted, such as a shared account. */
function isKeyringOff(env: ChooseBoxDeps['env']): boolean {
  return env['KEELSON_KEYRING'] === 'off'
}

/** Names a folder in the keyring without spelling out where it is. */
function keyringAccount(dataDir: string): string {
  return `data-key-${createHash('sha256').update(path.resolve(dataDir)).digest('hex').slice(0, 16)}`
}
