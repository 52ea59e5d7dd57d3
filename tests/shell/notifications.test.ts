import { EventEmitter } from 'node:events'
import { describe, expect, test } from 'vitest'
import type { ShownNotice } from '../../electron/core/ports.ts'
import { createNotifications, type NativeOptions } from '../../electron/shell/notifications.ts'
import { AppError } from '../../shared/contract/errors.ts'
import type { Screen } from '../../shared/contract/screens.ts'
import { newId } from '../../shared/domain/ids.ts'
import { askedCore } from './support/asked.ts'

const SCHWAB = newId.connection('schwab')

interface Shown extends NativeOptions {
  readonly native: EventEmitter
  open: boolean
}

function bench(answers: Record<string, unknown> = {}, left: () => Promise<readonly Left[]> = () => Promise.resolve([])) {
  const core = askedCore(answers)
  const made: Shown[] = []
  const screens: (Screen | undefined)[] = []
  const counts: number[] = []
  const removed: string[] = []
  const logged: string[] = []
  const system = { isSupported: true, breaks: '' }
  const notify = createNotifications({
    centre: {
      isSupported: () => system.isSupported,
      make(options) {
        if (system.breaks === 'make') throw new Error('no daemon')
        const one: Shown = { ...options, native: new EventEmitter(), open: false }
        made.push(one)
        return Object.assign(one.native, {
          show: () => {
            if (system.breaks === 'show') throw new Error('no daemon')
            one.open = true
          },
          close: () => {
            one.open = false
            one.native.emit('close', { reason: 'applicationHidden' })
          },
        })
      },
      remove: ids => void removed.push(...ids),
      left,
    },
    screens: { show: screen => void screens.push(screen) },
    ask: core.ask,
    badge: unread => void counts.push(unread),
    log: event => void logged.push(event),
  })
  const open = (): string[] => made.filter(one => one.open).map(({ title }) => title)
  return { ...core, notify, made, screens, counts, removed, logged, system, open }
}

/** A notification that an earlier run left. */
function leftOver(id: string) {
  return Object.assign(new EventEmitter(), { id, show: () => undefined, close: () => undefined })
}
type Left = ReturnType<typeof leftOver>

/** Everything that waited for an answer has had it. */
const settled = (): Promise<void> => new Promise(resolve => setImmediate(resolve))

function notice(id: string, action: ShownNotice['action'], title = 'Schwab needs a sign-in'): ShownNotice {
  return { ids: [id], title, body: 'What it means.', action }
}
const reconnect = { kind: 'reconnect', label: 'Reconnect', connectionId: SCHWAB } as const
const sync = { kind: 'sync', label: 'Sync again', connectionId: SCHWAB } as const
const unlock = { kind: 'unlock', label: 'Unlock', connectionId: null } as const
const result = (differs: object) => ({
  result: 'success',
  connectionId: SCHWAB,
  startedAt: '2026-11-21T15:00:00.000Z',
  finishedAt: '2026-11-21T15:00:01.000Z',
  error: null,
  accounts: [],
  ...differs,
})

describe('A click on a notification', () => {
  test.each([
    ['a sign-in that is needed', reconnect, { page: 'overview', connectionId: SCHWAB, act: 'reconnect' }],
    ['a sync that failed', sync, { page: 'overview', connectionId: SCHWAB }],
    ['a locked vault', unlock, { page: 'overview' }],
    ['a full disk', { kind: 'open-health', label: 'Open Health', connectionId: null }, { page: 'health' }],
    [
      'something of a connection',
      { kind: 'open-overview', label: 'Open', connectionId: SCHWAB },
      { page: 'overview', connectionId: SCHWAB },
    ],
    ['a way in without a connection', { ...reconnect, connectionId: null }, { page: 'overview' }],
  ] as const)('about %s leads to where it is looked after, and counts as reading it', async (_, action, screen) => {
    const at = bench()
    at.notify.show(notice('ntc_1', action))
    at.made[0]?.native.emit('click')
    expect(at.screens).toEqual([screen])
    await expect.poll(() => at.asked).toEqual([`notices.read ${JSON.stringify({ ids: ['ntc_1'] })}`])
  })

  test('that says several things leads to the list, where each is read', async () => {
    const at = bench()
    at.notify.show({ ids: ['ntc_1', 'ntc_2'], title: 'Keelson: 2 things need you', body: 'One\nTwo', action: null })
    at.made[0]?.native.emit('click')
    expect(at.screens).toEqual([{ page: 'overview', act: 'notices' }])
    await settled()
    expect(at.asked).toEqual([])
    expect(at.made[0]?.actions).toEqual([])
  })
})

