import { readdirSync, statSync } from 'node:fs'
import path from 'node:path'
import { describe, expect, test } from 'vitest'
import { packageOf, readAtOnce, sourcesOf } from './bundle.ts'

const root = path.resolve(import.meta.dirname, '../..')
const everything = readdirSync(path.join(root, 'out/main'), { recursive: true, encoding: 'utf8' })
  .filter(name => name.endsWith('.js'))
  .flatMap(name => sourcesOf(path.join(root, 'out/main', name)))

describe('the main process', () => {
  test('is made of the shell, the core and packages: no test, no other host, no tool', () => {
    const ours = everything.filter(name => packageOf(name) === undefined && !name.startsWith('\0') && !name.includes('\u0000'))
    expect(ours.length).toBeGreaterThan(200)
    expect(ours.filter(name => !/^(?:electron\/(?:core|node|shell)\/|shared\/)/.test(name))).toEqual([])
  })

  test('reads no settings from a file in the folder it was started in', () => {
    expect(everything.map(packageOf).filter(name => name === 'dotenv')).toEqual([])
  })
})

describe('the start of the app', () => {
  const files = readAtOnce('out/main/index.js')

  test('reads no package before the first window: those come with the core, while the window is drawn', () => {
    expect([
      ...new Set(
        files
          .flatMap(sourcesOf)
          .map(packageOf)
          .filter(name => name !== undefined),
      ),
    ]).toEqual([])
  })

  test('reads little', () => {
    expect(files.map(file => statSync(file).size).reduce((sum, size) => sum + size, 0)).toBeLessThan(200_000)
    expect(files.length).toBeLessThan(10)
    expect(files.filter(file => !file.startsWith(path.resolve(import.meta.dirname, '../../out/main')))).toEqual([])
  })
})
