import { mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { gunzipSync } from 'node:zlib'

/** Every spelling in which a secret could turn up: as it is, encoded, as UTF-16, or as part of an address. */
export function spellings(secret: string): Buffer[] {
  const bytes = Buffer.from(secret, 'utf8')
  const forms = [
    secret,
    bytes.toString('hex'),
    bytes.toString('hex').toUpperCase(),
    encodeURIComponent(secret),
    bytes.toString('base64url').replace(/=+$/, ''),
  ]
  // Base64 of a longer text holds the secret's own base64 at one of three offsets; the outer characters depend on its neighbours.
  const shifted = [0, 1, 2].map(shift =>
    Buffer.concat([Buffer.alloc(shift, 'x'), bytes])
      .toString('base64')
      .slice(Math.ceil((shift * 4) / 3) + 1, -4),
  )
  return [...new Set([...forms, ...shifted])]
    .filter(form => form.length >= 12)
    .map(form => Buffer.from(form))
    .concat(Buffer.from(secret, 'utf16le'))
}

/** Every file under a folder. */
export function filesIn(folder: string): string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .map(name => path.join(folder, name))
    .filter(file => statSync(file).isFile())
}

/**
 * Copies a folder as a crash would leave it. Each file is read whole first: copying one that another thread empties meanwhile goes on for
 * ever in the system's own way of copying.
 */
export function copyAsTheyAre(from: string, to: string): void {
  for (const file of filesIn(from)) {
    const copy = path.join(to, path.relative(from, file))
    mkdirSync(path.dirname(copy), { recursive: true })
    writeFileSync(copy, readFileSync(file))
  }
}

/** Which secrets can be read in which files of a folder, in any spelling; archives are unpacked. */
export function hits(folder: string, secrets: readonly string[]): string[] {
  return filesIn(folder).flatMap(file => {
    const bytes = readFileSync(file)
    const whole = bytes[0] === 0x1f && bytes[1] === 0x8b ? Buffer.concat([bytes, gunzipSync(bytes)]) : bytes
    return secrets
      .filter(secret => spellings(secret).some(form => whole.includes(form)))
      .map(secret => `${path.basename(file)}: ${secret.slice(0, 6)}…`)
  })
}

/** Which secrets stand in a text, in any spelling; each by its beginning. */
export function hitsIn(text: string, secrets: readonly string[]): string[] {
  const bytes = Buffer.from(text, 'utf8')
  return secrets.filter(secret => spellings(secret).some(form => bytes.includes(form))).map(secret => `${secret.slice(0, 6)}…`)
}
