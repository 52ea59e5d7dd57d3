import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, symlinkSync, utimesSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { describe, expect, test } from 'vitest'
import { createLog } from '../../../electron/core/log/log.ts'
import { createKillSwitch, type KillSwitch } from '../../../electron/core/orders/kill-switch.ts'
import type { Db } from '../../../electron/core/db/open.ts'
import type { LogRecord } from '../../../electron/core/ports.ts'
import { readKill, writeKill } from '../../../electron/core/store/trading-switches.ts'
import { modeOf, tempDatabase, tempFolder } from '../../support/data-folder.ts'
import { type VirtualClock, virtualClock } from '../../support/virtual-clock.ts'

interface House {
  readonly db: Db
  readonly clock: VirtualClock
  readonly file: string
  readonly kill: KillSwitch
  readonly records: LogRecord[]
  /** The same switch in another run. */
  again(): KillSwitch
}

function house(): House {
  const folder = tempFolder()
  const db = tempDatabase(folder)
  const clock = virtualClock()
  const file = path.join(folder, 'kill-switch')
  const records: LogRecord[] = []
  const log = createLog(record => void records.push(record), clock)
  const again = (): KillSwitch => createKillSwitch({ db, file, clock, log })
  return { db, clock, file, kill: again(), records, again }
}

describe('the kill switch', () => {
  test('is off until somebody pulls it, and then stops every order', () => {
    const { kill, clock } = house()
    expect(kill.state()).toBeNull()
    expect(() => kill.check()).not.toThrow()
    expect(kill.pull('tray')).toBe(true)
    expect(kill.state()).toEqual({ since: clock.now(), by: 'tray' })
    expect(() => kill.check()).toThrow(expect.objectContaining({ code: 'order/stopped-killed' }))
  })

  test('is written down in both places, the file for its owner only', () => {
    const { kill, db, file, clock } = house()
    kill.pull('tray')
    const state = { since: clock.now(), by: 'tray' }
    expect(JSON.parse(readFileSync(file, 'utf8'))).toEqual(state)
    expect(readKill(db.reader)).toEqual(state)
    expect(process.platform === 'win32' || modeOf(file) === 0o600).toBe(true)
  })

  test('tells how often it was taken back, wherever that was done', () => {
    const { kill, file } = house()
    expect(kill.timesTakenBack()).toBe(0)
    kill.pull('tray')
    expect(kill.timesTakenBack()).toBe(0)
    kill.release()
    expect(kill.timesTakenBack()).toBe(1)
    // Put there and taken away by somebody else, seen in between.
    writeFileSync(file, '')
    expect(kill.state()).not.toBeNull()
    rmSync(file)
    expect(kill.timesTakenBack()).toBe(2)
    expect(kill.timesTakenBack()).toBe(2)
    writeFileSync(file, '')
    kill.release()
    expect(kill.timesTakenBack()).toBe(3)
    kill.release()
    expect(kill.timesTakenBack()).toBe(3)
  })

  test('says who was first, however often it is pulled', async () => {
    const { kill, clock } = house()
    kill.pull('tray')
    const first = kill.state()
    await clock.advance(5_000)
    expect(kill.pull('window')).toBe(false)
    expect(kill.state()).toEqual(first)
  })

  test('that another program pulled is pulled here as well, since then and by it', () => {
    const { kill, file, db } = house()
    const state = { since: '2026-11-20T14:00:00.000Z', by: 'cli' }
    writeFileSync(file, JSON.stringify(state))
    expect(kill.pull('window')).toBe(true)
    expect(kill.state()).toEqual(state)
    expect(readKill(db.reader)).toEqual(state)
  })

  test('is on in another run by either of its places alone', () => {
    const { kill, again, file, db } = house()
    kill.pull('tray')
    rmSync(file)
    expect(again().state()?.by).toBe('tray')
    writeKill(db.writer, null)
    expect(again().state()).toBeNull()
    kill.pull('tray')
    writeKill(db.writer, null)
    expect(again().state()?.by).toBe('tray')
  })

  test('holds where it could be written nowhere, and each place is tried', () => {
    const { db, clock, file: there, records } = house()
    const file = path.join(path.dirname(there), 'not-there', 'kill-switch')
    const kill = createKillSwitch({ db, file, clock, log: createLog(record => void records.push(record), clock) })
    expect(kill.pull('tray')).toBe(true)
    expect(readKill(db.reader)?.by).toBe('tray')
    expect(records).toMatchObject([{ level: 'error', event: 'orders.kill-not-kept', fields: { cause: expect.anything() as unknown } }])
    db.close()
    mkdirSync(path.dirname(file))
    expect(kill.pull('tray')).toBe(false)
    expect(kill.state()?.by).toBe('tray')
    expect(existsSync(file)).toBe(true)
    expect(records.map(({ event }) => event)).toEqual(['orders.kill-not-kept', 'orders.kill-not-kept'])
  })

  test('leaves no file open, however often it is pulled', () => {
    const { kill } = house()
    const openFiles = (): number => (existsSync('/proc/self/fd') ? readdirSync('/proc/self/fd').length : 0)
    const before = openFiles()
    for (let turn = 0; turn < 60; turn += 1) {
      kill.pull('tray')
      kill.release()
    }
    expect(openFiles()).toBeLessThan(before + 30)
  })

  test('was taken back though somebody else pulled it before anybody looked', () => {
    const { kill, file } = house()
    kill.pull('tray')
    kill.release()
    writeFileSync(file, '')
    expect(kill.timesTakenBack()).toBe(1)
  })

  test('is off again in both places once it is taken back, and can be pulled anew', () => {
    const { kill, again, file, db } = house()
    kill.pull('tray')
    kill.release()
    expect([kill.state(), again().state(), readKill(db.reader), existsSync(file)]).toEqual([null, null, null, false])
    // There is no file to take away.
    kill.release()
    expect(kill.pull('window')).toBe(true)
    expect(kill.state()?.by).toBe('window')
  })
})

