import { spawnSync } from 'node:child_process'
import { chmodSync, cpSync, mkdtempSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll, describe, expect, test } from 'vitest'
import { filesOf } from './contents.ts'
import { packagedApp } from './packaged-app.ts'

const root = path.resolve(import.meta.dirname, '../..')
/** Five starts of a program, each with patience. */
const TRIES_MS = 180_000
const work = mkdtempSync(path.join(tmpdir(), 'keelson-tried-'))
afterAll(() => rmSync(work, { recursive: true, force: true }))

function script(name: string, ...args: readonly string[]): { status: number | null; out: string } {
  const { status, stdout, stderr } = spawnSync(process.execPath, [path.join('.github/scripts', name), ...args], {
    cwd: root,
    encoding: 'utf8',
  })
  return { status, out: stdout + stderr }
}

/** A program for Linux that does what `behaviour` says, in a folder like an installed one. */
function programThat(name: string, behaviour: string): string {
  const folder = path.join(work, name)
  mkdirSync(path.join(folder, 'resources'), { recursive: true })
  const file = path.join(folder, 'keelson')
  writeFileSync(file, `#!/bin/sh\n${behaviour}\ntouch "$KEELSON_DATA_DIR/keelson.db"\ntrap 'exit 0' TERM\nwhile :; do sleep 0.1; done\n`)
  chmodSync(file, 0o755)
  return folder
}

describe('what a release is tried with', () => {
  test('is the program as it was packaged, and its own files as plain ones', () => {
    const app = packagedApp('linux', 'x64')
    const [packed, program, files] = ['packed.tar.gz', 'program', 'files'].map(name => path.join(work, name))
    expect(spawnSync('tar', ['-czf', packed ?? '', '-C', app.folder, '.']).status).toBe(0)
    expect(script('unpack-installed.mjs', packed ?? '', program ?? '', files ?? '')).toEqual({ status: 0, out: '' })
    const unpacked = filesOf(app).filter(
      name => !readFileSync(path.join(files ?? '', name)).equals(readFileSync(path.join(app.extracted, name))),
    )
    expect(unpacked).toEqual([])
  })
})

describe.runIf(process.platform === 'linux' && process.env['KEELSON_PACK'] !== 'one')(
  'trying to turn the program into something else',
  () => {
    const node = JSON.stringify(process.execPath)

    test(
      'finds nothing in a program that only does its own work',
      () => {
        const { status, out } = script('try-package.mjs', programThat('sound', ''))
        expect(out.match(/^ok: /gm)).toHaveLength(5)
        expect(status).toBe(0)
      },
      TRIES_MS,
    )

    test(
      'finds a program that runs as Node, loads what it is told, lets itself be inspected or runs what lies beside it',
      () => {
        const weak = programThat(
          'weak',
          `
      [ "$ELECTRON_RUN_AS_NODE" = 1 ] && exec ${node} "$@"
      [ -n "$NODE_OPTIONS" ] && ${node} -e 0
      case $1 in --inspect=*) ${node} "$1" -e 'setTimeout(() => {}, 8000)' & sleep 1;; esac
      [ -d "$(dirname "$0")/resources/app" ] && ${node} "$(dirname "$0")/resources/app"`,
        )
        const { status, out } = script('try-package.mjs', weak)
        expect(out.match(/^FAILED: .*$/gm)).toEqual([
          'FAILED: it is no Node, whatever the environment says',
          'FAILED: it loads no file NODE_OPTIONS names',
          'FAILED: it opens no inspector',
          'FAILED: it runs no app beside its archive',
        ])
        expect(status).toBe(1)
      },
      TRIES_MS,
    )

    test(
      'finds a program that does not start',
      () => {
        const broken = path.join(work, 'broken')
        cpSync(programThat('ends', 'exit 3'), broken, { recursive: true })
        const { status, out } = script('try-package.mjs', broken)
        expect(out).toContain('FAILED: it starts, opens its database and ends in order')
        expect(status).toBe(1)
      },
      TRIES_MS,
    )
  },
)
