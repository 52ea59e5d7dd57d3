/** Factors a window can be shown at. */
export const ZOOM_STEPS = [0.5, 0.67, 0.75, 0.8, 0.9, 1, 1.1, 1.25, 1.5, 1.75, 2] as const

export type ZoomChange = 'in' | 'out' | 'reset'

/** The part of a window's contents that is used. */
export interface ZoomedContents {
  isDestroyed(): boolean
  setZoomFactor(factor: number): void
  on(event: 'did-finish-load', run: () => void): unknown
  on(event: 'zoom-changed', run: (event: unknown, direction: 'in' | 'out') => void): unknown
}

export interface ZoomDeps {
  /** Where the factor is remembered. */
  readonly stored: { read(): number; write(factor: number): void }
  readonly windows: () => readonly ZoomedContents[]
  readonly onChange?: () => void
}

export interface Zoom {
  factor(): number
  /** Whether a change would change anything. */
  can(): Readonly<Record<ZoomChange, boolean>>
  change(change: ZoomChange): void
  /** Shows a window at the factor, and follows the wheel with Ctrl held. */
  attach(contents: ZoomedContents): void
}

/** How large the window shows everything, the same in every window and after every start. */
export function createZoom({ stored, windows, onChange = () => undefined }: ZoomDeps): Zoom {
  let factor = nearestZoom(stored.read())
  function change(wanted: ZoomChange): void {
    const next = nextZoom(factor, wanted)
    if (next === factor) return
    factor = next
    stored.write(factor)
    for (const contents of windows()) if (!contents.isDestroyed()) contents.setZoomFactor(factor)
    onChange()
  }
  return {
    factor: () => factor,
    can: () => ({ in: nextZoom(factor, 'in') !== factor, out: nextZoom(factor, 'out') !== factor, reset: factor !== 1 }),
    change,
    attach(contents) {
      // Chromium keeps a factor of its own by address; ours comes after it.
      contents.on('did-finish-load', () => contents.setZoomFactor(factor))
      contents.on('zoom-changed', (_event, direction) => change(direction))
    },
  }
}

/** The step after one in a direction; the same at the ends. */
export function nextZoom(factor: number, change: ZoomChange): number {
  if (change === 'reset') return 1
  const further = change === 'in' ? ZOOM_STEPS.find(step => step > factor) : ZOOM_STEPS.findLast(step => step < factor)
  return further ?? factor
}

/** The step nearest to a number that somebody may have written into the file. */
export function nearestZoom(factor: number): number {
  if (!Number.isFinite(factor)) return 1
  return ZOOM_STEPS.reduce<number>((best, step) => (Math.abs(step - factor) < Math.abs(best - factor) ? step : best), 1)
}
