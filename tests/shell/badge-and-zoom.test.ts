import { EventEmitter } from 'node:events'
import { describe, expect, test } from 'vitest'
import { versions } from '../../electron/shell/about.ts'
import { createBadge, dotPixels } from '../../electron/shell/badge.ts'
import { createZoom, nearestZoom, nextZoom, ZOOM_STEPS } from '../../electron/shell/zoom.ts'

describe('the number on the icon', () => {
  function bench(platform: NodeJS.Platform) {
    const counts: number[] = []
    const overlays: (readonly [string | null, string])[] = []
    const windows = [{ setOverlayIcon: (image: string | null, words: string) => void overlays.push([image, words]) }]
    const badge = createBadge({
      platform,
      windows: () => windows,
      image: (pixels, size) => `${size}x${pixels.length}`,
      setCount: unread => {
        counts.push(unread)
        return true
      },
    })
    return { badge, counts, overlays, windows }
  }

  test.each(['darwin', 'linux'] as const)('is a count on %s, and goes with the last unread notice', platform => {
    const at = bench(platform)
    for (const unread of [2, 1, 0]) at.badge.set(unread)
    at.badge.renew()
    expect([at.counts, at.overlays]).toEqual([[2, 1, 0], []])
  })

  test('is a dot with words on Windows, also on a window that was made since', () => {
    const at = bench('win32')
    for (const unread of [3, 1, 0]) at.badge.set(unread)
    expect([at.counts, at.overlays]).toEqual([
      [],
      [
        ['16x1024', '3 unread notices'],
        ['16x1024', '1 unread notice'],
        [null, ''],
      ],
    ])
    at.badge.set(2)
    at.overlays.length = 0
    at.badge.renew()
    expect(at.overlays).toEqual([['16x1024', '2 unread notices']])
  })

  test('has a dot that is round: full in the middle, nothing in the corners, no brighter than it covers', () => {
    const pixels = dotPixels(16)
    const at = (x: number, y: number): number[] => [...pixels.subarray((y * 16 + x) * 4, (y * 16 + x) * 4 + 4)]
    expect(at(8, 8)[3]).toBe(255)
    for (const [x, y] of [
      [0, 0],
      [15, 0],
      [0, 15],
      [15, 15],
    ] as const)
      expect(at(x, y)).toEqual([0, 0, 0, 0])
    for (let one = 0; one < 256; one += 1) {
      const [blue = 0, green = 0, red = 0, alpha = 0] = at(one % 16, Math.floor(one / 16))
      expect(Math.max(blue, green, red)).toBeLessThanOrEqual(alpha)
    }
  })
})

describe('the zoom', () => {
  function bench(factor = 1) {
    const written: number[] = []
    const made: (EventEmitter & { factor: number; setZoomFactor(to: number): void; isDestroyed(): boolean })[] = []
    let changes = 0
    const zoom = createZoom({
      stored: { read: () => factor, write: to => void written.push(to) },
      windows: () => made,
      onChange: () => void (changes += 1),
    })
    const open = () => {
      const contents = Object.assign(new EventEmitter(), {
        factor: 1,
        setZoomFactor: (to: number) => void (contents.factor = to),
        isDestroyed: () => false,
      })
      made.push(contents)
      zoom.attach(contents)
      contents.emit('did-finish-load')
      return contents
    }
    return { zoom, written, open, changes: () => changes }
  }

  test('is remembered, and a new window is shown at it', () => {
    const at = bench(1.25)
    const window = at.open()
    expect(window.factor).toBe(1.25)
    at.zoom.change('in')
    expect([window.factor, at.written, at.open().factor]).toEqual([1.5, [1.5], 1.5])
  })

  test('goes from 50 to 200 % by steps and no further', () => {
    const at = bench()
    for (let turn = 0; turn < 20; turn += 1) at.zoom.change('in')
    expect([at.zoom.factor(), at.zoom.can()]).toEqual([2, { in: false, out: true, reset: true }])
    for (let turn = 0; turn < 20; turn += 1) at.zoom.change('out')
    expect([at.zoom.factor(), at.zoom.can()]).toEqual([0.5, { in: true, out: false, reset: true }])
    at.zoom.change('reset')
    expect([at.zoom.factor(), at.zoom.can()]).toEqual([1, { in: true, out: true, reset: false }])
    expect(at.changes()).toBe(5 + 10 + 1)
  })

  test('follows the wheel', () => {
    const at = bench()
    const window = at.open()
    window.emit('zoom-changed', {}, 'in')
    expect(window.factor).toBe(1.1)
  })

  test('is brought back to a step when the file says something else', () => {
    expect([0, 0.01, 0.68, 1.13, 9, Number.NaN].map(nearestZoom)).toEqual([0.5, 0.5, 0.67, 1.1, 2, 1])
    for (const step of ZOOM_STEPS) expect(nearestZoom(step)).toBe(step)
  })

  test('comes back the same way', () => {
    for (const step of ZOOM_STEPS.slice(0, -1)) expect(nextZoom(nextZoom(step, 'in'), 'out')).toBe(step)
  })
})

test('the parts of a copy are named, those it has', () => {
  expect(versions('1.2.3', { electron: '45.4.1', chrome: '156.0.1', node: '24.1.0', v8: '15.6', uv: '1' })).toEqual([
    { name: 'Keelson', version: '1.2.3' },
    { name: 'Electron', version: '45.4.1' },
    { name: 'Chromium', version: '156.0.1' },
    { name: 'Node.js', version: '24.1.0' },
    { name: 'V8', version: '15.6' },
  ])
  expect(versions('1.2.3', {})).toEqual([{ name: 'Keelson', version: '1.2.3' }])
})
