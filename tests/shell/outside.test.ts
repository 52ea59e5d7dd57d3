import { EventEmitter } from 'node:events'
import { describe, expect, test } from 'vitest'
import { hasStatusNotifier } from '../../electron/node/status-notifier.ts'
import { createDeeds, type Deed } from '../../electron/shell/deeds.ts'
import { readDeepLink } from '../../electron/shell/deep-link.ts'
import type { Screens } from '../../electron/shell/life.ts'
import { listenOutside, listenPower } from '../../electron/shell/outside.ts'
import { userTasks } from '../../electron/shell/tasks.ts'
import type { Screen } from '../../shared/contract/screens.ts'
import { connection } from '../renderer/examples.ts'
import { settled } from './support/hand-clock.ts'

function appDouble() {
  const app = new EventEmitter()
  const shown: (Screen | null)[] = []
  const ready = Promise.withResolvers<Screens>()
  let [isLeaving, restarts] = [false, 0]
  listenOutside({ app, ready: ready.promise, isLeaving: () => isLeaving, startAgain: () => void (restarts += 1) })
  return { app, shown, restarts: () => restarts, leave: () => void (isLeaving = true), start: () => ready.resolve({ show: screen => void shown.push(screen ?? null) }) }
}

describe('from outside', () => {
  test('another start brings the window, at the screen of its link', async () => {
    const { app, shown, start } = appDouble()
    start()
    app.emit('second-instance', {}, ['keelson'])
    app.emit('second-instance', {}, ['keelson', 'keelson://health'])
    app.emit('second-instance', {}, ['keelson', 'keelson://settings?act=update'])
    await settled()
    expect(shown).toEqual([null, { page: 'health' }, null])
  })

  test('a start at a login brings nothing', async () => {
    const { app, shown, start } = appDouble()
    start()
    app.emit('second-instance', {}, ['keelson', '--hidden'])
    await settled()
    expect(shown).toEqual([])
  })

  test('a start that comes while the app ends starts it again afterwards', async () => {
    const { app, shown, start, leave, restarts } = appDouble()
    start()
    leave()
    app.emit('second-instance', {}, ['keelson', '--hidden'])
    app.emit('second-instance', {}, ['keelson'])
    app.emit('second-instance', {}, ['keelson', 'keelson://health'])
    await settled()
    expect([shown, restarts()]).toEqual([[], 1])
  })

  test('a link that comes before the app is ready waits for it', async () => {
    const { app, shown, start } = appDouble()
    let prevented = 0
    app.emit('open-url', { preventDefault: () => void (prevented += 1) }, 'keelson://history')
    await settled()
    expect(shown).toEqual([])
    start()
    await settled()
    expect([shown, prevented]).toEqual([[{ page: 'history' }], 1])
  })

  test('a click on the dock brings the window', async () => {
    const { app, shown, start } = appDouble()
    // The start itself decides whether there is a window.
    app.emit('activate')
    start()
    await settled()
    expect(shown).toEqual([])
    app.emit('activate')
    await settled()
    expect(shown).toEqual([null])
  })

  test('the computer locks, returns and ends', () => {
    const power = new EventEmitter()
    const heard: string[] = []
    const hear = (what: string) => () => void heard.push(what)
    listenPower({ power, onLockScreen: hear('lock'), onReturn: hear('return'), onShutdown: hear('shutdown') })
    let isPutOff = false
    for (const event of ['lock-screen', 'unlock-screen', 'resume']) power.emit(event)
    power.emit('shutdown', { preventDefault: () => void (isPutOff = true) })
    power.emit('shutdown')
    expect([heard, isPutOff]).toEqual([['lock', 'return', 'return', 'shutdown', 'shutdown'], true])
  })

  test('opens its pages with the data it was started with', () => {
    expect(userTasks('C:\\Keelson.exe', ['--data-dir=D:\\my data\\'])[0]?.arguments).toBe('"--data-dir=D:\\my data\\\\" keelson://overview')
  })

  test('the jump list of Windows leads to pages by links of ours', () => {
    const tasks = userTasks('C:\\Keelson.exe')
    expect(tasks.map(task => readDeepLink(task.arguments)?.page)).toEqual(['overview', 'history', 'health'])
    expect(new Set(tasks.map(({ program }) => program))).toEqual(new Set(['C:\\Keelson.exe']))
  })
})

