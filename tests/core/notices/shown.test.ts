import { describe, expect, test } from 'vitest'
import type { Notify, ShownNotice } from '../../../electron/core/ports.ts'
import { dismissNotice, endNotice, markRead, snoozeNotice } from '../../../electron/core/store/notices.ts'
import { Instant } from '../../../shared/domain/time.ts'
import { testCore } from '../../support/test-core.ts'
import { noticeBench } from './support/desk.ts'
import { aFinding } from './support/facts.ts'

const HOUR_MS = 3_600_000
const SCHWAB = aFinding('sign-in:con_1', { title: 'Schwab needs a sign-in' })
const ALPACA = aFinding('sync:con_2', { title: 'Alpaca: the last sync was partial' })

describe('A notification of the system', () => {
  test('is taken away when its reason is gone', async () => {
    await using at = noticeBench()
    at.desk.start()
    at.now.findings = [SCHWAB, ALPACA]
    await at.clock.advance(10_000)
    const gone = at.standing().find(({ title }) => title === ALPACA.title)
    at.now.findings = [SCHWAB]
    at.desk.changed()
    await at.clock.advance(10_000)
    expect(at.withdrawn).toEqual([gone?.id])
  })

  test.each([
    ['read', markRead],
    ['dismissed', dismissNotice],
    ['ended', endNotice],
    ['snoozed', (w: Parameters<typeof markRead>[0], id: string, now: Instant) => snoozeNotice(w, id, Instant.plus(now, HOUR_MS))],
  ] as const)('is taken away once when it was %s in the window', async (_, change) => {
    await using at = noticeBench()
    at.desk.start()
    at.now.findings = [SCHWAB]
    await at.clock.advance(10_000)
    const [notice] = at.standing()
    change(at.db.writer, notice?.id ?? '', at.clock.now())
    at.emit({ type: 'notices.changed' })
    at.emit({ type: 'notices.changed' })
    expect(at.withdrawn).toEqual([notice?.id])
  })

  test('that an earlier run left is taken away as well', async () => {
    await using at = noticeBench()
    at.desk.start()
    at.now.findings = [SCHWAB]
    await at.clock.advance(10_000)
    await at.again()
    at.now.findings = []
    at.desk.start()
    await at.clock.advance(10_000)
    expect(at.shown).toHaveLength(1)
    expect(at.withdrawn).toHaveLength(1)
  })

  test('does not stop the others when the system throws', async () => {
    await using at = noticeBench()
    at.desk.start()
    at.breaks.now = true
    at.now.findings = [SCHWAB]
    await at.clock.advance(10_000)
    at.breaks.now = false
    at.now.findings = [SCHWAB, ALPACA]
    at.desk.changed()
    await at.clock.advance(10_000)
    expect(at.shown.map(({ title }) => title)).toEqual([ALPACA.title])
    expect(at.counts.at(-1)).toBe(2)
  })
})

describe('The number on the icon', () => {
  test('is that of the unread notices, at the start and at every change, and said once', async () => {
    await using at = noticeBench()
    at.desk.start()
    await at.clock.advance(10_000)
    expect(at.counts).toEqual([0])
    at.now.findings = [SCHWAB, ALPACA]
    at.desk.changed()
    await at.clock.advance(HOUR_MS)
    const [first, second] = at.standing()
    snoozeNotice(at.db.writer, first?.id ?? '', Instant.plus(at.clock.now(), HOUR_MS))
    at.emit({ type: 'notices.changed' })
    at.desk.changed()
    await at.clock.advance(2 * HOUR_MS)
    dismissNotice(at.db.writer, second?.id ?? '', at.clock.now())
    markRead(at.db.writer, first?.id ?? '', at.clock.now())
    at.emit({ type: 'notices.changed' })
    expect(at.counts).toEqual([0, 2, 1, 2, 0])
  })
})

describe('While the app lock is closed', () => {
  test('a notification names nothing, has no button, and is taken away when it was read after all', async () => {
    await using at = noticeBench()
    at.desk.start()
    at.lock.closed = true
    at.now.findings = [SCHWAB]
    await at.clock.advance(10_000)
    expect(at.shown).toEqual([{ ids: [at.standing()[0]?.id], title: 'Keelson needs you', body: 'Unlock Keelson to see what for.', action: null }])
    expect(JSON.stringify(at.shown)).not.toContain('Schwab')
    at.lock.closed = false
    markRead(at.db.writer, at.standing()[0]?.id ?? '', at.clock.now())
    at.emit({ type: 'notices.changed' })
    expect(at.withdrawn).toEqual([at.standing()[0]?.id])
  })

  test('what was shown before is taken away, for it names brokers; the number stays', async () => {
    await using at = noticeBench()
    at.desk.start()
    at.now.findings = [SCHWAB]
    await at.clock.advance(10_000)
    at.lock.closed = true
    at.emit({ type: 'lock.changed' })
    expect(at.withdrawn).toEqual([at.standing()[0]?.id])
    expect(at.counts.at(-1)).toBe(1)
    at.lock.closed = false
    at.emit({ type: 'lock.changed' })
    await at.clock.advance(HOUR_MS)
    expect(at.shown).toHaveLength(1)
  })

  test('what a button of a notification said under its name after it had gone is taken away as well', async () => {
    await using at = noticeBench()
    at.desk.start()
    at.now.findings = [SCHWAB]
    await at.clock.advance(10_000)
    const id = at.standing()[0]?.id ?? ''
    endNotice(at.db.writer, id, at.clock.now())
    at.emit({ type: 'notices.changed' })
    expect(at.withdrawn).toEqual([id])
    at.lock.closed = true
    at.emit({ type: 'lock.changed' })
    expect(at.withdrawn).toEqual([id, id])
    at.emit({ type: 'lock.changed' })
    expect(at.withdrawn).toHaveLength(2)
  })

  test('nothing that an earlier run left names anything', async () => {
    await using at = noticeBench()
    at.desk.start()
    at.now.findings = [SCHWAB]
    await at.clock.advance(10_000)
    at.lock.closed = true
    await at.again()
    at.desk.start()
    expect(at.withdrawn).toEqual([at.standing()[0]?.id])
  })
})

describe('The whole core', () => {
  test('takes a notification away and lowers the number when the window reads the notice, and locks away its names', async () => {
    const shown: ShownNotice[] = []
    const withdrawn: string[] = []
    const counts: number[] = []
    const notify: Notify = {
      show: notice => void shown.push(notice), withdraw: ids => void withdrawn.push(...ids), count: unread => void counts.push(unread),
    }
    await using app = await testCore({ background: true, activities: 20, ports: { notify } })
    await app.connect('schwab')
    app.ports.clock.jump(6 * 24 * HOUR_MS)
    app.ports.clock.jump(3_000)
    await app.waitFor(({ type }) => type === 'notices.changed')
    const { unread, notices } = await app.call('notices.list', {})
    const [first, ...others] = notices.map(({ id }) => id)
    expect(counts.at(-1)).toBe(unread)
    expect(shown.flatMap(({ ids }) => ids).toSorted()).toEqual(notices.map(({ id }) => id).toSorted())
    await app.call('notices.read', { ids: [first ?? ''] })
    expect(withdrawn).toEqual([first])
    expect(counts.at(-1)).toBe(unread - 1)
    await app.call('lock.set', { passphrase: 'a lock of six', idleMinutes: null })
    await app.call('lock.now', {})
    expect(new Set(withdrawn)).toEqual(new Set([first, ...others]))
  })
})
