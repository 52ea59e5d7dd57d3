import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto'
import type { ChooseBoxDeps } from '../../../../electron/node/choose-box.ts'
import type { Keyring } from '../../../../electron/node/keyring-box.ts'
import { createSafeStorageStore, type SafeStorage } from '../../../../electron/shell/safe-storage-box.ts'

/** How a store behaves now. Tests change it while a core runs. */
export interface Mood {
  /** How it fails; null when it works. */
  fails: (() => Promise<never>) | null
  /** It answers with an empty text, and calls that a success. */
  answersEmpty: boolean
  /** It is not there at all. */
  gone: boolean
  /** The desktop's choice, and the prefix of what it seals; Linux only. */
  selected: string
  prefix: string
}

/** One computer and user with a key store. */
export interface Machine {
  readonly mood: Mood
  /** What the store says when it is locked, and when its question is declined. */
  readonly words: { readonly locked: string; readonly denied: string }
  /** Replaces the store's master key or entry, as a reset does. */
  reset(): void
  /** What the host hands to the choice of the store. */
  deps(app: string): Pick<ChooseBoxDeps, 'os' | 'keyring' | 'app' | 'prompt' | 'env'>
}

const ABSENT = 'DBus error: The name org.freedesktop.secrets was not provided by any .service files'
const noKeyring: Keyring = { get: () => Promise.reject(new Error(ABSENT)), set: () => Promise.reject(new Error(ABSENT)) }

export const STORES: Readonly<Record<string, () => Machine>> = {
  'GNOME Keyring': () => electronMachine('linux', { selected: 'gnome_libsecret', prefix: 'v11' }),
  'KWallet 6': () => electronMachine('linux', { selected: 'kwallet6', prefix: 'v11' }),
  'desktop portal': () => electronMachine('linux', { selected: 'gnome_libsecret', prefix: 'v12' }),
  'macOS Keychain': () => electronMachine('darwin', { selected: '', prefix: 'v10' }),
  'Windows DPAPI': () => electronMachine('win32', { selected: '', prefix: 'v10' }),
  'Secret Service without a desktop app': nativeMachine,
}

function newMood(rest: Partial<Mood> = {}): Mood {
  return { fails: null, answersEmpty: false, gone: false, selected: '', prefix: '', ...rest }
}

/** Electron over the system's store: a master key for each app name and kind of store, made when there is none. */
function electronMachine(platform: NodeJS.Platform, desktop: Pick<Mood, 'selected' | 'prefix'>): Machine {
  const mood = newMood(desktop)
  const masters = new Map<string, Buffer>()
  const masterOf = (app: string): Buffer => {
    const name = `${app} Safe Storage/${mood.prefix}/${mood.selected}`
    const known = masters.get(name) ?? randomBytes(32)
    masters.set(name, known)
    return known
  }
  const storageOf = (app: string): SafeStorage => ({
    isAsyncEncryptionAvailable: () => Promise.resolve(!mood.gone),
    getSelectedStorageBackend: () => mood.selected,
    async encryptStringAsync(text) {
      await mood.fails?.()
      return Buffer.concat([Buffer.from(mood.prefix), sealWith(masterOf(app), text)])
    },
    async decryptStringAsync(sealed) {
      await mood.fails?.()
      if (mood.answersEmpty) return { result: '', shouldReEncrypt: false }
      const isKnown = sealed.subarray(0, 3).toString('latin1') === mood.prefix
      const result = isKnown ? openWith(masterOf(app), sealed.subarray(3)) : null
      if (result === null) throw new Error('Error while decrypting the ciphertext provided to safeStorage.decryptStringAsync.')
      return { result, shouldReEncrypt: false }
    },
  })
  return {
    mood,
    words: { locked: 'The keychain is locked.', denied: 'User denied access to the key.' },
    reset: () => masters.clear(),
    deps: app => ({ os: createSafeStorageStore(storageOf(app), platform), keyring: noKeyring, app, prompt: null, env: {} }),
  }
}

/** The Secret Service through the native module: one entry for each app and data folder. */
function nativeMachine(): Machine {
  const mood = newMood()
  const entries = new Map<string, string>()
  const keyringOf = (app: string): Keyring => ({
    async get(account) {
      if (mood.gone) throw new Error(ABSENT)
      await mood.fails?.()
      return mood.answersEmpty ? '' : (entries.get(`${app}/${account}`) ?? null)
    },
    async set(account, secret) {
      await mood.fails?.()
      entries.set(`${app}/${account}`, secret)
    },
  })
  return {
    mood,
    words: { locked: "Couldn't access platform storage: Secret Service: object locked", denied: "Couldn't access platform storage: Secret Service: unlock prompt was dismissed" },
    reset: () => entries.forEach((_, name) => entries.set(name, randomBytes(32).toString('base64'))),
    deps: app => ({ keyring: keyringOf(app), app, prompt: null, env: {} }),
  }
}

function sealWith(master: Buffer, text: string): Buffer {
  const iv = randomBytes(12)
  const cipher = createCipheriv('aes-256-gcm', master, iv)
  const ciphertext = Buffer.concat([cipher.update(text, 'utf8'), cipher.final()])
  return Buffer.concat([iv, cipher.getAuthTag(), ciphertext])
}

function openWith(master: Buffer, sealed: Buffer): string | null {
  if (sealed.length < 28) return null
  const decipher = createDecipheriv('aes-256-gcm', master, sealed.subarray(0, 12)).setAuthTag(sealed.subarray(12, 28))
  const head = decipher.update(sealed.subarray(28), undefined, 'utf8')
  try {
    return head + decipher.final('utf8')
  } catch {
    return null
  }
}
