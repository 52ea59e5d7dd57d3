import { existsSync } from 'node:fs'
import path from 'node:path'
import { describe, expect, test } from 'vitest'
import { nextLookMs } from '../../electron/shell/tray-clock.ts'
import { isSyncable, type OpenFacts, TRAY_ICONS, trayModel, type TrayFacts, type TrayItem } from '../../electron/shell/tray-model.ts'
import { trayPicture } from '../../electron/shell/tray-picture.ts'
import { Instant } from '../../shared/domain/time.ts'
import { connectionStatus } from '../../shared/words/status.ts'
import { tokenText } from '../../shared/words/token.ts'
import { connection, NOW } from '../renderer/examples.ts'
import { repoRoot } from '../support/repo-root.ts'

const now = Instant.parse(NOW)
const NAMES: Readonly<Record<string, string>> = { schwab: 'Charles Schwab', alpaca: 'Alpaca', etrade: 'E*TRADE', ibkr: 'Interactive Brokers' }

function open(change: Partial<OpenFacts> = {}): OpenFacts {
  return {
    kind: 'open', connections: [connection()], brokerName: id => NAMES[id] ?? id, severity: 'good', paused: false, nextAt: null, unread: 0,
    isSafeMode: false, updateVersion: null, trading: null, ...change,
  }
}

const labels = (items: readonly TrayItem[]): string[] => items.map(item => (item === 'line' ? '-' : item.label))
const menu = (facts: TrayFacts, at = now): string[] => labels(trayModel(facts, at).items)
const deedOf = (facts: TrayFacts, label: string) => {
  const item = trayModel(facts, now).items.find(one => one !== 'line' && one.label === label)
  return item === undefined || item === 'line' ? undefined : item.deed
}

const ended = connection({ id: 'con_2', broker: 'etrade', state: { kind: 'needs-sign-in', because: 'expired', since: Instant.parse('2026-11-20T05:00:00.000Z') } })
const keys = connection({
  id: 'con_3', broker: 'alpaca', environment: 'paper', method: 'api-key', methods: [{ method: 'api-key', trouble: null, expiresAt: null }],
  token: { obtainedAt: Instant.parse('2026-11-01T00:00:00.000Z'), expiresAt: null, signInBy: null, refreshable: false, badge: 'no-expiry' },
})

