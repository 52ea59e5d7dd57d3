import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { describe, expect, test } from 'vitest'
import { createTray, type MenuEntry } from '../../electron/shell/tray.ts'
import type { TrayDeed, TrayModel } from '../../electron/shell/tray-model.ts'
import { createTrayWatch } from '../../electron/shell/tray-watch.ts'
import { createAsk } from '../../electron/shell/ask.ts'
import type { TrayFacts } from '../../electron/shell/tray-model.ts'
import { AppError } from '../../shared/contract/errors.ts'
import { Instant } from '../../shared/domain/time.ts'
import { type FakeCore, fakeCore } from '../headless/support/fake-core.ts'
import { connection, NOW } from '../renderer/examples.ts'
import { desk, deskConnection } from '../renderer/order-examples.ts'
import { type HandClock, handClock, settled } from './support/hand-clock.ts'

const now = Instant.parse(NOW)
type Entries = readonly MenuEntry[]

/** After everything that nobody holds on to was collected. */
async function collected(): Promise<void> {
  setFlagsFromString('--expose-gc')
  const gc: unknown = runInNewContext('gc')
  // What a weak reference was read from or made in lives until its turn ends.
  await new Promise(resolve => setImmediate(resolve))
  if (typeof gc === 'function') gc()
}

function trayOn(platform: NodeJS.Platform) {
  const done: string[] = []
  const deeds: TrayDeed[] = []
  const clicks = new Map<string, () => void>()
  let model: TrayModel = { icon: 'good', tooltip: 'Keelson', items: [{ label: 'Open', deed: { do: 'show', screen: null } }] }
  const tray = createTray<string, Entries>({
    platform,
    make(image) {
      done.push(`make ${image}`)
      return {
        setImage: next => void done.push(`image ${next}`),
        setToolTip: text => void done.push(`tip ${text}`),
        setContextMenu: menu => void done.push(`menu ${menu?.map(({ label }) => label).join() ?? ''}`),
        popUpContextMenu: menu => void done.push(`pop ${menu?.map(({ label }) => label).join() ?? ''}`),
        on: (event, run) => clicks.set(event, run),
        destroy: () => void done.push('destroy'),
      }
    },
    image: icon => icon,
    menu: entries => entries,
    model: () => model,
    onDeed: deed => void deeds.push(deed),
  })
  return { tray, done, deeds, click: (event: string) => clicks.get(event)?.(), set: (next: Partial<TrayModel>) => void (model = { ...model, ...next }) }
}

describe('the tray', () => {
  test('makes its menu when it is opened, where the system lets it', () => {
    const windows = trayOn('win32')
    windows.set({ items: [{ label: 'Later', deed: null }] })
    windows.click('right-click')
    expect(windows.done).toEqual(['make good', 'tip Keelson', 'pop Later'])
    windows.click('click')
    expect(windows.deeds).toEqual([{ do: 'show', screen: null }])
  })

  test('opens its menu with any click on macOS', () => {
    const mac = trayOn('darwin')
    mac.click('click')
    mac.click('right-click')
    expect(mac.done.filter(step => step.startsWith('pop'))).toHaveLength(2)
    expect(mac.deeds).toEqual([])
  })

  test('holds on to a menu that is open: Electron does not, and one that is collected closes', async () => {
    const menus: WeakRef<{ readonly entries: Entries }>[] = []
    let click = (): void => undefined
    const made = createTray<string, { readonly entries: Entries }>({
      platform: 'win32',
      make: () => ({
        setImage: () => undefined,
        setToolTip: () => undefined,
        setContextMenu: () => undefined,
        popUpContextMenu: () => undefined,
        on: (event, run) => (event === 'right-click' ? void (click = run) : undefined),
        destroy: () => undefined,
      }),
      image: icon => icon,
      menu(entries) {
        const menu = { entries }
        menus.push(new WeakRef(menu))
        return menu
      },
      model: () => ({ icon: 'good', tooltip: '', items: [] }),
      onDeed: () => undefined,
    })
    click()
    await collected()
    expect(menus.map(menu => menu.deref()?.entries)).toEqual([[]])
    made.destroy()
  })

  test('writes its menu ahead on Linux, and again only when it says something else', () => {
    const linux = trayOn('linux')
    linux.tray.renew()
    linux.set({ items: [{ label: 'Later', deed: null }], icon: 'danger', tooltip: 'Look' })
    linux.tray.renew()
    linux.tray.renew()
    expect(linux.done).toEqual(['make good', 'tip Keelson', 'menu Open', 'image danger', 'tip Look', 'menu Later'])
  })

  test('turns lines into entries that do what they say', () => {
    const linux = trayOn('linux')
    linux.set({ items: ['line', { label: 'R&D account', deed: null }] })
    linux.tray.renew()
    expect(linux.done.at(-1)).toBe('menu ,R&&D account')
  })
})

const ANSWERS = {
  'connections.list': () => [connection()],
  'brokers.list': () => [],
  'sync.schedule': () => ({ paused: false, nextAt: null, quiet: null }),
  'notices.list': () => ({ unread: 3, notices: [] }),
  'orders.desk': () => desk({ connections: [] }),
}
const SUMMARY = { severity: 'warning' }

interface Watched {
  readonly core: FakeCore
  readonly clock: HandClock
  readonly seen: TrayFacts[]
  readonly watch: ReturnType<typeof createTrayWatch>
}

