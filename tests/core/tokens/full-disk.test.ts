import { existsSync } from 'node:fs'
import path from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import type { Db } from '../../../electron/core/db/open.ts'
import { getTrouble } from '../../../electron/core/store/connections.ts'
import { readToken } from '../../../electron/core/store/tokens.ts'
import { AppError } from '../../../shared/contract/errors.ts'
import type { Connection } from '../../../shared/domain/connection.ts'
import { tempFolder } from '../../support/fake-ports.ts'
import { type Authority, startAuthority } from './support/authority.ts'
import { addConnection, grantOf, openTokenDesk, signal, type TokenDesk } from './support/desk.ts'

let folder: ReturnType<typeof tempFolder>
let authority: Authority
let desk: TokenDesk
let connection: Connection
let disk: 'well' | 'full' | 'stuffed'

const ballast = (): boolean => existsSync(path.join(folder.path, 'ballast'))

/** A disk that takes nothing while it is full: `full` is full but for the ballast, `stuffed` has not even that. */
function onDisk(db: Db): Db {
  const check = (): void => {
    if (disk === 'stuffed' || (disk === 'full' && ballast())) throw new AppError('app/disk-full')
  }
  const checked =
    <A extends readonly unknown[], R>(write: (...given: A) => R) =>
    (...given: A): R => {
      check()
      return write(...given)
    }
  return { ...db, writer: { ...db.writer, run: checked(db.writer.run), tx: fn => checked(db.writer.tx<ReturnType<typeof fn>>)(fn) } }
}

beforeEach(async () => {
  folder = tempFolder()
  authority = await startAuthority('strict')
  disk = 'well'
  desk = await openTokenDesk({ folder: folder.path, origin: authority.server.origin, before: onDisk })
  connection = addConnection(desk)
  desk.tokens.save(connection.id, grantOf(desk), { signInBy: null })
  await desk.tokens.recover()
})
afterEach(async () => {
  disk = 'well'
  await desk[Symbol.asyncDispose]()
  await authority[Symbol.asyncDispose]()
  folder[Symbol.dispose]()
})

const refresh = (): Promise<void> => desk.tokens.refresh(connection.id, { signal })

test('a disk that is full before a refresh lets nothing be presented', async () => {
  disk = 'full'
  await expect(refresh()).rejects.toMatchObject({ code: 'app/disk-full' })
  expect(authority.presented).toEqual([])
  expect(ballast()).toBe(true)
})

test('a disk that fills up during a refresh gives the ballast for the new tokens, and takes it again later', async () => {
  authority.around({
    after: () => {
      disk = 'full'
      return 'go on'
    },
  })
  await refresh()
  expect(readToken(desk.db.reader, connection.id)?.generation).toBe(2)
  expect(getTrouble(desk.db.reader, connection.id)).toBeNull()
  disk = 'well'
  authority.around(null)
  await refresh()
  expect(ballast()).toBe(true)
  expect(authority.presented).toEqual(['refresh-1', 'refresh-2'])
})

test('an answer that fits nowhere is kept in memory and saved first the next time', async () => {
  authority.around({
    after: () => {
      disk = 'stuffed'
      return 'go on'
    },
  })
  await expect(refresh()).rejects.toMatchObject({ code: 'app/disk-full' })
  disk = 'well'
  authority.around(null)
  await refresh()
  expect(authority.presented).toEqual(['refresh-1'])
  expect(readToken(desk.db.reader, connection.id)?.generation).toBe(2)
})
