import { statSync } from 'node:fs'
import path from 'node:path'
import { describe, expect, test } from 'vitest'
import { packageOf, readAtOnce, sourcesOf } from './bundle.ts'

describe('the start of the app', () => {
  const files = readAtOnce('out/main/index.js')

  test('reads no package before the first window: those come with the core, while the window is drawn', () => {
    expect([...new Set(files.flatMap(sourcesOf).map(packageOf).filter(name => name !== undefined))]).toEqual([])
  })

  test('reads little', () => {
    expect(files.map(file => statSync(file).size).reduce((sum, size) => sum + size, 0)).toBeLessThan(200_000)
    expect(files.length).toBeLessThan(10)
    expect(files.filter(file => !file.startsWith(path.resolve(import.meta.dirname, '../../out/main')))).toEqual([])
  })
})