describe('the file of the kill switch', () => {
  const SINCE = '2026-11-20T14:00:00.000Z'
  const UNKNOWN = { since: SINCE, by: 'file' }

  test.each<[string, string, unknown]>([
    ['nothing', '', UNKNOWN],
    ['any text', 'stop!', UNKNOWN],
    ['nothing by name', 'null', UNKNOWN],
    ['a list', '[]', UNKNOWN],
    ['what is no time and no name', '{"since":"yesterday","by":5}', UNKNOWN],
    ['a number for a time', '{"since":7,"by":"cli"}', { since: SINCE, by: 'cli' }],
    ['a time alone', '{"since":"2026-11-19T10:00:00.000Z"}', { since: '2026-11-19T10:00:00.000Z', by: 'file' }],
    ['a name that is too long', `{"by":"${'x'.repeat(60)}"}`, { since: SINCE, by: 'x'.repeat(40) }],
  ])('stops with %s in it, as of when it was made', (_, text, expected) => {
    const { kill, file } = house()
    writeFileSync(file, text)
    utimesSync(file, new Date(SINCE), new Date(SINCE))
    expect(kill.state()).toEqual(expected)
    expect(() => kill.check()).toThrow(/kill switch/)
  })
})

test.each([
  ['leads nowhere', 'gone'],
  ['leads to itself', 'kill-switch'],
])('A link in the place of the file of the kill switch stops, too, although it %s', (_, target) => {
  const { kill, file } = house()
  symlinkSync(target, file)
  expect(kill.state()).toMatchObject({ by: 'file' })
  expect(() => kill.check()).toThrow(/kill switch/)
  kill.release()
  expect(kill.state()).toBeNull()
})

describe('a folder in the place of the file of the kill switch', () => {
  test('stops, and goes with the switch while it is empty', () => {
    const { kill, file, db } = house()
    mkdirSync(file)
    expect(kill.state()).toMatchObject({ by: 'file' })
    kill.pull('tray')
    kill.release()
    expect([kill.state(), readKill(db.reader), existsSync(file)]).toEqual([null, null, false])
  })

  test('with something in it stays as it is, and so does the switch', () => {
    const { kill, file } = house()
    mkdirSync(file)
    writeFileSync(path.join(file, 'note.txt'), 'mine')
    const stays = { code: 'order/kill-stays', details: { name: 'kill-switch' } }
    expect(() => kill.release()).toThrow(expect.objectContaining(stays))
    expect(kill.state()).toMatchObject({ by: 'file' })
    expect(readdirSync(file)).toEqual(['note.txt'])
    expect(kill.timesTakenBack()).toBe(0)
  })
})

