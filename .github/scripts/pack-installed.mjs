// Packs the unpacked program this machine can start, as electron-builder left it:  node .github/scripts/pack-installed.mjs <mac|win|linux> <file.tar.gz>
import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import path from 'node:path'

const root = path.resolve(import.meta.dirname, '../..')
const [system = '', file = ''] = process.argv.slice(2)
const folder = path.join(
  root,
  'release',
  { mac: process.arch === 'arm64' ? 'mac-arm64' : 'mac', win: 'win-unpacked', linux: 'linux-unpacked' }[system] ?? 'unknown',
)
if (!existsSync(folder) || file === '') {
  process.stderr.write(`Nothing packed: there is no ${folder}\n`)
  process.exitCode = 1
} else process.exitCode = spawnSync('tar', ['-czf', file, '-C', folder, '.'], { stdio: 'inherit' }).status ?? 1
