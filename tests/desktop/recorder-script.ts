import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { recordDesk } from './recorder.ts'

let file: string | undefined

/** The recorder as a script of its own, which a real Electron loads with `-r`. */
export function recorderScript(): string {
  if (file === undefined) {
    const folder = mkdtempSync(path.join(tmpdir(), 'keelson-recorder-'))
    process.once('exit', () => rmSync(folder, { recursive: true, force: true }))
    file = path.join(folder, 'recorder.cjs')
    writeFileSync(file, `(${String(recordDesk)})(require('electron'))\n`)
  }
  return file
}