describe('the menu', () => {
  test('has the state of each connection, what to do now, and the way out', () => {
    expect(menu(open({ connections: [connection(), keys], nextAt: Instant.parse('2026-11-20T21:17:00.000Z'), unread: 2 }))).toEqual([
      'Charles Schwab: Connected. Sign in again within 1 d 3 h',
      'Alpaca (paper): Connected. Signed in, key does not expire',
      '-', '2 notices', '-', 'Next sync in 12 min', 'Sync now', 'Pause syncing', '-', 'Open Keelson', 'Quit Keelson',
    ])
  })

  test('says of a connection what its card says', () => {
    const waiting = connection({
      health: {
        kind: 'transient', severity: 'notice', badge: 'over-24h', because: null, deadline: Instant.parse('2026-11-22T00:05:00.000Z'), warnBeforeMs: [], retryAt: Instant.parse('2026-11-20T21:09:12.000Z'),
        dueAt: null, lastAttemptAt: null, lastError: { code: 'net/offline', message: 'Offline.', action: 'Wait.' },
      },
    })
    for (const one of [connection(), keys, ended, waiting]) {
      const name = NAMES[one.broker] ?? ''
      const [line = ''] = menu(open({ connections: [one] }))
      expect(line).toContain(connectionStatus(one, now).word)
      expect(line).toContain(tokenText(one, name, now).label)
    }
    expect(menu(open({ connections: [waiting] }))[0]).toBe('Charles Schwab: Connected. Renewal failed, tries again in 4:12')
  })

  test('counts down by the clock, without a new reading', () => {
    expect(menu(open(), Instant.parse('2026-11-21T23:35:00.000Z'))[0]).toBe('Charles Schwab: Connected. Sign in again within 30 min')
    expect(menu(open(), Instant.parse('2026-11-22T00:05:01.000Z'))[0]).toBe('Charles Schwab: Disconnected. Sign-in expired 19:05:00 ET')
  })

  test('puts first what ends first among those that are as well as each other', () => {
    const until = (id: string, broker: 'schwab' | 'etrade', deadline: string | null) => {
      const one = connection({ id, broker })
      return { ...one, health: { ...one.health, deadline: deadline === null ? null : Instant.parse(deadline), warnBeforeMs: [] } }
    }
    const lines = menu(open({ connections: [keys, until('con_5', 'schwab', '2027-02-19T05:00:00.000Z'), until('con_6', 'etrade', '2026-11-22T05:00:00.000Z')] }))
    expect(lines.slice(0, 3).map(line => line.split(':')[0])).toEqual(['E*TRADE', 'Charles Schwab', 'Alpaca (paper)'])
  })

  test('puts first what needs the user, and leads to its sign-in', () => {
    const facts = open({ connections: [connection(), ended] })
    const line = 'E*TRADE: Disconnected. Sign-in needed since 00:00:00 ET'
    expect(menu(facts)[0]).toBe(line)
    expect(deedOf(facts, line)).toEqual({ do: 'show', screen: { page: 'brokers', connectionId: 'con_2', act: 'reconnect' } })
    expect(deedOf(facts, 'Charles Schwab: Connected. Sign in again within 1 d 3 h')).toEqual({ do: 'show', screen: { page: 'overview', connectionId: 'con_1' } })
  })

  test('calls a connection by the name its user gave it', () => {
    expect(menu(open({ connections: [connection({ label: 'Retirement' })] }))[0]).toMatch(/^Retirement: /)
  })

  test('says of imported files only that they are', () => {
    const files = connection({ method: 'file', methods: [{ method: 'file', trouble: null, expiresAt: null }] })
    expect(menu(open({ connections: [files] }))[0]).toBe('Charles Schwab: From files')
    expect(isSyncable(files)).toBe(false)
  })

  test('stays shorter than a screen', () => {
    const many = Array.from({ length: 100 }, (_, at) => connection({ id: `con_${at}`, label: `No ${at}` }))
    const lines = menu(open({ connections: many }))
    expect(lines.slice(13, 17)).toEqual([expect.stringMatching(/^No 13/), expect.stringMatching(/^No 14/), '85 more connections', '-'])
  })

  test('says so when nothing is connected, and then syncs nothing', () => {
    const facts = open({ connections: [], nextAt: now })
    expect(menu(facts)).toEqual(['No broker connected', '-', 'No notices', '-', 'Sync now', 'Pause syncing', '-', 'Open Keelson', 'Quit Keelson'])
    expect(deedOf(facts, 'Sync now')).toBeNull()
  })

  test('does what it says', () => {
    const facts = open({ unread: 1, paused: true, updateVersion: '1.2.0' })
    expect(['1 notice', 'Sync now', 'Resume syncing', 'Open Keelson', 'Install version 1.2.0', 'Quit Keelson'].map(label => deedOf(facts, label))).toEqual([
      { do: 'show', screen: { page: 'overview', act: 'notices' } },
      { do: 'sync' },
      { do: 'pause', paused: false },
      { do: 'show', screen: null },
      { do: 'show', screen: { page: 'settings', act: 'update' } },
      { do: 'quit' },
    ])
    expect(menu(facts)).toContain('Syncing is paused')
  })

  test('asks for no sync where one runs or nothing can be asked', () => {
    expect(deedOf(open({ connections: [connection({ syncing: true })] }), 'Syncing')).toBeNull()
    expect(menu(open({ connections: [connection({ syncing: true })] }))[0]).toMatch(/^Charles Schwab: Syncing\. /)
    expect(deedOf(open({ connections: [ended] }), 'Sync now')).toBeNull()
  })

  test('says that safe mode runs nothing by itself', () => {
    expect(menu(open({ isSafeMode: true }))).toEqual([
      'Safe mode: nothing runs in the background', 'Charles Schwab: Connected. Sign in again within 1 d 3 h', '-', 'No notices', '-', 'Sync now', '-', 'Open Keelson', 'Quit Keelson',
    ])
  })

  test.each([
    [{ kind: 'starting' } as const, 'Keelson is starting'],
    [{ kind: 'failed', message: 'The disk is full.' } as const, 'The disk is full.'],
  ])('names nothing while it is %j', (facts, says) => {
    const model = trayModel(facts, now)
    expect([labels(model.items), model.tooltip]).toEqual([[says, '-', 'Open Keelson', 'Quit Keelson'], says])
  })
})

describe('the kill switch', () => {
  const trading = { isStopped: false, waiting: 0 }

  test('stops trading from the tray, with the way to the orders beside it', () => {
    const facts = open({ trading })
    expect(menu(facts).slice(-6)).toEqual(['-', 'Orders', 'Stop all trading', '-', 'Open Keelson', 'Quit Keelson'])
    expect(['Orders', 'Stop all trading'].map(label => deedOf(facts, label))).toEqual([{ do: 'show', screen: { page: 'orders' } }, { do: 'kill' }])
  })

  test('is taken back in the window alone, where the word is typed', () => {
    const facts = open({ trading: { ...trading, isStopped: true } })
    expect(menu(facts)).not.toContain('Stop all trading')
    expect([deedOf(facts, 'All trading is stopped'), deedOf(facts, 'Take the kill switch back…')]).toEqual([null, { do: 'show', screen: { page: 'orders', act: 'rearm' } }])
    expect(trayModel(facts, now).tooltip).toBe('Keelson: all trading is stopped')
  })

  test('says what waits for the user', () => {
    expect([1, 3].map(waiting => menu(open({ trading: { ...trading, waiting } })).find(line => line.includes('for you')))).toEqual(['1 order waits for you', '3 orders wait for you'])
  })

  test('names nothing under the app lock, and works', () => {
    const model = trayModel({ kind: 'locked' }, now)
    expect([labels(model.items), model.tooltip]).toEqual([['Keelson is locked', '-', 'Stop all trading', '-', 'Open Keelson', 'Quit Keelson'], 'Keelson is locked'])
    expect(deedOf({ kind: 'locked' }, 'Stop all trading')).toEqual({ do: 'kill' })
  })

  test('is not there where nothing takes orders', () => {
    expect(menu(open())).not.toContain('Stop all trading')
  })
})

