// Makes the key pair that updates are signed with:  node .github/scripts/make-update-key.mjs <file for the private key> [--add]
// The private key goes into that file alone, readable by you; the public one into resources/update-key.pub, which the build reads.
// --add puts the public key behind those that are there: copies built from then on accept both, until the old one is taken out.
import { generateKeyPairSync } from 'node:crypto'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import path from 'node:path'

const root = path.resolve(import.meta.dirname, '../..')
const publicFile = process.env.KEELSON_UPDATE_PUBLIC_KEY_FILE ?? path.join(root, 'resources/update-key.pub')

/** @param {string[]} args */
function main([privateFile, option]) {
  if (!privateFile || privateFile.startsWith('-')) throw new Error('name the file for the private key')
  if (option !== undefined && option !== '--add') throw new Error(`unknown option ${option}`)
  const place = path.resolve(privateFile)
  if (!path.relative(root, place).startsWith('..')) throw new Error('keep the private key outside the repository')
  const before = existsSync(publicFile) ? readFileSync(publicFile, 'utf8') : ''
  if (before !== '' && option !== '--add') throw new Error(`${publicFile} has a key already; --add puts another behind it`)
  const pair = generateKeyPairSync('ed25519', {
    publicKeyEncoding: { type: 'spki', format: 'pem' },
    privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
  })
  writeFileSync(place, pair.privateKey, { flag: 'wx', mode: 0o600 })
  writeFileSync(publicFile, before + pair.publicKey)
  process.stdout.write(`private key: ${place}\npublic key: ${publicFile}\n`)
}

try {
  main(process.argv.slice(2))
} catch (error) {
  process.stderr.write(`No key was made: ${error instanceof Error ? error.message : String(error)}\n`)
  process.exitCode = 1
}
