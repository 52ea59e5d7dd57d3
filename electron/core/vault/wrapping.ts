import { createHmac, timingSafeEqual } from 'node:crypto'
import { AppError } from '../../../shared/contract/errors.ts'
import type { Clock, Random, SecretBox } from '../ports.ts'
import type { DataKey } from '../store/data-keys.ts'

export interface NewKey {
  readonly row: DataKey
  readonly key: Uint8Array
}

const KEY_BYTES = 32

/** A new data key, wrapped by the box and proven to open again; unwrapped where the box keeps nothing. Rejects with what the box says. */
export async function makeKey(box: SecretBox, { random, clock }: { readonly random: Random; readonly clock: Clock }): Promise<NewKey> {
  const key = random.bytes(KEY_BYTES)
  const keyId = Buffer.from(random.bytes(8)).toString('hex')
  const wrapped = await wrapIfKept(box, key)
  const { protection, backend } = box
  return { row: { keyId, wrapped, checkValue: checkValue(key), protection, backend, createdAt: clock.now(), retiredAt: null }, key }
}

async function wrapIfKept(box: SecretBox, key: Uint8Array): Promise<Uint8Array | null> {
  if (keepsNothing(box)) return null
  try {
    return await wrapProven(box, key)
  } catch (cause) {
    // Only now it may be known that there is no store.
    if (keepsNothing(box)) return null
    throw cause
  }
}

function keepsNothing(box: SecretBox): boolean {
  return box.protection === 'memory'
}

/** A key in its wrapping. A store that takes a key but does not give it back would lose every token with the next start: vault/wrong-key. */
export async function wrapProven(box: SecretBox, key: Uint8Array): Promise<Uint8Array> {
  const wrapped = await box.wrap(key)
  if (!sameBytes(await box.unwrap(wrapped, box.backend), key)) throw new AppError('vault/wrong-key')
  return wrapped
}

/** A key out of its wrapping, proven to be the one that was put in. Rejects with what stands in the way. */
export async function unwrapProven(box: SecretBox, { wrapped, backend, checkValue: expected }: DataKey): Promise<Uint8Array> {
  if (wrapped === null || wrapped.length === 0) throw new AppError('vault/key-damaged')
  const key = await box.unwrap(wrapped, backend)
  // Some stores answer an empty or foreign value instead of failing.
  if (key.length === 0) throw new AppError('vault/empty-answer')
  if (key.length !== KEY_BYTES || !sameBytes(checkValue(key), expected)) throw new AppError('vault/wrong-key')
  return key
}

/** Tells the right key from a wrong one without revealing it. */
function checkValue(key: Uint8Array): Uint8Array {
  return createHmac('sha256', key).update('keelson|data-key-check').digest().subarray(0, 16)
}

function sameBytes(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && timingSafeEqual(a, b)
}