describe('the icon', () => {
  test.each([
    ['good', { connections: [keys] }],
    ['notice', {}],
    ['warning', { severity: 'warning' }],
    ['danger', { severity: 'danger' }],
    ['danger', { connections: [connection(), ended] }],
    ['paused', { paused: true }],
    ['paused', { paused: true, severity: 'notice' }],
    ['warning', { paused: true, severity: 'warning' }],
    ['safe', { isSafeMode: true, severity: 'danger' }],
  ] as const)('is %s for %j', (icon, change) => {
    expect(trayModel(open(change), now).icon).toBe(icon)
  })

  test('becomes worse by the clock alone', () => {
    const icons = ['2026-11-20T21:05:00.000Z', '2026-11-21T22:05:01.000Z', '2026-11-22T00:05:01.000Z'].map(at => trayModel(open(), Instant.parse(at)).icon)
    expect(icons).toEqual(['notice', 'warning', 'danger'])
  })

  test('has a picture on every system', () => {
    expect(trayPicture('danger', 'win32')).toBe('tray-danger.png')
    expect(trayPicture('danger', 'linux')).toBe('tray-danger-large.png')
    const pictures = TRAY_ICONS.flatMap(icon => (['darwin', 'win32', 'linux'] as const).map(platform => trayPicture(icon, platform)))
    expect(pictures.filter(picture => !existsSync(path.join(repoRoot, 'resources/tray', picture)))).toEqual([])
  })
})

describe('the tooltip', () => {
  test.each([
    ['Keelson: 1 broker connection', {}],
    ['Keelson: syncing is paused', { paused: true }],
    ['Keelson: something needs a look', { severity: 'warning' }],
    ['Keelson: E*TRADE needs a sign-in', { connections: [connection(), ended] }],
    ['Keelson: 2 brokers need a sign-in', { connections: [ended, ended] }],
    ['Keelson is in safe mode: nothing runs in the background', { isSafeMode: true }],
  ] as const)('says %j', (says, change) => {
    expect(trayModel(open(change), now).tooltip).toBe(says)
  })

  test('fits what Windows shows of it', () => {
    const { tooltip } = trayModel(open({ connections: [{ ...ended, label: 'x'.repeat(200) }] }), now)
    expect(tooltip.length).toBeLessThanOrEqual(127)
  })
})

describe('the next look', () => {
  const hidden = { isWritten: false }
  const written = { isWritten: true }
  const forever = open({ connections: [keys] })

  test('is never needed where only events change anything', () => {
    expect([nextLookMs(forever, now, written), nextLookMs({ kind: 'locked' }, now, written), nextLookMs({ kind: 'starting' }, now, written)]).toEqual([null, null, null])
  })

  test('comes with the next warning, deadline or end of an access token where the menu is made when it is opened', () => {
    // The access token ends at 21:30, the warnings of a day and two hours come at 00:05 and 22:05 a day later.
    expect(nextLookMs(open(), now, hidden)).toBe(25 * 60_000 + 1)
    expect(nextLookMs(open(), Instant.parse('2026-11-20T21:31:00.000Z'), hidden)).toBe(154 * 60_000 + 1)
    expect(nextLookMs(open(), Instant.parse('2026-11-22T00:05:01.000Z'), hidden)).toBeNull()
  })

  test('follows the digits of a countdown where the menu is written before', () => {
    expect(nextLookMs(open(), Instant.parse('2026-11-21T23:34:20.000Z'), written)).toBe(40_001)
    expect(nextLookMs(open({ connections: [keys], nextAt: Instant.plus(now, 150_000) }), now, written)).toBe(30_001)
  })

  test('never wakes the computer more often than every half minute', () => {
    const soon = open({ connections: [keys], nextAt: Instant.plus(now, 61_000) })
    expect(nextLookMs(soon, now, written)).toBe(30_000)
    expect(nextLookMs({ ...soon, paused: true }, now, written)).toBeNull()
  })
})