describe('A button on a notification', () => {
  test('is there where it does what helps, and not where it would do no more than a click', () => {
    const at = bench()
    for (const [id, action] of Object.entries({
      a: reconnect,
      b: sync,
      c: unlock,
      d: { kind: 'open-health', label: 'Open Health', connectionId: null } as const,
    }))
      at.notify.show(notice(id, action))
    expect(at.made.map(({ actions }) => actions.map(({ text }) => text))).toEqual([['Reconnect'], ['Sync again'], ['Unlock'], []])
  })

  test('to reconnect needs a person, so it opens the sign-in', () => {
    const at = bench()
    at.notify.show(notice('ntc_1', reconnect))
    at.made[0]?.native.emit('action')
    expect(at.screens).toEqual([{ page: 'overview', connectionId: SCHWAB, act: 'reconnect' }])
  })

  test.each([
    ['Synced', 'Everything asked for came back.', result({})],
    ['Synced in part', 'Something is still missing. The card of the broker says what.', result({ result: 'partial' })],
    [
      'Not synced',
      'Schwab says no. Sign in.',
      result({ result: 'failed', error: { code: 'app/internal', message: 'Schwab says no.', action: 'Sign in.' } }),
    ],
    ['Not synced', 'Canceled. Nothing was changed. Start again when you are ready.', new AppError('app/canceled')],
  ])('to sync does so without a window and says how it went: %s', async (title, body, answer) => {
    const at = bench({ 'sync.run': answer })
    at.notify.show(notice('ntc_1', sync))
    at.made[0]?.native.emit('action')
    await expect.poll(() => at.made[1]).toMatchObject({ title, body, silent: true, actions: [] })
    expect(at.screens).toEqual([])
    expect(at.asked[0]).toBe(`sync.run ${JSON.stringify({ connectionId: SCHWAB })}`)
    at.made[1]?.native.emit('click')
    expect(at.screens).toMatchObject([{ page: 'overview' }])
  })

  test('to sync says nothing of a sync that was stopped', async () => {
    const at = bench({ 'sync.run': result({ result: 'canceled' }) })
    at.notify.show(notice('ntc_1', sync))
    at.made[0]?.native.emit('action')
    await settled()
    expect([at.asked.length, at.made.length]).toEqual([1, 1])
  })

  test.each([
    ['The vault is open', { state: 'open', protection: 'os', notice: null }],
    ['Still locked', { state: 'locked', protection: 'os', notice: 'The keyring is closed.' }],
    ['Still locked', new AppError('vault/locked')],
  ])('to unlock asks the vault and says how it went: %s', async (title, answer) => {
    const at = bench({ 'vault.unlock': answer })
    at.notify.show(notice('ntc_1', unlock))
    at.made[0]?.native.emit('action')
    await expect.poll(() => at.made[1]?.title).toBe(title)
  })

  test('tells nothing of a broker when the app lock has closed meanwhile', async () => {
    const at = bench({
      'sync.run': result({ result: 'failed', error: { code: 'app/internal', message: 'Schwab says no.', action: '' } }),
      'lock.status': { on: true, locked: true, waitMs: 0, idleMinutes: null },
    })
    at.notify.show(notice('ntc_1', sync))
    at.made[0]?.native.emit('action')
    await expect.poll(() => at.made[1]).toMatchObject({ title: 'Keelson is locked' })
    expect(JSON.stringify(at.made[1]?.body)).not.toContain('Schwab')
  })

  test('that failed is taken away with its notice', async () => {
    const at = bench({ 'sync.run': result({ result: 'failed' }) })
    at.notify.show(notice('ntc_1', sync))
    at.made[0]?.native.emit('action')
    await expect.poll(at.open).toEqual(['Not synced'])
    at.notify.withdraw?.(['ntc_1'])
    expect(at.open()).toEqual([])
  })
})

