import type * as Electron from 'electron'
import { options } from './options.ts'
import { Guarded } from './strict.ts'

type Area = Electron.Rectangle
export type StandinDisplay = Pick<
  Electron.Display,
  'id' | 'bounds' | 'workArea' | 'workAreaSize' | 'size' | 'scaleFactor' | 'rotation' | 'internal' | 'label'
>

const PANEL = 40
let areas: readonly Area[] = options.displays ?? [{ x: 0, y: 0, width: 1920, height: 1080 }]

/** The screens, the first of which is the primary one. Each has a panel at its foot. */
export function displays(): StandinDisplay[] {
  return areas.map((bounds, index) => {
    const workArea = { ...bounds, height: bounds.height - PANEL }
    const { width, height } = bounds
    return {
      id: index + 1,
      bounds,
      workArea,
      workAreaSize: { width, height: workArea.height },
      size: { width, height },
      scaleFactor: 1,
      rotation: 0,
      internal: false,
      label: `Screen ${index + 1}`,
    }
  })
}

const overlap = (a: Area, b: Area): number =>
  Math.max(0, Math.min(a.x + a.width, b.x + b.width) - Math.max(a.x, b.x)) *
  Math.max(0, Math.min(a.y + a.height, b.y + b.height) - Math.max(a.y, b.y))

function primary(): StandinDisplay {
  const [first] = displays()
  if (!first) throw new Error('[standin] a computer without a screen is not supported')
  return first
}

function matching(area: Area): StandinDisplay {
  return displays().reduce((best, display) => (overlap(display.bounds, area) > overlap(best.bounds, area) ? display : best), primary())
}

export const workAreaAt = (area: Area): Area => matching(area).workArea

class Screen extends Guarded {
  constructor() {
    super('screen', ['display-added', 'display-removed', 'display-metrics-changed'])
  }
  getPrimaryDisplay(): StandinDisplay {
    return primary()
  }
  getAllDisplays(): StandinDisplay[] {
    return displays()
  }
  getDisplayMatching(area: Area): StandinDisplay {
    return matching(area)
  }
  getDisplayNearestPoint({ x, y }: Electron.Point): StandinDisplay {
    return matching({ x, y, width: 1, height: 1 })
  }
  getCursorScreenPoint(): Electron.Point {
    return { x: 0, y: 0 }
  }
}
export const screen = new Screen()

/** Plugs other screens in, for tests. */
export function plug(next: readonly Area[]): void {
  const gone = displays().slice(next.length)
  areas = next
  for (const display of gone) screen.emit('display-removed', {}, display)
  screen.emit('display-metrics-changed', {}, primary(), ['bounds', 'workArea'])
}
