import { createHmac, timingSafeEqual } from 'node:crypto'
import { AppError } from '../../../shared/contract/errors.ts'
import type { Db } from '../db/connection.ts'
import type { Clock, Random, SecretBox } from '../ports.ts'
import { type DataKey, insertDataKey, listDataKeys, retireDataKey, retireMemoryKeys } from '../store/data-keys.ts'
import { listSecrets, writeSecret } from '../store/secrets.ts'
import type { KeySource, Sealer } from './seal.ts'
import type { Secret } from './secret.ts'
import type { SealedField, SecretScope, VaultStatus } from './vault.ts'

export interface Keyring extends KeySource {
  /** Takes the keys out of the box; makes the first one in a new data folder. A shut box leaves it locked. */
  load(): Promise<void>
  rotate(sealer: Sealer): Promise<void>
  startOver(): Promise<void>
  status(): VaultStatus
  isLost(keyId: string): boolean
  close(): void
}

interface Deps {
  readonly db: Db
  readonly box: SecretBox
  readonly random: Random
  readonly clock: Clock
}

const KEY_BYTES = 32

/** The data keys of this run: which one seals, which ones open, which ones cannot be had. */
export function createKeyring({ db, box, random, clock }: Deps): Keyring {
  const keys = new Map<string, Uint8Array>()
  let activeId: string | null = null
  let notice = box.notice

  async function make(): Promise<{ row: DataKey; key: Uint8Array }> {
    const key = random.bytes(KEY_BYTES)
    const keyId = Buffer.from(random.bytes(8)).toString('hex')
    const wrapped = box.protection === 'memory' ? null : await box.wrap(key)
    // A store that takes a key but does not give it back would lose every token with the next start.
    if (wrapped && !sameBytes(await box.unwrap(wrapped, box.backend), key)) throw new AppError('vault/locked')
    const { protection, backend } = box
    return { row: { keyId, wrapped, checkValue: checkValue(key), protection, backend, createdAt: clock.now(), retiredAt: null }, key }
  }

  async function begin(): Promise<void> {
    const { row, key } = await make()
    db.writer.tx(w => {
      retireMemoryKeys(w, clock.now())
      insertDataKey(w, row)
    })
    keys.set(row.keyId, key)
    activeId = row.keyId
    notice = box.notice
  }

  async function load(): Promise<void> {
    const usable = listDataKeys(db.reader).filter(row => row.wrapped !== null)
    const current = usable.findLast(row => row.retiredAt === null)
    try {
      if (box.protection === 'memory' || !current) return await begin()
      keys.set(current.keyId, await unwrapped(box, current))
      activeId = current.keyId
      notice = box.notice
    } catch (error) {
      activeId = null
      notice = box.notice ?? (error instanceof AppError ? error : new AppError('vault/locked')).message
      return
    }
    for (const row of usable) if (!keys.has(row.keyId)) await tryOlder(row)
  }

  // An older key is a bonus: what it sealed counts as lost without it.
  async function tryOlder(row: DataKey): Promise<void> {
    const key = await unwrapped(box, row).catch(() => null)
    if (key) keys.set(row.keyId, key)
  }

  function active(): { keyId: string; key: Uint8Array } {
    const key = activeId === null ? undefined : keys.get(activeId)
    if (activeId === null || !key) throw new AppError('vault/locked')
    return { keyId: activeId, key }
  }

  async function rotate(sealer: Sealer): Promise<void> {
    active()
    const { row, key } = await make()
    const old = [...keys]
    db.writer.tx(w => {
      insertDataKey(w, row)
      for (const { scope, sealed } of listSecrets(w)) {
        const value = keys.has(sealed.keyId) ? openOrNull(sealer, scope, sealed) : null
        if (value) writeSecret(w, scope, sealer.sealWith(row.keyId, key, scope, value))
      }
      for (const [keyId] of old) retireDataKey(w, keyId, clock.now())
    })
    keys.clear()
    keys.set(row.keyId, key)
    activeId = row.keyId
    sealer.forget()
    for (const [, bytes] of old) bytes.fill(0)
    // Without this the old wrapped key could still be read from the log.
    db.raw.pragma('wal_checkpoint(TRUNCATE)')
  }

  return {
    load,
    rotate,
    startOver: begin,
    active,
    byId: keyId => {
      const key = keys.get(keyId)
      if (key) return key
      throw new AppError(listDataKeys(db.reader).some(row => row.keyId === keyId) ? 'vault/locked' : 'vault/tampered')
    },
    status: () => ({ state: activeId === null ? 'locked' : 'open', protection: box.protection, notice }),
    isLost: keyId => activeId !== null && !keys.has(keyId),
    close: () => {
      for (const key of keys.values()) key.fill(0)
      keys.clear()
      activeId = null
    },
  }
}

/** A key out of its wrapping, proven to be the one that was put in. Rejects with vault/locked or what the box says. */
async function unwrapped(box: SecretBox, row: DataKey): Promise<Uint8Array> {
  if (row.wrapped === null) throw new AppError('vault/locked')
  const key = await box.unwrap(row.wrapped, row.backend)
  // Some stores answer an empty or foreign value instead of failing.
  if (key.length !== KEY_BYTES || !sameBytes(checkValue(key), row.checkValue)) throw new AppError('vault/locked')
  return key
}

/** Tells the right key from a wrong one without revealing it. */
function checkValue(key: Uint8Array): Uint8Array {
  return createHmac('sha256', key).update('keelson|data-key-check').digest().subarray(0, 16)
}

function sameBytes(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && timingSafeEqual(a, b)
}

/** A row that fails its seal stays as it is, and stays shut: one bad row must not hold up a new key for the others. */
function openOrNull(sealer: Sealer, scope: SecretScope, sealed: SealedField): Secret | null {
  try {
    return sealer.open(scope, sealed)
  } catch (error) {
    if (error instanceof AppError && error.code === 'vault/tampered') return null
    throw error
  }
}
