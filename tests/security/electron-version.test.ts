import { readFileSync } from 'node:fs'
import path from 'node:path'
import { describe, expect, test } from 'vitest'
import { ageTrouble, type Released, weaknessOf } from '../../electron/packaging/electron-age.ts'
import { repoRoot } from '../support/repo-root.ts'

const read = (file: string): unknown => JSON.parse(readFileSync(path.join(repoRoot, file), 'utf8'))
const at = (value: unknown, ...names: readonly string[]): unknown => names.reduce((inner, name) => Reflect.get(Object(inner), name), value)

const pinned = String(at(read('package.json'), 'devDependencies', 'electron'))

describe('the Electron that is shipped', () => {
  test('is the one that is pinned, locked and installed', () => {
    expect(pinned).toMatch(/^\d+\.\d+\.\d+$/)
    expect(at(read('package-lock.json'), 'packages', 'node_modules/electron', 'version')).toBe(pinned)
    expect(at(read('node_modules/electron/package.json'), 'version')).toBe(pinned)
  })

  test('has no weakness that would undo the walls of the window', () => {
    expect(weaknessOf(pinned)).toBeNull()
  })

  test.each(['41.9.9', '42.0.0-beta.4', '38.8.8', '9.0.0'])('would not be %s', version => {
    expect(weaknessOf(version)).toContain('CVE-2026-70601')
  })
})

describe('what a release asks of its age', () => {
  const released: Released = {
    created: '2013-01-01T00:00:00Z',
    '42.9.9': '2026-11-15T00:00:00Z',
    '43.8.0': '2026-11-10T00:00:00Z',
    '45.0.0': '2026-08-01T00:00:00Z',
    '45.4.1': '2026-11-19T00:00:00Z',
    '46.0.0-alpha.5': '2026-11-02T00:00:00Z',
  }
  const today = new Date('2026-11-21T12:00:00Z')

  test.each([
    ['45.4.1', null],
    ['43.8.0', null],
    ['42.9.9', 'no longer supported'],
    ['45.0.0', '112 days old'],
    ['45.9.9', 'Nobody knows'],
  ])('%s', (version, trouble) => {
    const said = ageTrouble(version, released, today)
    expect(trouble === null ? said : said?.includes(trouble)).toBe(trouble === null ? null : true)
  })
})
