// Writes the part of CHANGELOG.md that is about the version in package.json:  node .github/scripts/release-notes.mjs <file>
// Fails when there is none or it is still marked as unreleased.
import { readFileSync, writeFileSync } from 'node:fs'
import path from 'node:path'

const root = path.resolve(import.meta.dirname, '../..')

/**
 * @param {string} changelog
 * @param {string} version
 */
function notesOf(changelog, version) {
  const parts = changelog.split(/^## /m).slice(1)
  const part = parts.find(text => text.split(/\s/, 1)[0] === version)
  if (part === undefined) throw new Error(`CHANGELOG.md has nothing about ${version}`)
  const [title = '', ...lines] = part.split('\n')
  if (title.includes('unreleased')) throw new Error(`CHANGELOG.md says that ${version} is unreleased; give it its date`)
  return `${lines.join('\n').trim()}\n`
}

try {
  const [file] = process.argv.slice(2)
  if (!file) throw new Error('name the file to write')
  const { version } = /** @type {{ version: string }} */ (JSON.parse(readFileSync(path.join(root, 'package.json'), 'utf8')))
  writeFileSync(file, notesOf(readFileSync(process.env.KEELSON_CHANGELOG ?? path.join(root, 'CHANGELOG.md'), 'utf8'), version))
} catch (error) {
  process.stderr.write(`No release notes: ${error instanceof Error ? error.message : String(error)}\n`)
  process.exitCode = 1
}
