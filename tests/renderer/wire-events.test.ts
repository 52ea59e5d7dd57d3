import { beforeEach, describe, expect, test } from 'vitest'
import { useApp } from '../../renderer/state/app.ts'
import { useConnections } from '../../renderer/state/connections.ts'
import { desktopHere } from '../../renderer/state/desktop.ts'
import { useHealth } from '../../renderer/state/health.ts'
import { useHistory } from '../../renderer/state/history.ts'
import { useLock } from '../../renderer/state/lock.ts'
import { succeeded } from '../../renderer/state/remote.ts'
import { wireEvents } from '../../renderer/state/wire-events.ts'
import { connection, desktopStatus, NOW } from './examples.ts'
import { type Asked, fakeCore, ok } from './fake-core.ts'

const status = {
  version: '0.1.0',
  host: 'test',
  vault: { state: 'open', protection: 'memory', notice: null },
  sandbox: { running: false },
  now: NOW,
}
const answers: Readonly<Record<string, unknown>> = {
  'app.status': status,
  'brokers.list': [],
  'sync.schedule': { paused: false, nextAt: null, quiet: null },
  'lock.status': { on: false, locked: false, waitMs: 0, idleMinutes: null },
  'notices.list': { unread: 0, notices: [] },
  'revocations.list': [],
  'desktop.status': desktopStatus(),
  'connections.list': [connection()],
  'activities.count': { count: 0, first: null, last: null },
  'activities.coverage': [],
  'activities.page': { rows: [], next: null },
}
const answer = ({ route }: Asked) => ok(answers[route])

beforeEach(() => {
  useApp.setState(useApp.getInitialState(), true)
  useConnections.setState(useConnections.getInitialState(), true)
  useHealth.setState(useHealth.getInitialState(), true)
  useHistory.setState(useHistory.getInitialState(), true)
  useLock.setState(useLock.getInitialState(), true)
})

describe('events', () => {
  test('read again what they name, and nothing else', async () => {
    const core = fakeCore(answer)
    const stop = wireEvents(core.bridge)
    core.emit({ type: 'schedule.changed', revision: 1 })
    await expect.poll(core.routes).toEqual(['connections.list', 'sync.schedule'])
    stop()
  })

  test('that come in bursts make few reads', async () => {
    const core = fakeCore(answer)
    const stop = wireEvents(core.bridge)
    for (let revision = 1; revision <= 50; revision += 1) core.emit({ type: 'connections.changed', revision, connectionIds: ['con_1'] })
    await expect.poll(() => useConnections.getState().list.status).toBe('ready')
    expect(core.routes().length).toBeLessThanOrEqual(2)
    stop()
  })

  test('with a gap between them read everything again', async () => {
    const core = fakeCore(answer)
    const stop = wireEvents(core.bridge)
    core.emit({ type: 'schedule.changed', revision: 1 })
    core.emit({ type: 'schedule.changed', revision: 3 })
    await expect
      .poll(() => new Set(core.routes()))
      .toEqual(
        new Set([
          'lock.status',
          'sync.schedule',
          'app.status',
          'brokers.list',
          'connections.list',
          'activities.count',
          'notices.list',
          'revocations.list',
          'desktop.status',
          'health.summary',
          'orders.desk',
        ]),
      )
    stop()
  })

  test('of the lock read nothing but the lock while it is closed, and forget what was read', async () => {
    const core = fakeCore(({ route }) =>
      ok(route === 'lock.status' ? { on: true, locked: true, waitMs: 0, idleMinutes: 5 } : answers[route]),
    )
    const stop = wireEvents(core.bridge)
    useConnections.setState({ list: { status: 'ready', data: [connection()], readAt: connection().createdAt, problem: null } })
    core.emit({ type: 'lock.changed', revision: 1 })
    await expect.poll(() => useConnections.getState().list.status).toBe('idle')
    expect(core.routes()).toEqual(['lock.status'])
    stop()
  })

  test('of the desktop read the desktop, and nothing while the window is locked', async () => {
    const core = fakeCore(answer)
    const stop = wireEvents(core.bridge)
    core.emit({ type: 'desktop.changed', revision: 1 })
    await expect.poll(() => desktopHere()?.platform).toBe('linux')
    expect(core.routes()).toEqual(['desktop.status'])
    useLock.setState({ lock: succeeded({ on: true, locked: true, waitMs: 0, idleMinutes: 5 }, connection().createdAt) })
    expect(desktopHere()).toBeNull()
    core.emit({ type: 'desktop.changed', revision: 2 })
    core.emit({ type: 'schedule.changed', revision: 3 })
    await expect.poll(core.routes).toContain('sync.schedule')
    expect(core.routes().filter(route => route === 'desktop.status')).toHaveLength(1)
    stop()
  })

  test('show a sync under way without reading anything', () => {
    const core = fakeCore(answer)
    const stop = wireEvents(core.bridge)
    core.emit({ type: 'sync.progress', revision: 1, connectionId: 'con_1', accountId: null, fetched: 1200 })
    expect(useConnections.getState().progress['con_1']).toEqual({ accountId: null, fetched: 1200 })
    expect(core.asked).toEqual([])
    stop()
  })
})

test('a link that was lost and is back reads everything again; the first one does not', async () => {
  const core = fakeCore(answer)
  const stop = wireEvents(core.bridge)
  core.link({ kind: 'connecting', attempt: 0 })
  core.link({ kind: 'open' })
  core.link({ kind: 'connecting', attempt: 1 })
  expect(core.asked).toEqual([])
  core.link({ kind: 'open' })
  await expect.poll(() => useApp.getState().status.status).toBe('ready')
  expect(core.routes()).toContain('connections.list')
  stop()
})
