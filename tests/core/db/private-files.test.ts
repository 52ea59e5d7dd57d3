import { chmodSync, mkdirSync, statSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { expect, test } from 'vitest'
import { privateFolder } from '../../../electron/core/db/private-files.ts'
import { writePrivateFile } from '../../../electron/node/private-file.ts'
import { tempFolder } from '../../support/fake-ports.ts'

const mode = (file: string): number => statSync(file).mode & 0o777

test.skipIf(process.platform === 'win32')('a new data folder and its new parents are its owner\'s alone', () => {
  using folder = tempFolder()
  const dir = path.join(folder.path, 'a', 'b')
  privateFolder(dir)
  expect([mode(dir), mode(path.dirname(dir))]).toEqual([0o700, 0o700])
})

test.skipIf(process.platform === 'win32')('a folder in use keeps the mode its owner gave it, whoever writes into it', () => {
  using folder = tempFolder()
  const shared = path.join(folder.path, 'shared')
  mkdirSync(shared)
  writeFileSync(path.join(shared, 'mine.txt'), 'x')
  chmodSync(shared, 0o755)
  privateFolder(shared)
  writePrivateFile(path.join(shared, 'host.json'), '{}')
  expect(mode(shared)).toBe(0o755)
  expect(mode(path.join(shared, 'host.json'))).toBe(0o600)
})

test('a place where no folder can be is refused in words', () => {
  using folder = tempFolder()
  const file = path.join(folder.path, 'a-file')
  writeFileSync(file, 'x')
  expect(() => privateFolder(path.join(file, 'below'))).toThrow('Keelson cannot use its data folder: it is a file.')
})

test.skipIf(process.platform !== 'linux')('a folder that takes no new ones is refused at once, not tried for ever', () => {
  expect(() => privateFolder('/proc/keelson/data')).toThrow(expect.objectContaining({ code: 'app/folder-unusable' }))
})
