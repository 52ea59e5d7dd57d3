import { once } from 'node:events'
import { pathToFileURL } from 'node:url'
import { Worker } from 'node:worker_threads'
import { chmodSync, mkdirSync, statSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { expect, test } from 'vitest'
import { privateFolder } from '../../../electron/core/db/private-files.ts'
import { writePrivateFile } from '../../../electron/node/private-file.ts'
import { tempFolder } from '../../support/fake-ports.ts'
import { repoRoot } from '../../support/repo-root.ts'

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

test.each([
  ['electron/core/db/private-files.ts', 'privateFolder'],
  ['electron/node/private-file.ts', 'makePrivateFolder'],
])('a folder is made once by threads that make it in the same moment (%s)', async (file, name) => {
  using folder = tempFolder()
  const threads = 4
  const rounds = 300
  const gate = new Int32Array(new SharedArrayBuffer(4))
  const module = pathToFileURL(path.join(repoRoot, file)).href
  const body = `
    const { workerData, parentPort } = require('node:worker_threads')
    import(workerData.module).then(({ [workerData.name]: make }) => {
      for (let round = 1; round <= workerData.rounds; round += 1) {
        Atomics.add(workerData.gate, 0, 1)
        while (Atomics.load(workerData.gate, 0) < round * workerData.threads) continue
        make(workerData.base + '/' + round)
      }
      parentPort.postMessage('done')
    })`
  const ends = Array.from({ length: threads }, async () => {
    const worker = new Worker(body, { eval: true, workerData: { module, name, gate, base: folder.path, rounds, threads } })
    const said: unknown[] = await once(worker, 'message')
    await worker.terminate()
    return said[0]
  })
  expect(await Promise.all(ends)).toEqual(Array.from({ length: threads }, () => 'done'))
})
