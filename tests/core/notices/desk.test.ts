import { describe, expect, test } from 'vitest'
import { dismissNotice, markRead, snoozeNotice } from '../../../electron/core/store/notices.ts'
import { Instant } from '../../../shared/domain/time.ts'
import { aConnection, aFinding } from './support/facts.ts'
import { noticeBench } from './support/desk.ts'

const HOUR_MS = 3_600_000
const DAY_MS = 24 * HOUR_MS

describe('A notice', () => {
  test('is shown once, however often its reason is found', async () => {
    await using at = noticeBench()
    at.desk.start()
    at.now.findings = [aFinding('sign-in:con_1', { title: 'Schwab needs a sign-in' })]
    await at.clock.advance(DAY_MS)
    at.desk.changed()
    await at.clock.advance(HOUR_MS)
    expect(at.shown).toMatchObject([{ title: 'Schwab needs a sign-in', body: 'What it means.', ids: { length: 1 }, action: { kind: 'reconnect', connectionId: null } }])
    expect(at.standing()).toHaveLength(1)
  })

  test('is shown together with others that come at the same time', async () => {
    await using at = noticeBench()
    at.desk.start()
    at.now.findings = [aFinding('sign-in:con_1', { title: 'Schwab needs a sign-in' }), aFinding('sync:con_2', { title: 'Alpaca: the last sync was partial' })]
    await at.clock.advance(10_000)
    expect(at.shown).toMatchObject([{ title: 'Keelson: 2 things need you', body: expect.stringContaining('Schwab needs a sign-in') as unknown, ids: { length: 2 }, action: null }])
    expect(at.shown[0]?.body).toContain('Alpaca: the last sync was partial')
  })

  test('ends with its reason, and is said anew when the reason comes back another day', async () => {
    await using at = noticeBench()
    at.desk.start()
    at.now.findings = [aFinding('vault-locked')]
    await at.clock.advance(10_000)
    at.now.findings = []
    at.desk.changed()
    await at.clock.advance(2 * HOUR_MS)
    expect(at.standing()).toEqual([])
    at.now.findings = [aFinding('vault-locked')]
    at.desk.changed()
    await at.clock.advance(10_000)
    expect(at.shown).toHaveLength(2)
  })

  test('is not said again when its reason comes and goes', async () => {
    await using at = noticeBench()
    at.desk.start()
    for (let turn = 0; turn < 20; turn += 1) {
      at.now.findings = turn % 2 === 0 ? [aFinding('trouble:con_1', { severity: 'warning' })] : []
      at.desk.changed()
      await at.clock.advance(60_000)
    }
    expect(at.shown).toHaveLength(1)
  })

  test('is announced at each warning of a deadline until it has passed, though nothing else happens', async () => {
    await using at = noticeBench('2026-11-16T15:00:00.000Z')
    at.now.connections = [aConnection('Schwab', '2026-11-20T18:00:00Z')]
    at.desk.start()
    await at.clock.advance(4 * DAY_MS + 4 * HOUR_MS)
    const times = at.shown.map(({ title }) => title)
    expect(times).toEqual(Array.from({ length: 4 }, () => 'Schwab: sign in again by Fri, Nov 20, 13:00 New York time'))
    expect(at.standing().map(({ kind }) => kind)).toEqual([])
  })

  test('is no late news to a window: a deadline that passes is announced to it once, and to nobody before', async () => {
    await using at = noticeBench('2026-11-20T15:00:00.000Z')
    const [ends, lasts] = [aConnection('Schwab', '2026-11-20T18:00:00Z'), aConnection('IBKR', '2026-11-22T06:00:00Z')]
    at.now.connections = [ends, lasts]
    const changed = (): unknown[] => at.events.filter(({ type }) => type === 'connections.changed')
    at.desk.start()
    await at.clock.advance(3 * HOUR_MS - 1)
    expect(changed()).toEqual([])
    await at.clock.advance(2_001)
    expect(changed()).toEqual([{ type: 'connections.changed', connectionIds: [ends.id] }])
    // The week of a program begins anew by itself, so its next deadline is another.
    at.now.connections = [ends, aConnection('IBKR', '2026-11-29T06:00:00Z')]
    await at.clock.advance(2 * DAY_MS)
    expect(changed()).toEqual([{ type: 'connections.changed', connectionIds: [ends.id] }])
  })

  test('is quiet while it is snoozed, and says it once more afterwards', async () => {
    await using at = noticeBench()
    at.desk.start()
    at.now.findings = [aFinding('sign-in:con_1')]
    await at.clock.advance(10_000)
    const [notice] = at.standing()
    snoozeNotice(at.db.writer, notice?.id ?? '', Instant.plus(at.clock.now(), 3 * HOUR_MS))
    at.desk.changed()
    await at.clock.advance(2 * HOUR_MS)
    expect(at.shown).toHaveLength(1)
    await at.clock.advance(2 * HOUR_MS)
    expect(at.shown).toHaveLength(2)
    await at.clock.advance(DAY_MS)
    expect(at.shown).toHaveLength(2)
  })

  test('stays off the list for as long as its reason stands once it was dismissed, and is not shown when it was read', async () => {
    await using at = noticeBench()
    at.now.findings = [aFinding('sign-in:con_1'), aFinding('disk-low')]
    at.desk.start()
    await at.clock.advance(10_000)
    const [first, second] = at.standing()
    dismissNotice(at.db.writer, first?.id ?? '', at.clock.now())
    markRead(at.db.writer, second?.id ?? '', at.clock.now())
    await at.clock.advance(2 * DAY_MS)
    expect(at.standing()).toHaveLength(2)
    expect(at.shown).toHaveLength(1)
  })

  test('follows the name of its connection', async () => {
    await using at = noticeBench()
    at.desk.start()
    at.now.findings = [aFinding('sign-in:con_1', { title: 'Schwab needs a sign-in' })]
    await at.clock.advance(10_000)
    at.now.findings = [aFinding('sign-in:con_1', { title: 'Retirement needs a sign-in' })]
    at.desk.changed()
    await at.clock.advance(10_000)
    expect(at.standing().map(({ title }) => title)).toEqual(['Retirement needs a sign-in'])
    expect(at.shown).toHaveLength(1)
  })

  test('is said although changes never stop', async () => {
    await using at = noticeBench()
    at.desk.start()
    at.now.findings = [aFinding('sign-in:con_1')]
    for (let turn = 0; turn < 10; turn += 1) {
      at.desk.changed()
      await at.clock.advance(500)
    }
    expect(at.shown).toHaveLength(1)
  })

  test('is said once there is room to note it, though the disk was full before', async () => {
    await using at = noticeBench()
    at.desk.start()
    at.db.raw.exec(`CREATE TEMP TRIGGER full_disk BEFORE INSERT ON main.notices BEGIN SELECT raise(ABORT, 'database or disk is full'); END`)
    at.now.findings = [aFinding('disk-low')]
    await at.clock.advance(DAY_MS)
    at.db.raw.exec('DROP TRIGGER full_disk')
    await at.clock.advance(HOUR_MS)
    expect(at.shown).toHaveLength(1)
  })

  test('is shown once, though the disk takes no note of that for a day of changes', async () => {
    await using at = noticeBench()
    at.desk.start()
    at.db.raw.exec(`CREATE TEMP TRIGGER full_disk BEFORE UPDATE OF shown_at ON main.notices BEGIN SELECT raise(ABORT, 'database or disk is full'); END`)
    at.now.findings = [aFinding('disk-low')]
    for (let hour = 0; hour < 24; hour += 1) {
      at.desk.changed()
      await at.clock.advance(HOUR_MS)
    }
    at.db.raw.exec('DROP TRIGGER full_disk')
    await at.clock.advance(HOUR_MS)
    expect(at.shown).toHaveLength(1)
    expect(at.standing()).toMatchObject([{ shownAt: expect.any(String) as string }])
  })

  test('costs no more than a look an hour while nothing happens', async () => {
    await using at = noticeBench()
    at.desk.start()
    await at.clock.advance(DAY_MS)
    expect(at.clock.ran).toBeLessThanOrEqual(26)
  })

  test('is not made of what is small or passing', async () => {
    await using at = noticeBench()
    at.now.findings = [aFinding('trouble:con_1', { severity: 'notice' }), aFinding('ends-soon:con_1'), aFinding('limited:schwab:live:host')]
    await at.desk.look()
    expect(at.standing()).toEqual([])
  })
})
