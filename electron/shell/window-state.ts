/** A rectangle on the desktop, in device-independent pixels. */
export interface Bounds {
  readonly x: number
  readonly y: number
  readonly width: number
  readonly height: number
}

/** How a window stood: `bounds` are those it has when it is neither maximized nor in full screen. */
export interface WindowState {
  readonly bounds: Bounds
  readonly maximized: boolean
  readonly fullScreen: boolean
}

export const SMALLEST = { width: 640, height: 480 } as const
const USUAL = { width: 1280, height: 800 } as const
/** As much of the bar at its top as it takes to get hold of a window. */
const GRIP = { width: 120, height: 32, slack: 8 } as const

/**
 * Where to put a window that stood somewhere before. `areas` are what the displays have free, the main one first. A window nobody could
 * get hold of, or one larger than the desktop, comes back whole; a new one comes to the middle of the main display.
 */
export function placeWindow(last: Bounds | null, areas: readonly Bounds[]): Bounds {
  const [main = { x: 0, y: 0, ...USUAL }] = areas
  if (!last) return centered(USUAL, main)
  if (isReachable(last, areas)) return last
  const near = nearest(last, areas)
  return near ? movedInto(last, near) : centered(last, main)
}

/** Whether a window fits the desktop and the bar at its top can be got hold of. */
export function isReachable({ x, y, width, height }: Bounds, areas: readonly Bounds[]): boolean {
  const bar: Bounds = { x, y, width, height: GRIP.height }
  const held = areas.some(
    area => y >= area.y - GRIP.slack && overlap(bar, area).width >= Math.min(GRIP.width, width) && overlap(bar, area).height > GRIP.slack,
  )
  const [widest, highest] = [reach(areas, 'x', 'width'), reach(areas, 'y', 'height')]
  return held && width <= widest + 2 * GRIP.slack && height <= highest + 2 * GRIP.slack
}

function reach(areas: readonly Bounds[], from: 'x' | 'y', size: 'width' | 'height'): number {
  return Math.max(...areas.map(area => area[from] + area[size])) - Math.min(...areas.map(area => area[from]))
}

function nearest(bounds: Bounds, areas: readonly Bounds[]): Bounds | null {
  const shared = (area: Bounds): number => overlap(bounds, area).width * overlap(bounds, area).height
  const [best] = areas.toSorted((a, b) => shared(b) - shared(a))
  return best && shared(best) > 0 ? best : null
}

function overlap(a: Bounds, b: Bounds): { readonly width: number; readonly height: number } {
  return {
    width: Math.max(0, Math.min(a.x + a.width, b.x + b.width) - Math.max(a.x, b.x)),
    height: Math.max(0, Math.min(a.y + a.height, b.y + b.height) - Math.max(a.y, b.y)),
  }
}

function movedInto(bounds: Bounds, area: Bounds): Bounds {
  const { width, height } = fitted(bounds, area)
  return {
    x: Math.min(Math.max(bounds.x, area.x), area.x + area.width - width),
    y: Math.min(Math.max(bounds.y, area.y), area.y + area.height - height),
    width,
    height,
  }
}

function centered(size: Pick<Bounds, 'width' | 'height'>, area: Bounds): Bounds {
  const { width, height } = fitted(size, area)
  return { x: area.x + Math.round((area.width - width) / 2), y: area.y + Math.round((area.height - height) / 2), width, height }
}

/** As large as wanted, at least the smallest there is, never larger than the area. */
function fitted({ width, height }: Pick<Bounds, 'width' | 'height'>, area: Bounds): Pick<Bounds, 'width' | 'height'> {
  return {
    width: Math.min(Math.max(width, SMALLEST.width), area.width),
    height: Math.min(Math.max(height, SMALLEST.height), area.height),
  }
}
