import { existsSync } from 'node:fs'
import path from 'node:path'
import { expect, test } from 'vitest'
import { repoRoot } from '../support/source-tree.ts'
import { SLOW } from './slow-first.ts'

test('the files that begin first are there', () => {
  expect(SLOW.filter(name => !existsSync(path.join(repoRoot, 'tests', name)))).toEqual([])
})
