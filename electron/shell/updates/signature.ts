import { createPublicKey, type KeyObject, verify } from 'node:crypto'
import { AppError } from '../../../shared/contract/errors.ts'

const PEM = /-----BEGIN PUBLIC KEY-----[^-]+-----END PUBLIC KEY-----/g
const SIGNATURE_BYTES = 64

/** The Ed25519 keys in a text of PEM blocks. What is no such key is left out, so a garbled text holds none. */
export function readKeys(pem: string): readonly KeyObject[] {
  return (pem.match(PEM) ?? []).flatMap(block => {
    try {
      const key = createPublicKey(block)
      return key.asymmetricKeyType === 'ed25519' ? [key] : []
    } catch {
      return []
    }
  })
}

/**
 * What is signed: the manifest, byte for byte, with its file name in front. The name says for which system and processor it is, so
 * that of one system cannot be shown to another.
 */
export function signedBytes(name: string, manifest: Uint8Array): Buffer {
  return Buffer.concat([Buffer.from(`keelson update manifest 1\n${name}\n`), manifest])
}

export interface SignedManifest {
  readonly name: string
  readonly manifest: Uint8Array
  /** The signature file: base64 of 64 bytes, in one line. */
  readonly signature: string
}

/** Throws update/unsigned or update/wrong-signature unless one of the keys signed exactly this manifest under this name. */
export function assertSigned({ name, manifest, signature }: SignedManifest, keys: readonly KeyObject[]): void {
  const text = signature.replace(/\r?\n$/, '')
  if (text.trim() === '') throw new AppError('update/unsigned')
  const bytes = Buffer.from(text, 'base64')
  // Read back, because a reader of base64 skips what is none.
  const isWellFormed = bytes.length === SIGNATURE_BYTES && bytes.toString('base64') === text
  const message = signedBytes(name, manifest)
  if (!isWellFormed || !keys.some(key => verify(null, message, key, bytes))) throw new AppError('update/wrong-signature')
}