describe('what is chosen in the tray or a menu', () => {
  function hands(answers: Readonly<Record<string, unknown>> = {}) {
    const done: string[] = []
    const run = createDeeds({
      ask: (route, input) => {
        done.push(`${route} ${JSON.stringify(input)}`)
        return Promise.resolve((route in answers ? { ok: true, data: answers[route] } : { ok: false, error: { code: 'app/locked', message: '', action: '' } }) as never)
      },
      screens: { show: screen => void done.push(`show ${screen?.page ?? ''}`) },
      zoom: change => void done.push(`zoom ${change}`),
      showDataFolder: () => void done.push('folder'),
      quit: () => void done.push('quit'),
    })
    return { run, done }
  }

  test('is done', () => {
    const { run, done } = hands()
    const deeds: Deed[] = [
      { do: 'show', screen: null }, { do: 'show', screen: { page: 'health' } }, { do: 'pause', paused: true }, { do: 'lock' }, { do: 'zoom', change: 'in' },
      { do: 'show-data-folder' }, { do: 'check-for-updates' }, { do: 'quit' },
    ]
    for (const deed of deeds) run(deed)
    expect(done).toEqual([
      'show ', 'show health', 'sync.pause {"paused":true}', 'lock.now {}', 'zoom in', 'folder', 'show settings', 'updates.check {}', 'quit',
    ])
  })

  test('stops trading, also under the app lock; what could not be stopped leads to the orders', async () => {
    const good = hands({ 'orders.kill': {} })
    good.run({ do: 'kill' })
    const bad = hands()
    bad.run({ do: 'kill' })
    await settled()
    expect([good.done, bad.done]).toEqual([['orders.kill {"by":"tray"}'], ['orders.kill {"by":"tray"}', 'show orders']])
  })

  test('syncs every connection that can be', async () => {
    const { run, done } = hands({ 'connections.list': [connection({ id: 'con_1' }), connection({ id: 'con_2', syncing: true }), connection({ id: 'con_3' })] })
    run({ do: 'sync' })
    await settled()
    expect(done.slice(1)).toEqual(['sync.run {"connectionId":"con_1"}', 'sync.run {"connectionId":"con_3"}'])
  })

  test('syncs nothing while the core refuses to name connections', async () => {
    const { run, done } = hands()
    run({ do: 'sync' })
    await settled()
    expect(done).toEqual(['connections.list {}'])
  })
})

describe('a Linux desktop', () => {
  const never = () => Promise.reject(new Error('ENOENT'))

  test.each([
    ['b true', true],
    ['(true,)', true],
    ['   boolean true', true],
    ['b false', false],
    ['', false],
  ])('that answers %j shows tray icons: %s', async (said, expected) => {
    expect(await hasStatusNotifier({}, () => Promise.resolve(said))).toBe(expected)
  })

  test('is asked with whatever program there is', async () => {
    const asked: string[] = []
    const run = (program: string): Promise<string> => {
      asked.push(program)
      return program === 'dbus-send' ? Promise.resolve('   boolean true') : never()
    }
    expect([await hasStatusNotifier({}, run), asked]).toEqual([true, ['busctl', 'gdbus', 'dbus-send']])
  })

  test('that nobody can ask shows none', async () => {
    expect(await hasStatusNotifier({}, never)).toBe(false)
  })

  test('is believed to be what its user says', async () => {
    expect([await hasStatusNotifier({ KEELSON_TRAY: 'yes' }, never), await hasStatusNotifier({ KEELSON_TRAY: 'no' }, () => Promise.resolve('b true'))]).toEqual([true, false])
  })
})