describe('A notification', () => {
  test('takes the place of one with the same id', () => {
    const at = bench()
    at.notify.show(notice('ntc_1', reconnect, 'first'))
    at.notify.show(notice('ntc_1', reconnect, 'second'))
    expect(at.open()).toEqual(['second'])
    expect(at.made.map(({ id }) => id)).toEqual(['ntc_1', 'ntc_1'])
    at.notify.withdraw?.(['ntc_1'])
    expect(at.open()).toEqual([])
  })

  test('is plain text: no name of a connection becomes a link or a picture on desktops that read tags', () => {
    const at = bench()
    at.notify.show({ ...notice('ntc_1', reconnect), body: '<a href="https://evil.test">Sign in</a> to Mom & Dad' })
    expect(at.made[0]?.body).toBe('‹a href="https://evil.test"›Sign in‹/a› to Mom & Dad')
  })

  test('is withdrawn, also where an earlier run showed it', () => {
    const at = bench()
    at.notify.show(notice('ntc_1', reconnect))
    at.notify.withdraw?.(['ntc_1', 'ntc_of_before'])
    expect(at.open()).toEqual([])
    expect(at.removed).toContain('ntc_of_before')
  })

  test('of several stays until the last of them is gone', () => {
    const at = bench()
    at.notify.show({ ids: ['ntc_1', 'ntc_2'], title: 'two', body: '', action: null })
    at.removed.length = 0
    at.notify.withdraw?.(['ntc_1'])
    expect([at.open(), at.removed]).toEqual([['two'], ['ntc_1']])
    at.notify.withdraw?.(['ntc_2'])
    expect(at.open()).toEqual([])
  })

  test('that only left the screen can still be clicked and withdrawn; one the user closed is forgotten', () => {
    const at = bench()
    at.notify.show(notice('ntc_1', reconnect))
    at.made[0]?.native.emit('close', { reason: 'timedOut' })
    at.notify.withdraw?.(['ntc_1'])
    expect(at.open()).toEqual([])
    at.notify.show(notice('ntc_2', reconnect))
    at.made[1]?.native.emit('close', { reason: 'userCanceled' })
    at.notify.withdraw?.(['ntc_2'])
    expect(at.open()).toEqual(['Schwab needs a sign-in'])
  })

  test.each(['make', 'show'])('that cannot be shown is logged and stops nothing (%s)', breaks => {
    const at = bench()
    at.system.breaks = breaks
    at.notify.show(notice('ntc_1', reconnect))
    at.system.breaks = ''
    at.notify.show(notice('ntc_2', reconnect, 'next'))
    expect(at.logged).toEqual(['notifications.show-failed'])
    expect(at.open()).toEqual(['next'])
  })

  test('that the system refuses later is logged', () => {
    const at = bench()
    at.notify.show(notice('ntc_1', reconnect))
    at.made[0]?.native.emit('failed', {}, 'not signed')
    expect(at.logged).toEqual(['notifications.show-failed'])
  })

  test('is only logged where the system has none, and the number is shown all the same', () => {
    const at = bench()
    at.system.isSupported = false
    at.notify.show(notice('ntc_1', reconnect))
    at.notify.count?.(3)
    expect([at.made, at.logged, at.counts]).toEqual([[], ['notifications.none-here'], [3]])
  })
})

describe('A notification that an earlier run left', () => {
  const view = {
    id: 'ntc_1',
    kind: 'sign-in',
    severity: 'danger',
    connectionId: SCHWAB,
    code: null,
    title: 'Schwab needs a sign-in',
    body: '',
    action: { kind: 'reconnect', label: 'Reconnect' },
    createdAt: '2026-11-21T15:00:00.000Z',
    readAt: null,
    snoozedUntil: null,
    endedAt: null,
  }

  test.each([
    ['leads to what helps, as its notice stands now', 'ntc_1', { page: 'overview', connectionId: SCHWAB, act: 'reconnect' }],
    ['leads to the list when its notice is gone or it said several things', 'several-ntc_1', { page: 'overview', act: 'notices' }],
  ] as const)('%s', async (_, id, screen) => {
    const left = leftOver(id)
    const at = bench({ 'notices.list': { unread: 1, notices: [view] } }, () => Promise.resolve([left]))
    await expect.poll(() => left.listenerCount('click')).toBe(1)
    left.emit('click')
    await expect.poll(() => at.screens).toEqual([screen])
  })

  test('leads to the lock while the app is locked', async () => {
    const left = leftOver('ntc_1')
    const at = bench({ 'notices.list': new AppError('app/locked') }, () => Promise.resolve([left]))
    await expect.poll(() => left.listenerCount('click')).toBe(1)
    left.emit('click')
    await expect.poll(() => at.screens).toEqual([{ page: 'overview', act: 'notices' }])
  })

  test('that the system does not hand over is logged', async () => {
    const at = bench({}, () => Promise.reject(new Error('not signed')))
    await expect.poll(() => at.logged).toEqual(['notifications.left-failed'])
  })

  test('about several notices goes with the first of them, before and after the system handed it over', async () => {
    const left = leftOver('several-ntc_1')
    const at = bench({}, () => Promise.resolve([left]))
    at.notify.withdraw?.(['ntc_1'])
    expect(at.removed).toContain('several-ntc_1')
    await expect.poll(() => left.listenerCount('click')).toBe(1)
    let closed = 0
    left.close = () => void (closed += 1)
    at.notify.withdraw?.(['ntc_1'])
    expect(closed).toBe(1)
  })
})
