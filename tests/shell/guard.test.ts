import { readFileSync } from 'node:fs'
import path from 'node:path'
import { describe, expect, test } from 'vitest'
import { guardApp, guardSession, lockDown } from '../../electron/shell/guard.ts'
import { START_PAGE } from '../../electron/shell/origin.ts'
import { repoRoot } from '../support/repo-root.ts'
import { fakeApp, fakeContents, fakeSession, stoppable } from './support/electron-fakes.ts'
import { HOSTILE_TARGETS } from './support/hostile-targets.ts'

/** Every permission of the Electron in use, read from its own description. */
function permissionNames(): string[] {
  const types = readFileSync(path.join(repoRoot, 'node_modules/electron/electron.d.ts'), 'utf8')
  const names = [...types.matchAll(/setPermission(?:Check|Request)Handler\(handler: .*?permission: ((?:'[\w-]+'(?: \| )?)+)/g)]
  return [...new Set(names.flatMap(([, union = '']) => [...union.matchAll(/'([\w-]+)'/g)].map(([, name = '']) => name)))].sort()
}

async function guarded() {
  const fake = fakeSession()
  await guardSession(fake.session, { devTools: false })
  const check = (permission: string, origin: string) => fake.ask('setPermissionCheckHandler', [null, permission, origin, {}])
  const request = (permission: string, requestingUrl: string) =>
    fake.ask('setPermissionRequestHandler', [{}, permission, { requestingUrl, isMainFrame: true }], 2)
  return { ...fake, check, request }
}

describe('permissions', () => {
  test('are all refused but writing to the clipboard, for every name this Electron knows', async () => {
    const { check, request } = await guarded()
    const names = permissionNames()
    expect(names.length).toBeGreaterThanOrEqual(45)
    expect(names).toEqual(
      expect.arrayContaining(['loopback-network', 'usb', 'serial', 'hid', 'clipboard-read', 'openExternal', 'media', 'geolocation']),
    )
    const granted = (ask: typeof check) => [...names, 'not-invented-yet', ''].filter(name => ask(name, START_PAGE) !== false)
    expect(granted(check)).toEqual(['clipboard-sanitized-write'])
    expect(granted(request)).toEqual(['clipboard-sanitized-write'])
  })

  test.each(['https://evil.example/', 'app://keelson.evil/', 'file:///index.html', 'null', ''])('are all refused to %j', async origin => {
    const { check, request } = await guarded()
    expect(permissionNames().filter(name => check(name, origin) !== false || request(name, origin) !== false)).toEqual([])
  })

  test('reach no device, no screen and no pairing', async () => {
    const { ask } = await guarded()
    expect(ask('setDevicePermissionHandler', [{ deviceType: 'usb', origin: START_PAGE, device: {} }])).toBe(false)
    expect(ask('setDisplayMediaRequestHandler', [{ videoRequested: true, audioRequested: true }], 1)).toBeNull()
    expect(ask('setBluetoothPairingHandler', [{ pairingKind: 'confirm' }], 1)).toEqual({ confirmed: false })
    expect(ask('setUSBProtectedClassesHandler', [{ protectedClasses: [] }])).toEqual([
      'audio',
      'audio-video',
      'hid',
      'mass-storage',
      'smart-card',
      'video',
      'wireless',
    ])
  })

  test('are refused in every session there ever is, not in the first alone', () => {
    const { app, emit } = fakeApp()
    guardApp(app, () => undefined)
    const later = fakeSession()
    emit('session-created', later.session)
    expect(later.ask('setPermissionCheckHandler', [null, 'media', START_PAGE, {}])).toBe(false)
    expect(later.handled()).toEqual([
      'setBluetoothPairingHandler',
      'setDevicePermissionHandler',
      'setDisplayMediaRequestHandler',
      'setPermissionCheckHandler',
      'setPermissionRequestHandler',
      'setUSBProtectedClassesHandler',
    ])
  })
})

describe('the session of the windows', () => {
  test.each([
    ['http://127.0.0.1:8731/callback/alpaca', true],
    ['https://evil.example/x.png', true],
    ['ws://127.0.0.1:7497/', true],
    ['wss://evil.example/', true],
    ['file:///etc/passwd', true],
    ['blob:app://keelson/1', true],
    ['filesystem:app://keelson/temporary/x', true],
    ['app://other/index.html', true],
    ['app://keelson@evil/', true],
    ['devtools://devtools/bundled/inspector.html', true],
    ['chrome://gpu/', true],
    ['data:image/svg+xml,<svg/>', false],
    [START_PAGE, false],
  ])('asks for nothing but its own pages: %s', async (url, cancel) => {
    const { ask } = await guarded()
    expect(ask('onBeforeRequest', [{ url }], 1)).toEqual({ cancel })
  })

  test('has a proxy that leads nowhere, for what no policy of a page reaches', async () => {
    const { proxies } = await guarded()
    expect(proxies).toEqual([{ mode: 'fixed_servers', proxyRules: 'socks5://127.0.0.1:1', proxyBypassRules: '<-loopback>' }])
  })

  test('downloads nothing', async () => {
    const { emit } = await guarded()
    const event = stoppable()
    emit('will-download', event, {}, {})
    expect(event.stopped()).toBe(true)
  })
})

describe('whatever Electron shows', () => {
  function shown() {
    const { app, emit } = fakeApp()
    const links: string[] = []
    guardApp(app, url => void links.push(url))
    const fake = fakeContents()
    emit('web-contents-created', {}, fake.contents)
    return { ...fake, links }
  }

  test('is locked down as soon as it exists, whoever made it', () => {
    const alone = fakeContents()
    lockDown(alone.contents, () => undefined)
    const { heard, webrtc } = shown()
    expect(heard()).toEqual(alone.heard())
    expect(heard()).toEqual(['select-bluetooth-device', 'will-attach-webview', 'will-frame-navigate', 'will-navigate', 'will-redirect'])
    expect(webrtc()).toBe('disable_non_proxied_udp')
  })

  test('goes to none of 40 and more hostile addresses, in whichever way it is led there', () => {
    const { emit } = shown()
    const ways = ['will-navigate', 'will-frame-navigate', 'will-redirect']
    const led = ways.flatMap(way =>
      HOSTILE_TARGETS.filter(url => {
        const event = stoppable({ url })
        emit(way, event, url)
        return !event.stopped()
      }),
    )
    expect(HOSTILE_TARGETS.length).toBeGreaterThanOrEqual(40)
    expect(led).toEqual([])
  })

  test('opens no window, for any address and any click', () => {
    const { openWindow, links } = shown()
    const clicks = ['foreground-tab', 'background-tab', 'new-window', 'default'] as const
    const allowed = HOSTILE_TARGETS.flatMap(url => clicks.filter(click => openWindow(url, click) !== 'deny'))
    expect(allowed).toEqual([])
    expect(links).toHaveLength(HOSTILE_TARGETS.length * clicks.length)
  })

  test('takes in no guest and picks no device', () => {
    const { emit } = shown()
    const [guest, device] = [stoppable(), stoppable()]
    emit('will-attach-webview', guest, {}, { src: 'https://evil.example/' })
    const picked: unknown[] = []
    emit('select-bluetooth-device', device, [{ deviceId: 'first' }], (id: unknown) => picked.push(id))
    expect([guest.stopped(), device.stopped(), picked]).toEqual([true, true, ['']])
  })

  test('shows nobody a certificate of the user', () => {
    const { app, emit } = fakeApp()
    guardApp(app, () => undefined)
    const event = stoppable()
    const answers: unknown[][] = []
    emit('select-client-certificate', event, {}, 'https://evil.example/', [{ subjectName: 'Mine' }], (...given: unknown[]) =>
      answers.push(given),
    )
    expect({ stopped: event.stopped(), answers }).toEqual({ stopped: true, answers: [[]] })
  })
})
