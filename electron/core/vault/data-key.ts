import type { Db } from '../db/connection.ts'
import type { Clock, Random, SecretBox } from '../ports.ts'
import { createSealer } from './seal.ts'
import type { Vault, VaultStatus } from './vault.ts'
import { createKeyring } from './keyring.ts'

export interface VaultDeps {
  readonly db: Db
  readonly box: SecretBox
  readonly random: Random
  readonly clock: Clock
}

/** A vault with the means to tend it. */
export interface OpenVault extends Vault {
  /** Seals everything anew under a new data key, in one transaction, and destroys the old one. Throws vault/locked. */
  rotate(): Promise<void>
  /** Asks the box again after the vault was locked; answers how it stands now. Never throws for a box that stays shut. */
  unlock(): Promise<VaultStatus>
  /**
   * Begins again with a new data key when the old one cannot be had any more, so that signing in works. What the old key
   * sealed stays, counts as lost, and opens again should the box give that key back.
   */
  startOver(): Promise<void>
  /** Wipes the keys from memory. */
  close(): void
}

/**
 * Opens the vault: takes the data key out of the box, or makes one in a new data folder. A box that does not give it leaves
 * the vault locked (see `status`), with nothing deleted.
 */
export async function openVault(deps: VaultDeps): Promise<OpenVault> {
  const keyring = createKeyring(deps)
  await keyring.load()
  const sealer = createSealer({ keyring, random: deps.random })
  return {
    status: () => keyring.status(),
    seal: (scope, value) => sealer.seal(scope, value),
    open: (scope, sealed) => sealer.open(scope, sealed),
    isLost: keyId => keyring.isLost(keyId),
    rotate: () => keyring.rotate(sealer),
    unlock: async () => {
      if (keyring.status().state === 'locked') await keyring.load()
      return keyring.status()
    },
    startOver: () => keyring.startOver(),
    close: () => {
      sealer.forget()
      keyring.close()
    },
  }
}
