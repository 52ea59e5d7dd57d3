import { AppError } from '../../../shared/contract/errors.ts'
import type { Instant } from '../../../shared/domain/time.ts'
import type { Db } from '../db/open.ts'
import type { Log } from '../log/log.ts'
import type { Clock, Random, SecretBox } from '../ports.ts'
import { listDataKeys } from '../store/data-keys.ts'
import { createKeyring } from './keyring.ts'
import { createOpening, type NextTry } from './opening.ts'
import { createRotation, type Rotation } from './rotation.ts'
import { createSealer } from './seal.ts'
import type { Vault, VaultStatus } from './vault.ts'

export interface VaultDeps {
  readonly db: Db
  readonly box: SecretBox
  readonly random: Random
  readonly clock: Clock
  readonly log?: Log
  /** How long opening waits for a slow store; the vault is locked meanwhile, and joins when it answers. As long as it takes by default. */
  readonly patienceMs?: number
}

/** How the vault stands, in full. */
export interface VaultStanding extends VaultStatus {
  /** The store that wraps the key now. */
  readonly backend: string
  /** What keeps it shut; null while it is open. */
  readonly trouble: AppError | null
  readonly nextTry: NextTry | null
  /** When the key in use was made; null while it is locked. */
  readonly keyCreatedAt: Instant | null
}

/** A vault with the means to tend it. */
export interface OpenVault extends Vault, Pick<Rotation, 'rotate' | 'changePassphrase'> {
  standing(): VaultStanding
  /** Called when the vault opened, or failed to, without anybody having asked. The answer stops it. */
  onChange(listener: () => void): () => void
  /** Asks the box again after the vault was locked; answers how it stands now. Never throws for a box that stays shut. */
  unlock(): Promise<VaultStatus>
  /**
   * Begins again with a new data key when the old one cannot be had any more, so that signing in works. What the old key
   * sealed stays, counts as lost, and opens again should the box give that key back. Throws vault/store-slow when a new store does not
   * answer; the new key joins when it does.
   */
  startOver(): Promise<void>
  /** Wipes the keys from memory. */
  close(): void
}

/** Somebody who asked is at the screen and may have to answer the system's question. */
const ASKED_PATIENCE_MS = 60_000
/** A new store may ask for a passphrase to be thought of. */
const BEGIN_PATIENCE_MS = 300_000

/**
 * Opens the vault: takes the data key out of the box, or makes one in a new data folder. A box that does not give it leaves
 * the vault locked (see `standing`), with nothing deleted.
 */
export async function openVault({ db, box, random, clock, log, patienceMs }: VaultDeps): Promise<OpenVault> {
  const keyring = createKeyring({ db, box, random, clock })
  const sealer = createSealer({ keyring, random })
  const listeners = new Set<() => void>()
  const tell = (): void => listeners.forEach(listener => listener())
  const rotation = createRotation({ db, box, random, clock, keyring, sealer })
  const opening = createOpening({
    keyring: { ...keyring, load: () => keyring.load().then(rewrapWhenDue) },
    clock,
    onChange: tell,
  })

  /** Not waited for: the vault is open with the old wrapping, which stays until the new one is proven. */
  function rewrapWhenDue(): void {
    if (keyring.status().state === 'locked' || box.shouldRewrap !== true) return
    rotation.rewrap().then(
      () => log?.info('vault.rewrapped', { backend: box.backend }),
      (cause: unknown) => log?.warn('vault.rewrap-failed', { cause }),
    )
  }

  const keyCreatedAt = (): Instant | null => {
    if (keyring.status().state === 'locked') return null
    const { keyId } = keyring.active()
    return listDataKeys(db.reader).find(row => row.keyId === keyId)?.createdAt ?? null
  }
  const status = (): VaultStatus => ({ ...keyring.status(), notice: box.notice ?? opening.trouble()?.message ?? null })
  await opening.open(box.isWaitedFor ? null : (patienceMs ?? null))
  return {
    status,
    standing: () => ({
      ...status(),
      backend: box.backend,
      trouble: opening.trouble(),
      nextTry: opening.nextTry(),
      keyCreatedAt: keyCreatedAt(),
    }),
    onChange(listener) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    seal: (scope, value) => sealer.seal(scope, value),
    open: (scope, sealed) => sealer.open(scope, sealed),
    isLost: keyId => keyring.isLost(keyId),
    rotate: rotation.rotate,
    changePassphrase: rotation.changePassphrase,
    unlock: async () => {
      if (keyring.status().state === 'locked') await opening.open(box.isWaitedFor ? null : ASKED_PATIENCE_MS)
      return status()
    },
    async startOver() {
      opening.giveUp()
      const begun = keyring.startOver().then(() => 'begun' as const)
      const { promise: enough, resolve } = Promise.withResolvers<'slow'>()
      const stopWaiting = clock.after(BEGIN_PATIENCE_MS, () => resolve('slow'))
      const end = await Promise.race([begun, enough]).finally(stopWaiting)
      if (end === 'begun') return
      begun.then(tell, () => undefined)
      throw new AppError('vault/store-slow')
    },
    close: () => {
      listeners.clear()
      opening.giveUp()
      sealer.forget()
      keyring.close()
    },
  }
}
