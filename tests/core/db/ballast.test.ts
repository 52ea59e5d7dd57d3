import { existsSync, mkdirSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { createBallast } from '../../../electron/core/db/ballast.ts'
import { AppError } from '../../../shared/contract/errors.ts'
import { openToOthers, tempFolder } from '../../support/data-folder.ts'

const full = (): never => {
  throw new AppError('app/disk-full')
}

test('space is set aside, private, written out in full, and given free for a write the disk refuses', () => {
  const dir = tempFolder()
  const file = join(dir, 'ballast')
  const ballast = createBallast(dir)
  ballast.restore()
  expect(statSync(file).size).toBeGreaterThanOrEqual(65_536)
  expect(statSync(file).blocks * 512).toBeGreaterThanOrEqual(65_536)
  expect(openToOthers(dir)).toEqual([])

  expect(ballast.makeRoomFor(() => (existsSync(file) ? full() : 'saved'))).toBe('saved')
  ballast.restore()
  expect(existsSync(file)).toBe(true)
})

test('a write is tried twice at most, and only for want of space', () => {
  const ballast = createBallast(tempFolder())
  ballast.restore()
  let times = 0
  const write = (code: 'app/disk-full' | 'app/busy') => () => {
    times += 1
    throw new AppError(code)
  }
  expect(() => ballast.makeRoomFor(write('app/busy'))).toThrow(AppError)
  expect(times).toBe(1)
  expect(() => ballast.makeRoomFor(write('app/disk-full'))).toThrow(AppError)
  expect(times).toBe(3)
  expect(() => ballast.makeRoomFor(write('app/disk-full'))).toThrow(AppError)
  expect(times).toBe(4)
})

test('a cut-off file is written anew, and a folder that takes none is no failure', () => {
  const dir = tempFolder()
  writeFileSync(join(dir, 'ballast'), 'half')
  createBallast(dir).restore()
  expect(statSync(join(dir, 'ballast')).size).toBeGreaterThanOrEqual(65_536)

  createBallast(join(dir, 'missing')).restore()
  mkdirSync(join(dir, 'taken', 'ballast', 'x'), { recursive: true })
  createBallast(join(dir, 'taken')).restore()
})
