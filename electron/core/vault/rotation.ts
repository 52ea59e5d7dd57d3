import { AppError } from '../../../shared/contract/errors.ts'
import type { Db, Writer } from '../db/connection.ts'
import type { Clock, Random, SecretBox } from '../ports.ts'
import { insertDataKey, listDataKeys, retireDataKey, rewrapDataKey } from '../store/data-keys.ts'
import { listSecrets, writeSecret } from '../store/secrets.ts'
import type { Keyring } from './keyring.ts'
import type { Sealer } from './seal.ts'
import type { Secret } from './secret.ts'
import type { SealedField, SecretScope } from './vault.ts'
import { makeKey, wrapProven } from './wrapping.ts'

export interface Progress {
  readonly done: number
  readonly total: number
}

export interface RotateOptions {
  readonly onProgress?: (progress: Progress) => void
  /** Runs the write while nothing else writes in bulk. */
  readonly between?: <T>(run: () => T) => Promise<T>
}

export interface RotationDeps {
  readonly db: Db
  readonly box: SecretBox
  readonly random: Random
  readonly clock: Clock
  readonly keyring: Keyring
  readonly sealer: Sealer
}

/** Changing keys and their wrappings while the vault is open. One change at a time; a change that fails leaves all as it was. */
export interface Rotation {
  /** Seals everything anew under a new data key, in one transaction, and destroys the old ones. */
  rotate(options?: RotateOptions): Promise<void>
  /** Wraps the keys anew; the old wrappings stay until the new ones are proven to open. */
  rewrap(): Promise<void>
  /** Throws vault/not-passphrase and vault/wrong-passphrase. */
  changePassphrase(current: string, next: string, options?: Pick<RotateOptions, 'between'>): Promise<void>
}

/** Sealing this many takes a few milliseconds; then everything else has its turn. */
const SLICE = 50

export function createRotation(deps: RotationDeps): Rotation {
  const { db, box, clock, keyring, sealer } = deps
  let last: Promise<unknown> = Promise.resolve()
  const inTurn = (run: () => Promise<void>): Promise<void> => {
    const next = last.then(run)
    last = next.catch(() => undefined)
    return next
  }

  async function rotate({ onProgress = () => undefined, between = atOnce }: RotateOptions = {}): Promise<void> {
    keyring.active()
    const next = await makeKey(box, deps)
    const reseal = (scope: SecretScope, sealed: SealedField): SealedField | null => {
      const value = keyring.all().has(sealed.keyId) ? openOrNull(sealer, scope, sealed) : null
      return value && sealer.sealWith(next.row.keyId, next.key, scope, value)
    }
    const ready = await sealAhead(db, reseal, onProgress)
    await between(() => {
      // The vault may have been closed meanwhile.
      keyring.active()
      db.writer.tx(w => {
        insertDataKey(w, next.row)
        for (const { scope, sealed } of listSecrets(w)) {
          // What was renewed since is sealed now.
          const known = ready.get(placeOf(scope, sealed))
          const resealed = known ?? reseal(scope, sealed)
          if (resealed) writeSecret(w, scope, resealed)
        }
        for (const keyId of keyring.all().keys()) retireDataKey(w, keyId, clock.now())
      })
      keyring.replaceAll(next)
      sealer.forget()
      foldLogIn(db)
    })
  }

  async function rewrapWith(target: SecretBox, between: NonNullable<RotateOptions['between']>): Promise<void> {
    keyring.active()
    const rows = listDataKeys(db.reader).filter(({ keyId, wrapped }) => wrapped !== null && keyring.all().has(keyId))
    const made: (readonly [keyId: string, old: Uint8Array, wrapped: Uint8Array])[] = []
    for (const { keyId, wrapped } of rows) {
      const key = keyring.all().get(keyId)
      if (key && wrapped) made.push([keyId, wrapped, await wrapProven(target, key)])
    }
    const { protection, backend } = target
    await between(() => {
      db.writer.tx((w: Writer) => {
        for (const [keyId, old, wrapped] of made) rewrapDataKey(w, { keyId, old, wrapped, protection, backend })
      })
      foldLogIn(db)
    })
  }

  return {
    rotate: options => inTurn(() => rotate(options)),
    rewrap: () => inTurn(() => rewrapWith(box, atOnce)),
    changePassphrase: (current, next, { between = atOnce } = {}) =>
      inTurn(async () => {
        keyring.active()
        const change = box.withPassphrase?.(current, next) ?? null
        if (change === null) throw new AppError('vault/not-passphrase')
        await rewrapWith(change.box, between)
        change.adopt()
      }),
  }
}

async function sealAhead(
  db: Db,
  reseal: (scope: SecretScope, sealed: SealedField) => SealedField | null,
  onProgress: (progress: Progress) => void,
): Promise<Map<string, SealedField>> {
  const ready = new Map<string, SealedField>()
  const all = listSecrets(db.reader)
  for (const [index, { scope, sealed }] of all.entries()) {
    const resealed = reseal(scope, sealed)
    if (resealed) ready.set(placeOf(scope, sealed), resealed)
    if ((index + 1) % SLICE !== 0 && index + 1 !== all.length) continue
    onProgress({ done: index + 1, total: all.length })
    await new Promise(resolve => setImmediate(resolve))
  }
  return ready
}

/** A secret as it was seen: a newer one in the same place has another version or another IV. */
function placeOf({ owner, field, version }: SecretScope, { keyId, iv }: SealedField): string {
  return JSON.stringify([owner, field, version, keyId, Buffer.from(iv).toString('hex')])
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

/** Without this the old wrapped key could still be read from the log. */
function foldLogIn(db: Db): void {
  db.raw.pragma('wal_checkpoint(TRUNCATE)')
}

function atOnce<T>(run: () => T): Promise<T> {
  return Promise.resolve().then(run)
}
