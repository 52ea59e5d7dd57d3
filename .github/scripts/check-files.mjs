// Fails unless a folder holds every file of a release and no other, before anything in it is signed:  node .github/scripts/check-files.mjs <folder>
import { readdirSync, readFileSync } from 'node:fs'
import path from 'node:path'

const root = path.resolve(import.meta.dirname, '../..')

/** @param {string} version */
function filesOf(version) {
  const named = /** @param {string[]} ends */ ends => ends.map(end => `Keelson-${version}-${end}`)
  return [
    ...named(['mac-x64.dmg', 'mac-arm64.dmg', 'mac-x64.zip', 'mac-arm64.zip']),
    ...named(['win-x64-setup.exe', 'win-arm64-setup.exe', 'win-x64-portable.exe', 'win-arm64-portable.exe']),
    ...named(['linux-x86_64.AppImage', 'linux-arm64.AppImage']),
    ...named(['linux-amd64.deb', 'linux-arm64.deb', 'linux-x86_64.rpm', 'linux-aarch64.rpm']),
    'latest.yml',
    'latest-mac.yml',
    'latest-linux.yml',
    'latest-linux-arm64.yml',
  ]
}

const [folder] = process.argv.slice(2)
const { version } = /** @type {{ version: string }} */ (JSON.parse(readFileSync(path.join(root, 'package.json'), 'utf8')))
const wanted = filesOf(version)
const found = folder ? readdirSync(folder) : []
const missing = wanted.filter(name => !found.includes(name))
const strange = found.filter(name => !wanted.includes(name))
if (missing.length + strange.length > 0) {
  process.stderr.write(
    `This is no release of ${version}. Missing: ${missing.join(', ') || 'none'}. Unexpected: ${strange.join(', ') || 'none'}.\n`,
  )
  process.exitCode = 1
}
