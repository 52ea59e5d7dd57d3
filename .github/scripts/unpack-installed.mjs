// Unpacks what pack-installed.mjs packed, and the app's own files out of its archive, for tests that the fuses of the program keep out:
//   node .github/scripts/unpack-installed.mjs <file.tar.gz> <folder for the program> <folder for the app's files>
import { spawnSync } from 'node:child_process'
import { existsSync, mkdirSync } from 'node:fs'
import path from 'node:path'
import { extractAll } from '@electron/asar'

const [file = '', program = '', app = ''] = process.argv.slice(2)
mkdirSync(program, { recursive: true })
const { status } = spawnSync('tar', ['-xzf', file, '-C', program], { stdio: 'inherit' })
const archive = ['resources/app.asar', 'Keelson.app/Contents/Resources/app.asar']
  .map(name => path.join(program, name))
  .find(name => existsSync(name))
if (status !== 0 || archive === undefined || app === '') {
  process.stderr.write('Nothing unpacked: there is no app.asar in it\n')
  process.exitCode = 1
} else extractAll(archive, app)
