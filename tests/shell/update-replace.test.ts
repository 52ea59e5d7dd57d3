import { chmodSync, mkdirSync, readdirSync, readFileSync, statSync, symlinkSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { describe, expect, test } from 'vitest'
import { replaceProgram } from '../../electron/shell/updates/replace-program.ts'
import { tempFolder } from '../support/data-folder.ts'
import { HASH } from './support/update-feed.ts'

/** A folder with a program in it, and what may come in its place. */
function bench() {
  const folder = path.join(tempFolder(), 'My Programs')
  mkdirSync(folder)
  const program = path.join(folder, 'Keelson.AppImage')
  writeFileSync(program, 'old')
  chmodSync(program, 0o755)
  const downloads = tempFolder()
  return {
    folder,
    program,
    /** Replaces the program with this text. */
    replace(text: string): Promise<void> {
      const fresh = path.join(downloads, `fresh-${text.length}`)
      writeFileSync(fresh, text, { mode: 0o600 })
      return replaceProgram(fresh, program, { name: 'Keelson.AppImage', sha512: HASH(Buffer.from(text)), size: text.length })
    },
  }
}

describe('A program', () => {
  test('is replaced by two copies of the app at once, one after the other and each whole', async () => {
    const { folder, program, replace } = bench()
    const [one, other] = ['1'.repeat(100_000), '2'.repeat(300_000)]
    await Promise.all([replace(one), replace(other)])
    expect([one, other]).toContain(readFileSync(program, 'utf8'))
    expect(readdirSync(folder)).toEqual(['Keelson.AppImage'])
    expect(statSync(program).mode & 0o777).toBe(0o755)
  })

  test('is replaced although something stands where a draft could be', async () => {
    const { folder, program, replace } = bench()
    const elsewhere = path.join(folder, 'of-somebody.txt')
    writeFileSync(elsewhere, 'mine')
    mkdirSync(path.join(folder, '.Keelson.AppImage.new'))
    symlinkSync(elsewhere, path.join(folder, '.Keelson.AppImage.draft'))
    await replace('new')
    expect([readFileSync(program, 'utf8'), readFileSync(elsewhere, 'utf8')]).toEqual(['new', 'mine'])
  })

  test('takes along what a copy that was killed left behind, and nothing of one that still runs', async () => {
    const { folder, program, replace } = bench()
    const gone = '.Keelson.AppImage.999999999-3f0c.new'
    const running = `.Keelson.AppImage.${process.ppid}-3f0c.new`
    const others = '.Other.AppImage.999999999-3f0c.new'
    for (const name of [gone, running, others]) writeFileSync(path.join(folder, name), 'half')
    await replace('new')
    expect(readdirSync(folder).sort()).toEqual(['Keelson.AppImage', running, others].sort())
    expect(readFileSync(program, 'utf8')).toBe('new')
  })
})
