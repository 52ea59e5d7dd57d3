import { expect, test } from 'vitest'
import { createKeepers } from '../../../electron/core/services/keepers.ts'
import { createLog } from '../../../electron/core/log/log.ts'
import type { LogRecord } from '../../../electron/core/ports.ts'
import { jumpingClock } from '../../support/fake-ports.ts'

function setting() {
  const records: LogRecord[] = []
  const closed: string[] = []
  const socket =
    (name: string, fails = false) =>
    () => ({
      name,
      close: () => (fails ? Promise.reject(new Error('stuck')) : Promise.resolve(void closed.push(name))),
    })
  return { keepers: createKeepers({ log: createLog(record => void records.push(record), jumpingClock()) }), closed, records, socket }
}

test('what a connection keeps is opened once, and closed with the connection alone', async () => {
  const { keepers, closed, socket } = setting()
  const keep = keepers.of('con_1')
  expect(keep('socket', socket('a'))).toBe(keep('socket', socket('b')))
  keepers.of('con_2')('socket', socket('c'))
  await keepers.close('con_1')
  expect(closed).toEqual(['a'])
  expect(keep('socket', socket('d')).name).toBe('d')
  await keepers.closeAll()
  expect(closed.toSorted()).toEqual(['a', 'c', 'd'])
})

test('one that does not close keeps nothing else from closing', async () => {
  const { keepers, closed, records, socket } = setting()
  keepers.of('con_1')('one', socket('a', true))
  keepers.of('con_1')('two', socket('b'))
  await keepers.close('con_1')
  expect(closed).toEqual(['b'])
  expect(records.map(({ event }) => event)).toEqual(['session.close-failed'])
})
