import { readFileSync } from 'node:fs'
import path from 'node:path'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { GROUND, themeOf } from '../../electron/shell/ground.ts'
import { type Bounds, isReachable, placeWindow, SMALLEST } from '../../electron/shell/window-state.ts'
import { repoRoot } from '../support/repo-root.ts'

const LAPTOP: Bounds = { x: 0, y: 25, width: 1440, height: 875 }
const RIGHT: Bounds = { x: 1440, y: 0, width: 2560, height: 1400 }
const ABOVE: Bounds = { x: 0, y: -1080, width: 1920, height: 1080 }

describe('a window', () => {
  test('comes to the middle of the main display the first time', () => {
    expect(placeWindow(null, [LAPTOP, RIGHT])).toEqual({ x: 80, y: 63, width: 1280, height: 800 })
  })

  test.each([
    [{ x: 200, y: 100, width: 1000, height: 700 }],
    [{ x: 1600, y: 40, width: 1280, height: 800 }],
    [{ x: 200, y: -900, width: 900, height: 600 }],
    // Across two displays, and a little over the edge, as its user left it.
    [{ x: 1000, y: 100, width: 1000, height: 700 }],
    [{ x: -7, y: 25, width: 734, height: 882 }],
  ])('comes back where it stood: %j', bounds => {
    expect(placeWindow(bounds, [LAPTOP, RIGHT, ABOVE])).toEqual(bounds)
  })

  test('comes back to the main display when its own is gone', () => {
    expect(placeWindow({ x: 1600, y: 40, width: 1280, height: 800 }, [LAPTOP])).toEqual({ x: 80, y: 63, width: 1280, height: 800 })
  })

  test('comes back into the display when nobody could get hold of its bar', () => {
    expect(placeWindow({ x: 300, y: -300, width: 800, height: 600 }, [LAPTOP])).toEqual({ x: 300, y: 25, width: 800, height: 600 })
    expect(placeWindow({ x: 1400, y: 100, width: 800, height: 600 }, [LAPTOP])).toEqual({ x: 640, y: 100, width: 800, height: 600 })
    expect(placeWindow({ x: 300, y: 895, width: 800, height: 600 }, [LAPTOP])).toEqual({ x: 300, y: 300, width: 800, height: 600 })
  })

  test('is made smaller when the display has become smaller', () => {
    expect(placeWindow({ x: 0, y: 0, width: 2560, height: 1400 }, [{ x: 0, y: 0, width: 1280, height: 720 }])).toEqual({
      x: 0, y: 0, width: 1280, height: 720,
    })
  })

  test('gets a place even where no display is known', () => {
    expect(placeWindow({ x: 9000, y: 9000, width: 800, height: 600 }, [])).toMatchObject({ width: 800, height: 600 })
  })

  test('can always be got hold of, wherever it stood and whatever displays there are', () => {
    const coordinate = fc.integer({ min: -8000, max: 8000 })
    const area = fc.record({ x: coordinate, y: coordinate, width: fc.integer({ min: 640, max: 4000 }), height: fc.integer({ min: 480, max: 3000 }) })
    const bounds = fc.record({ x: coordinate, y: coordinate, width: fc.integer({ min: 1, max: 9000 }), height: fc.integer({ min: 1, max: 9000 }) })
    const found = fc.check(
      fc.property(fc.option(bounds), fc.array(area, { minLength: 1, maxLength: 3 }), (last, areas) => {
        const placed = placeWindow(last, areas)
        const isAsItWas = last !== null && isReachable(last, areas)
        return isReachable(placed, areas) && (isAsItWas || (placed.width >= SMALLEST.width && placed.height >= SMALLEST.height))
      }),
    )
    expect(found.counterexample).toBeNull()
  })
})

test('a window begins in the colour of its pages', () => {
  const tokens = readFileSync(path.join(repoRoot, 'renderer/ui/styles/tokens.css'), 'utf8')
  const ground = (scheme: string): string | undefined => new RegExp(`scheme='${scheme}'\\] \\{[^}]*?--bg: (#\\w+)`).exec(tokens)?.[1]
  expect({ light: ground('light'), dark: ground('dark') }).toEqual(GROUND)
  expect([GROUND.light, GROUND.dark, '#ff0000', null].map(themeOf)).toEqual(['light', 'dark', null, null])
})
