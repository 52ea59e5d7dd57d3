import { existsSync } from 'node:fs'
import path from 'node:path'
import { expect, test } from 'vitest'
import { repoRoot } from '../support/repo-root.ts'
import { SLOW } from './slow-first.ts'
import { TOGETHER } from './together.ts'

test('the files that begin first are there', () => {
  expect(SLOW.filter(name => !existsSync(path.join(repoRoot, 'tests', name)))).toEqual([])
})

test('the folders whose files share workers are there', () => {
  expect(TOGETHER.filter(folder => !existsSync(path.join(repoRoot, folder)))).toEqual([])
})
