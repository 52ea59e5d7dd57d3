/** Set when the app is built, from resources/update-key.pub. */
declare const KEELSON_UPDATE_KEYS: string | undefined

/** The public keys (Ed25519, PEM) built into this copy, one after the other; empty when it was built without. */
export function builtInKeys(): string {
  return typeof KEELSON_UPDATE_KEYS === 'string' ? KEELSON_UPDATE_KEYS : ''
}