describe('a data folder that cannot be looked into', () => {
  /** Its folder becomes a link to itself, as good as a drive that answers with errors. */
  function unseen(): House & { readonly back: () => void } {
    const { db, clock, records } = house()
    const folder = path.join(tempFolder(), 'data')
    mkdirSync(folder)
    const file = path.join(folder, 'kill-switch')
    const again = (): KillSwitch => createKillSwitch({ db, file, clock, log: createLog(record => void records.push(record), clock) })
    const back = (): void => {
      rmSync(folder)
      mkdirSync(folder)
    }
    return { db, clock, records, file, kill: again(), again, back }
  }

  function lose({ file }: House): void {
    rmSync(path.dirname(file), { recursive: true })
    symlinkSync(path.basename(path.dirname(file)), path.dirname(file))
  }

  test('stops every order until it can be seen again: what cannot be seen may be on', async () => {
    const home = unseen()
    const { kill, clock } = home
    lose(home)
    const seen = kill.state()
    expect(seen).toEqual({ since: clock.now(), by: 'file' })
    expect(() => kill.check()).toThrow(/kill switch/)
    await clock.advance(5_000)
    expect(kill.state()).toEqual(seen)
    home.back()
    expect(kill.state()).toBeNull()
    lose(home)
    expect(kill.state()).toEqual({ since: clock.now(), by: 'file' })
  })

  test('is told to the log once, and once more when it was seen in between', () => {
    const home = unseen()
    const told = (): number => home.records.filter(({ event, fields }) => event === 'orders.kill-unseen' && 'cause' in fields).length
    lose(home)
    home.kill.state()
    home.kill.state()
    expect(told()).toBe(1)
    home.back()
    home.kill.state()
    lose(home)
    home.kill.state()
    expect(told()).toBe(2)
  })

  test('keeps nobody from pulling it, and what is on its way is stopped', () => {
    const home = unseen()
    const order = home.kill.guard()
    lose(home)
    expect(home.kill.pull('tray')).toBe(true)
    expect(order.signal.aborted).toBe(true)
    expect(readKill(home.db.reader)).not.toBeNull()
    home.back()
    expect(home.kill.state()).not.toBeNull()
  })

  test('stops what waits, without anybody pulling it', async () => {
    const home = unseen()
    const order = home.kill.guard()
    lose(home)
    await home.clock.advance(100)
    expect(order.signal.reason).toMatchObject({ code: 'order/stopped-killed' })
  })

  test('is no place to take the switch back in', () => {
    const home = unseen()
    lose(home)
    expect(() => home.kill.release()).toThrow(expect.objectContaining({ code: 'order/kill-stays' }))
    expect(home.kill.state()).not.toBeNull()
  })
})

test('A database that cannot be read stops what is on its way, and keeps nobody from pulling the switch', async () => {
  const { kill, db, clock, file } = house()
  const waiting = kill.guard()
  db.close()
  await clock.advance(100)
  expect(waiting.signal.aborted).toBe(true)
  const next = kill.guard()
  expect(kill.pull('tray')).toBe(true)
  expect(next.signal.aborted).toBe(true)
  expect(kill.state()).toEqual({ since: clock.now(), by: 'tray' })
  expect(existsSync(file)).toBe(true)
})

describe('an order on its way out', () => {
  test('is stopped when the switch is pulled, and so is every other', () => {
    const { kill } = house()
    const [first, second] = [kill.guard(), kill.guard()]
    expect(first.signal.aborted).toBe(false)
    kill.pull('tray')
    for (const { signal } of [first, second]) {
      expect(signal.aborted).toBe(true)
      expect(signal.reason).toMatchObject({ code: 'order/stopped-killed' })
    }
  })

  test('is let go once it is over: nothing is stopped then', () => {
    const { kill } = house()
    const [first, second] = [kill.guard(), kill.guard()]
    first.release()
    kill.pull('tray')
    expect([first.signal.aborted, second.signal.aborted]).toEqual([false, true])
  })

  test('is stopped within a tenth of a second when another program makes the file, however long it waits', async () => {
    const { kill, file, clock } = house()
    const order = kill.guard()
    await clock.advance(1_050)
    expect(order.signal.aborted).toBe(false)
    writeFileSync(file, '')
    await clock.advance(49)
    expect(order.signal.aborted).toBe(false)
    await clock.advance(1)
    expect(order.signal.aborted).toBe(true)
  })

  test('is what the file is looked at for: once for all of them, and not when there is none', async () => {
    const { kill, file, clock } = house()
    const [first, second] = [kill.guard(), kill.guard()]
    expect(clock.pending).toBe(1)
    first.release()
    await clock.advance(200)
    expect(clock.pending).toBe(1)
    second.release()
    await clock.advance(200)
    expect(clock.pending).toBe(0)
    const third = kill.guard()
    writeFileSync(file, '')
    await clock.advance(100)
    expect([first, second, third].map(({ signal }) => signal.aborted)).toEqual([false, false, true])
  })
})
