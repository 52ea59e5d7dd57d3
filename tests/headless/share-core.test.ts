import { readdirSync, statSync } from 'node:fs'
import path from 'node:path'
import { expect, test } from 'vitest'
import { COMMAND_FILE, type HostFile, readHostFile } from '../../electron/headless/host-file.ts'
import { connectToHost } from '../../electron/headless/remote-core.ts'
import { shareCore } from '../../electron/headless/share-core.ts'
import { tempFolder } from '../support/fake-ports.ts'
import { type Answers, fakeCore } from './support/fake-core.ts'

const { signal } = new AbortController()
const lock = { on: false, locked: false, waitMs: 0, idleMinutes: null }
const coreOf = (answers: Answers = {}) => fakeCore({ 'lock.status': () => lock, ...answers })

function hostIn(dataDir: string): HostFile {
  const host = readHostFile(dataDir, COMMAND_FILE)
  if (!host) throw new Error('nobody shares this folder')
  return host
}

test('a command that waits answers others on its folder, and is no host to them that look for one', async () => {
  using folder = tempFolder()
  const own = coreOf({ 'app.status': () => ({ version: '1' }) })
  const shared = await shareCore(own, folder.path)
  expect(readHostFile(folder.path)).toBeNull()
  const guest = await connectToHost(hostIn(folder.path))
  expect(await guest.dispatch({ id: '1', route: 'app.status', input: {} }, { signal })).toEqual({ ok: true, data: { version: '1' } })
  const { mode } = statSync(path.join(folder.path, COMMAND_FILE))
  expect(process.platform === 'win32' ? 0 : mode & 0o077).toBe(0)
  await shared.close()
  expect(own.closed()).toBe(true)
  expect(readdirSync(folder.path)).toEqual([])
})

test('nobody without the key in its file gets in', async () => {
  using folder = tempFolder()
  const shared = await shareCore(coreOf(), folder.path)
  await expect(connectToHost({ ...hostIn(folder.path), token: 'guessed' })).rejects.toMatchObject({ code: 'app/disconnected' })
  await shared.close()
})

test('it has no pages, so nobody is given a link to come in as a browser, which may say yes to orders', async () => {
  using folder = tempFolder()
  const shared = await shareCore(coreOf(), folder.path)
  const { port, token } = hostIn(folder.path)
  const headers = { authorization: `Bearer ${token}`, 'x-keelson': '1', 'content-type': 'application/json' }
  const answer = await fetch(`http://127.0.0.1:${port}/link`, { method: 'POST', headers })
  expect({ status: answer.status, body: await answer.text() }).toEqual({ status: 404, body: '404\n' })
  await shared.close()
})

test('what others asked for is answered before the command ends', async () => {
  using folder = tempFolder()
  const { promise, resolve } = Promise.withResolvers<unknown>()
  const own = coreOf({ 'sync.run': () => promise })
  const shared = await shareCore(own, folder.path)
  const guest = await connectToHost(hostIn(folder.path))
  const answer = guest.dispatch({ id: '1', route: 'sync.run', input: {} }, { signal })
  await own.untilAsked('sync.run')
  const closed = shared.close()
  expect(own.closed()).toBe(false)
  resolve({ result: 'success' })
  expect(await answer).toEqual({ ok: true, data: { result: 'success' } })
  await closed
  expect(own.closed()).toBe(true)
})

test('a core whose lock was opened for one command is opened for no other', async () => {
  using folder = tempFolder()
  const own = coreOf({ 'lock.status': () => ({ ...lock, on: true, idleMinutes: 5 }) })
  const core = await shareCore(own, folder.path)
  expect(readdirSync(folder.path)).toEqual([])
  await core.close()
  expect(own.closed()).toBe(true)
})
