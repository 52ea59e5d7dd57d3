import { spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { folderInMemory } from './memory.ts'

let root = ''
beforeEach(() => {
  root = mkdtempSync(path.join(tmpdir(), 'memory-'))
})
afterEach(() => rmSync(root, { recursive: true, force: true }))

test('a gate gets a folder of its own, and takes away what one that was killed has left', () => {
  const { pid } = spawnSync(process.execPath, ['--version'])
  const left = path.join(root, `keelson-gate-${pid}-abc`)
  const others = path.join(root, 'of-another-program')
  for (const folder of [left, others]) mkdirSync(folder)

  const first = folderInMemory(root, 0)
  const second = folderInMemory(root, 0)
  expect(first).not.toBe(second)
  expect([first, second, left, others].map(folder => folder !== undefined && existsSync(folder))).toEqual([true, true, false, true])
})

test('without memory to write to, or without room in it, the disk is used', () => {
  expect(folderInMemory(path.join(root, 'nowhere'), 0)).toBeUndefined()
  expect(folderInMemory(root, Number.MAX_SAFE_INTEGER)).toBeUndefined()
})
