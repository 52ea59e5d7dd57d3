import { mkdirSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { expect, test } from 'vitest'
import { readEditionFiles } from '../../electron/node/edition-files.ts'
import { tempFolder } from '../support/fake-ports.ts'

test('the usual build has no edition file and no licence to look for', () => {
  using root = tempFolder()
  using data = tempFolder()
  writeFileSync(path.join(data.path, 'licence.key'), 'l')
  expect(readEditionFiles(root.path, data.path)).toBeNull()
})

test("a distributor's build brings its policy, and the data folder may hold a licence", () => {
  using root = tempFolder()
  using data = tempFolder()
  mkdirSync(path.join(root.path, 'resources'))
  const file = path.join(root.path, 'resources', 'entitlements.json')
  writeFileSync(file, '{"p":1}')
  expect(readEditionFiles(root.path, data.path)).toEqual({ policy: '{"p":1}', file, licence: null })
  writeFileSync(path.join(data.path, 'licence.key'), 'a.b.c')
  expect(readEditionFiles(root.path, data.path)).toEqual({ policy: '{"p":1}', file, licence: 'a.b.c' })
})