async function watched(change: Record<string, () => unknown> = {}, isMenuWritten = false): Promise<Watched> {
  const core = fakeCore({ ...ANSWERS, 'health.summary': () => SUMMARY, ...change })
  const clock = handClock(now)
  const seen: TrayFacts[] = []
  const watch = createTrayWatch({
    // What the tray needs of a summary is one word of it.
    ask: (route, input) => (route === 'health.summary' ? core.dispatch({ id: 'x', route, input }, { signal: new AbortController().signal }).then(answer => answer as never) : createAsk(Promise.resolve(core))(route, input)),
    subscribe: core.subscribe,
    clock,
    isSafeMode: false,
    updateVersion: () => null,
    isMenuWritten,
    onFacts: facts => void seen.push(facts),
  })
  await settled()
  return { core, clock, seen, watch }
}

const locked = () => {
  throw new AppError('app/locked')
}

describe('what the tray knows', () => {
  test('comes from the core', async () => {
    const { seen } = await watched()
    expect(seen).toMatchObject([{ kind: 'open', severity: 'warning', unread: 3, connections: [{ id: 'con_1' }] }])
  })

  test('has how orders stand, and is true without it', async () => {
    const { seen } = await watched({ 'orders.desk': () => desk({ requests: 1, kill: { on: true, since: now, by: 'tray' }, connections: [deskConnection({ unknown: 2 })] }) })
    expect(seen).toMatchObject([{ kind: 'open', trading: { isStopped: true, waiting: 3 } }])
    const reading = await watched({ 'orders.desk': () => desk({ connections: [deskConnection({ rules: null })] }) })
    const failing = await watched({ 'orders.desk': () => { throw new AppError('app/internal') } })
    expect([reading.seen, failing.seen]).toMatchObject([[{ kind: 'open', trading: null }], [{ kind: 'open', trading: null }]])
  })

  test('is read once after a burst of events, and not for what it does not show', async () => {
    const { core, clock, seen } = await watched()
    for (const type of ['connections.changed', 'schedule.changed', 'notices.changed'] as const) core.emit({ type, revision: 1, connectionIds: [] } as never)
    core.emit({ type: 'portfolio.changed', revision: 2 } as never)
    expect(seen).toHaveLength(1)
    clock.pass(1_500)
    await settled()
    expect(seen).toHaveLength(2)
    core.emit({ type: 'sync.progress', revision: 3 } as never)
    expect(clock.waits().every(ms => ms >= 30_000)).toBe(true)
  })

  test('is read soon after a quiet time, and every second and a half at most in a long sync', async () => {
    const { core, clock, seen } = await watched()
    clock.pass(60_000)
    core.emit({ type: 'notices.changed', revision: 1 })
    clock.pass(400)
    await settled()
    expect(seen).toHaveLength(2)
    for (let revision = 2; revision < 32; revision += 1) {
      core.emit({ type: 'notices.changed', revision })
      clock.pass(200)
      await settled()
    }
    expect(seen).toHaveLength(6)
  })

  test('shows, however long the core takes to answer while there is always something new', async () => {
    const held: (() => void)[] = []
    const { core, clock, seen } = await watched({
      'notices.list': () => new Promise(resolve => held.push(() => resolve(ANSWERS['notices.list']()))),
    })
    for (let revision = 1; revision < 7; revision += 1) {
      core.emit({ type: 'notices.changed', revision })
      clock.pass(2_000)
      await settled()
    }
    expect(held).toHaveLength(1)
    held[0]?.()
    await settled()
    expect(seen).toHaveLength(1)
    // What happened since is read after it.
    clock.pass(2_000)
    await settled()
    expect(held).toHaveLength(2)
    held[1]?.()
    await settled()
    expect(seen).toHaveLength(2)
    expect(clock.waits().every(ms => ms >= 30_000)).toBe(true)
  })

  test('is nothing while the app lock is closed, from the moment it may have closed', async () => {
    let isLocked = false
    const { core, seen, clock } = await watched({ 'connections.list': () => (isLocked ? locked() : [connection()]) })
    isLocked = true
    core.emit({ type: 'lock.changed', revision: 1 })
    expect(seen.at(-1)).toEqual({ kind: 'locked' })
    await settled()
    expect(seen.at(-1)).toEqual({ kind: 'locked' })
    expect(clock.waits()).toEqual([])
    isLocked = false
    core.emit({ type: 'lock.changed', revision: 2 })
    await settled()
    expect(seen.at(-1)).toMatchObject({ kind: 'open' })
  })

  test('says why when it cannot be read', async () => {
    const { seen } = await watched({ 'sync.schedule': () => { throw new AppError('app/disk-full') } })
    expect(seen).toEqual([{ kind: 'failed', message: 'The disk is full, so Keelson could not save. Nothing was half-saved.' }])
  })

  test('is shown again when the clock alone changes it, without asking the core', async () => {
    const { core, clock, seen } = await watched()
    const asked = core.asked.length
    expect(clock.waits()).toEqual([25 * 60_000 + 1])
    clock.pass(25 * 60_000 + 1)
    expect(seen).toHaveLength(2)
    expect(core.asked).toHaveLength(asked)
  })

  test('stops with the app', async () => {
    const { core, clock, watch } = await watched()
    watch.look()
    watch.stop()
    expect([clock.waits(), core.listeners()]).toEqual([[], 0])
  })
})
