import { describe, expect, test } from 'vitest'
import { runCommandLine } from '../../electron/headless/command-line.ts'
import { setQuiet, setSchedule, showSchedule } from '../../electron/headless/commands/schedule.ts'
import { createClient } from '../../electron/headless/wire.ts'
import { layoutAround } from '../../electron/node/layout.ts'
import { connection as aConnection } from '../renderer/examples.ts'
import { tempFolder } from '../support/fake-ports.ts'
import { type Answers, fakeCore } from './support/fake-core.ts'
import { fakeTerminal } from './support/fake-terminal.ts'

const next = '2026-11-20T21:05:00.000Z'
const quiet = { from: '22:00', to: '07:00', zone: 'Europe/Berlin' }

function setting(answers: Answers = {}, json = false) {
  const alpaca = aConnection({ broker: 'alpaca', environment: 'live', nextSyncAt: null, schedule: { every: '15m', marketHours: true } })
  const core = fakeCore({
    'connections.list': () => [alpaca],
    'sync.schedule': () => ({ paused: false, nextAt: null, quiet: null }),
    'schedule.set': () => ({ nextAt: next }),
    'schedule.quiet': ({ input }) => input,
    ...answers,
  })
  const terminal = fakeTerminal({})
  return { core, terminal, context: { client: createClient(core), terminal, json, signal: new AbortController().signal } }
}

describe('keelson schedule', () => {
  test('shows how often each connection syncs, when next, and the quiet hours', async () => {
    const { context, terminal } = setting({ 'sync.schedule': () => ({ paused: true, nextAt: null, quiet }) })
    expect(await showSchedule(context)).toBe(0)
    const shown = terminal.output.join('\n')
    expect(shown).toContain('every 15 minutes in market hours, and once after the close')
    expect(shown).toContain('Nothing syncs by itself from 22:00 to 07:00 (Europe/Berlin).')
    expect(shown).toContain('Background syncing is paused.')
  })

  test('is one document with --json', async () => {
    const { context, terminal } = setting({}, true)
    await showSchedule(context)
    expect(JSON.parse(terminal.output.join('\n'))).toMatchObject({
      paused: false,
      quiet: null,
      connections: [{ broker: 'alpaca', every: '15m', marketHours: true, nextAt: null }],
    })
  })

  test('sets an interval, keeping market hours as they were unless told otherwise', async () => {
    const { context, core, terminal } = setting()
    await setSchedule(context, 'alpaca', { every: 'hourly', marketHours: undefined })
    await setSchedule(context, 'alpaca', { every: 'daily', marketHours: false })
    const asked = core.asked.filter(({ route }) => route === 'schedule.set').map(({ input }) => input)
    expect(asked).toMatchObject([
      { every: 'hourly', marketHours: true },
      { every: 'daily', marketHours: false },
    ])
    expect(terminal.output).toContain('It syncs every hour in market hours, and once after the close.')
    expect(terminal.output).toContain('Next sync: 20 Nov 2026, 16:05 EST')
  })

  test('says why nothing is planned', async () => {
    const { context, terminal } = setting({ 'schedule.set': () => ({ nextAt: null }) })
    await setSchedule(context, 'alpaca', { every: 'daily', marketHours: true })
    expect(terminal.output.at(-1)).toContain('Keelson is not running')
    await setSchedule(context, 'alpaca', { every: 'manual', marketHours: true })
    expect(terminal.output.at(-1)).toBe('It syncs only when asked.')
  })

  test('sets the quiet hours and takes them away', async () => {
    const { context, terminal } = setting()
    await setQuiet(context, quiet)
    await setQuiet(context, null)
    expect(terminal.output).toEqual(['Nothing syncs by itself from 22:00 to 07:00 (Europe/Berlin).', 'There are no quiet hours.'])
  })
})

describe('the command line of the schedule', () => {
  async function typed(...args: string[]) {
    using folder = tempFolder()
    const terminal = fakeTerminal({ env: { KEELSON_PASSPHRASE: 'correct horse battery', KEELSON_DATA_DIR: folder.path } })
    const line = {
      serve: () => Promise.resolve(0 as const),
      layout: layoutAround(import.meta.filename),
      terminal,
      signal: new AbortController().signal,
    }
    const code = await runCommandLine(['schedule', ...args], line)
    return { code, terminal }
  }

  test.each([
    [['quiet', '22-7'], 'two times of day'],
    [['quiet', '22:00-22:00'], 'two times of day'],
    [['quiet', '22:00-07:00', '--zone', 'Mars/Olympus'], 'time zone'],
    [['set', 'alpaca', 'weekly'], 'Allowed choices are manual, 15m, hourly, daily'],
    [['set', 'alpaca', 'hourly', '--always', '--market-hours'], 'cannot be used with'],
    [['now'], 'too many arguments'],
  ])('explains %j', async (args, sentence) => {
    const { code, terminal } = await typed(...args)
    expect([code, terminal.errors.join('\n')]).toEqual([2, expect.stringContaining(sentence)])
  })

  test('shows without a word behind it, and keeps what quiet says', async () => {
    const shown = await typed('--json')
    expect([shown.code, JSON.parse(shown.terminal.output.join('\n'))]).toEqual([
      0,
      { paused: false, nextAt: null, quiet: null, connections: [] },
    ])
    const kept = await typed('quiet', '22:00-07:00', '--zone', 'Asia/Tokyo', '--json')
    expect(JSON.parse(kept.terminal.output.join('\n'))).toEqual({ quiet: { from: '22:00', to: '07:00', zone: 'Asia/Tokyo' } })
  })
})
