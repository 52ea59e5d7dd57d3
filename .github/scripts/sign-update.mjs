// Signs the update manifests electron-builder wrote:  node .github/scripts/sign-update.mjs <folder> [--days 90] [--staging 100] [--again]
// The private key (PEM, Ed25519) comes from KEELSON_UPDATE_KEY and is never printed. Each latest*.yml gets `signed` and `expires` (and
// `stagingPercentage` when it is named), then a .sig beside it. With --again
// it signs only what one of our keys has signed before: files that come from where others may write prove themselves by that. Before
// anything is written, every file a manifest names must lie in the folder with the size and hash it names; afterwards everything is
// read back and checked as the app does it, against resources/update-key.pub.
import { createHash, createPrivateKey, sign } from 'node:crypto'
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { parseArgs } from 'node:util'
import { parseUpdateInfo } from 'electron-updater/out/providers/Provider.js'
import { readManifest } from '../../electron/shell/updates/manifest.ts'
import { assertSigned, readKeys, signedBytes } from '../../electron/shell/updates/signature.ts'

const DAY_MS = 86_400_000
const publicFile = process.env.KEELSON_UPDATE_PUBLIC_KEY_FILE ?? path.resolve(import.meta.dirname, '../../resources/update-key.pub')

function readPrivateKey() {
  const text = process.env.KEELSON_UPDATE_KEY ?? ''
  if (text.trim() === '') throw new Error('KEELSON_UPDATE_KEY is not set')
  let key
  try {
    key = createPrivateKey(text)
  } catch {
    throw new Error('KEELSON_UPDATE_KEY is no private key in PEM')
  }
  if (key.asymmetricKeyType !== 'ed25519') throw new Error('KEELSON_UPDATE_KEY is no Ed25519 key')
  return key
}

function readArguments() {
  const { positionals, values } = parseArgs({
    allowPositionals: true,
    options: { days: { type: 'string', default: '90' }, staging: { type: 'string' }, again: { type: 'boolean', default: false } },
  })
  const [folder, ...rest] = positionals
  if (!folder || rest.length > 0) throw new Error('name the one folder with the manifests')
  const days = Number(values.days)
  if (!(days > 0 && days <= 400)) throw new Error('--days must be above 0 and at most 400')
  const staging = values.staging === undefined ? null : Number(values.staging)
  if (staging !== null && !(staging >= 0 && staging <= 100)) throw new Error('--staging must be from 0 to 100')
  return { folder, days, staging, isAgain: values.again }
}

/**
 * The systems a manifest is for; what has no file for one of them is not what electron-builder writes today.
 * @param {string} name
 * @returns {{ platform: NodeJS.Platform, arch: string }[]}
 */
function targetsOf(name) {
  if (name === 'latest.yml') return bothOf('win32')
  if (name === 'latest-mac.yml') return bothOf('darwin')
  const arch = /^latest-linux(?:-(\w+))?\.yml$/.exec(name)
  if (!arch) throw new Error(`${name}: not a name the app asks for`)
  return [{ platform: 'linux', arch: arch[1] ?? 'x64' }]
}

/** @param {NodeJS.Platform} platform */
function bothOf(platform) {
  return ['x64', 'arm64'].map(arch => ({ platform, arch }))
}

/**
 * @param {string} text
 * @param {{ days: number, staging: number | null }} options
 */
function stamp(text, { days, staging }) {
  const now = Date.now()
  const dropped = staging === null ? /^(?:signed|expires):.*\n/gm : /^(?:signed|expires|stagingPercentage):.*\n/gm
  const kept = `${text.trimEnd()}\n`.replace(dropped, '')
  const lines = [`signed: '${new Date(now).toISOString()}'`, `expires: '${new Date(now + days * DAY_MS).toISOString()}'`]
  if (staging !== null) lines.push(`stagingPercentage: ${staging}`)
  return `${kept}${lines.join('\n')}\n`
}

/**
 * By the reader the app uses.
 * @param {string} text
 */
function readYaml(text) {
  return parseUpdateInfo(text, 'the manifest', new URL('https://feed.invalid'))
}

/**
 * @param {string} name
 * @param {string} text
 * @param {string} folder
 */
function checkFiles(name, text, folder) {
  const listed = readYaml(text).files
  for (const { url, sha512, size } of listed) {
    const file = path.join(folder, path.basename(url))
    if (!existsSync(file)) throw new Error(`${name}: ${url} is not in the folder`)
    const bytes = readFileSync(file)
    if (bytes.length !== size) throw new Error(`${name}: ${url} has another size`)
    if (createHash('sha512').update(bytes).digest('base64') !== sha512) throw new Error(`${name}: ${url} has another hash`)
  }
}

/**
 * @param {string} name
 * @param {string} folder
 * @param {readonly import('node:crypto').KeyObject[]} keys
 */
function checkAsApp(name, folder, keys) {
  const manifest = readFileSync(path.join(folder, name))
  assertSigned({ name, manifest, signature: readFileSync(path.join(folder, `${name}.sig`), 'latin1') }, keys)
  for (const target of targetsOf(name)) readManifest(readYaml(manifest.toString('utf8')), target)
}

/**
 * @param {string} name
 * @param {string} folder
 * @param {readonly import('node:crypto').KeyObject[]} keys
 */
function checkReleased(name, folder, keys) {
  const file = path.join(folder, `${name}.sig`)
  try {
    assertSigned(
      { name, manifest: readFileSync(path.join(folder, name)), signature: existsSync(file) ? readFileSync(file, 'latin1') : '' },
      keys,
    )
  } catch (cause) {
    throw new Error(`${name}: not what was released`, { cause })
  }
}

function main() {
  const options = readArguments()
  const key = readPrivateKey()
  const keys = readKeys(existsSync(publicFile) ? readFileSync(publicFile, 'utf8') : '')
  if (keys.length === 0) throw new Error(`${publicFile} has no public key, so no copy would accept what is signed`)
  const names = readdirSync(options.folder).filter(name => /^latest.*\.yml$/.test(name))
  if (names.length === 0) throw new Error(`no latest*.yml in ${options.folder}`)
  if (options.isAgain) for (const name of names) checkReleased(name, options.folder, keys)
  const stamped = names.map(name => ({ name, text: stamp(readFileSync(path.join(options.folder, name), 'utf8'), options) }))
  for (const { name, text } of stamped) {
    for (const target of targetsOf(name)) readManifest(readYaml(text), target)
    checkFiles(name, text, options.folder)
  }
  for (const { name, text } of stamped) {
    const signature = sign(null, signedBytes(name, Buffer.from(text)), key).toString('base64')
    assertSigned({ name, manifest: Buffer.from(text), signature }, keys)
    writeFileSync(path.join(options.folder, name), text)
    writeFileSync(path.join(options.folder, `${name}.sig`), `${signature}\n`)
  }
  for (const name of names) checkAsApp(name, options.folder, keys)
  process.stdout.write(`signed ${names.join(', ')} for ${options.days} days\n`)
}

try {
  main()
} catch (error) {
  process.stderr.write(`Nothing to publish: ${error instanceof Error ? error.message : String(error)}\n`)
  process.exitCode = 1
}
