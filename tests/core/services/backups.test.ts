import { readdirSync } from 'node:fs'
import path from 'node:path'
import { expect, test } from 'vitest'
import { createBackups } from '../../../electron/core/services/backups.ts'
import { createLog } from '../../../electron/core/log/log.ts'
import { openDatabase } from '../../../electron/core/db/open.ts'
import type { LogRecord } from '../../../electron/core/ports.ts'
import { fakePorts, tempFolder } from '../../support/fake-ports.ts'

const DAY_MS = 86_400_000

test('a host that runs for days copies its database every day, and keeps a week', async () => {
  using folder = tempFolder()
  const { clock, power } = fakePorts(folder.path)
  const records: LogRecord[] = []
  const db = openDatabase({ file: path.join(folder.path, 'keelson.db'), now: clock.now })
  const dir = path.join(folder.path, 'backups')
  const made = (): number => records.filter(record => record.event === 'backup.made').length
  let onMade = (): void => undefined
  const log = createLog(record => {
    records.push(record)
    onMade()
  }, clock)
  const backups = createBackups({ db, dir, clock, power, log })
  backups.start()
  for (let day = 1; day <= 9; day += 1) {
    const done = new Promise<void>(resolve => (onMade = resolve))
    clock.jump(day === 1 ? 10_000 : DAY_MS)
    await done
    expect(made()).toBe(day)
  }
  await backups.stop()
  clock.jump(DAY_MS)
  expect(made()).toBe(9)
  expect(readdirSync(dir).filter(name => name.endsWith('.db'))).toHaveLength(7)
  db.close()
})
