import { AppError } from '../../../shared/contract/errors.ts'
import type { Db } from '../db/connection.ts'
import type { Clock, Random, SecretBox } from '../ports.ts'
import { type DataKey, insertDataKey, listDataKeys, retireMemoryKeys } from '../store/data-keys.ts'
import type { KeySource } from './seal.ts'
import type { VaultStatus } from './vault.ts'
import { makeKey, type NewKey, unwrapProven } from './wrapping.ts'

export interface Keyring extends KeySource {
  /** Takes the keys out of the box; makes the first one in a new data folder. A shut box leaves it locked, with `trouble`. Never rejects. */
  load(): Promise<void>
  /** Leaves whatever there was behind for a new key. Rejects with what the box says. */
  startOver(): Promise<void>
  status(): VaultStatus
  /** What kept the last try from opening it; null while it is open, or was not tried. */
  trouble(): AppError | null
  /** Every key that opens, by id. */
  all(): ReadonlyMap<string, Uint8Array>
  /** Puts a committed key in place of all others, which are wiped from memory. */
  replaceAll(next: NewKey): void
  isLost(keyId: string): boolean
  close(): void
}

interface Deps {
  readonly db: Db
  readonly box: SecretBox
  readonly random: Random
  readonly clock: Clock
}

/** The data keys of this run: which one seals, which ones open, which ones cannot be had. */
export function createKeyring({ db, box, random, clock }: Deps): Keyring {
  const keys = new Map<string, Uint8Array>()
  let activeId: string | null = null
  let trouble: AppError | null = null
  // A store may answer long after somebody began again without it: that answer is of no use any more.
  let turn = 0

  function take(keyId: string, key: Uint8Array): void {
    keys.set(keyId, key)
    activeId = keyId
    trouble = null
  }

  async function begin(mine: number): Promise<void> {
    const { row, key } = await makeKey(box, { random, clock })
    if (mine !== turn) return
    db.writer.tx(w => {
      retireMemoryKeys(w, clock.now())
      insertDataKey(w, row)
    })
    take(row.keyId, key)
  }

  async function load(): Promise<void> {
    const mine = (turn += 1)
    const usable = listDataKeys(db.reader).filter(row => row.wrapped !== null)
    const current = usable.findLast(row => row.retiredAt === null)
    try {
      if (box.protection === 'memory' || !current) return await begin(mine)
      const key = await unwrapProven(box, current)
      if (mine !== turn) return
      take(current.keyId, key)
    } catch (error) {
      if (mine !== turn) return
      activeId = null
      trouble = error instanceof AppError ? error : new AppError('vault/locked', { cause: error })
      return
    }
    for (const row of usable) if (!keys.has(row.keyId)) await tryOlder(row, mine)
  }

  // An older key is a bonus: what it sealed counts as lost without it.
  async function tryOlder(row: DataKey, mine: number): Promise<void> {
    const key = await unwrapProven(box, row).catch(() => null)
    if (key && mine === turn) keys.set(row.keyId, key)
  }

  function active(): { keyId: string; key: Uint8Array } {
    const key = activeId === null ? undefined : keys.get(activeId)
    if (activeId === null || !key) throw new AppError('vault/locked')
    return { keyId: activeId, key }
  }

  function wipe(): void {
    for (const key of keys.values()) key.fill(0)
    keys.clear()
    activeId = null
  }

  return {
    load,
    startOver: () => begin((turn += 1)),
    active,
    byId: keyId => {
      const key = keys.get(keyId)
      if (key) return key
      throw new AppError(listDataKeys(db.reader).some(row => row.keyId === keyId) ? 'vault/locked' : 'vault/tampered')
    },
    status: () => ({ state: activeId === null ? 'locked' : 'open', protection: box.protection, notice: box.notice }),
    trouble: () => trouble,
    all: () => keys,
    replaceAll: ({ row, key }) => {
      wipe()
      take(row.keyId, key)
    },
    isLost: keyId => activeId !== null && !keys.has(keyId),
    close: () => {
      turn += 1
      wipe()
    },
  }
}
