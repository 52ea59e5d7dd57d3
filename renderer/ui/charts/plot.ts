/** A curve or a row of bars: a figure for each place, null where nobody knows one. */
export interface PlotSeries {
  readonly name: string
  /** A colour token of the theme, such as `--accent`. */
  readonly token: string
  readonly values: readonly (number | null)[]
}

export interface PlotInput {
  readonly host: HTMLElement
  /** Days (`2026-11-20`), oldest first; of bars also any other word. */
  readonly places: readonly string[]
  readonly series: readonly PlotSeries[]
  /** Figures in short, for the axis. */
  readonly axisTexts: (values: readonly number[]) => string[]
  readonly placeText: (place: string) => string
  readonly onPoint: (index: number | null) => void
}

/** A drawn chart. */
export interface Plot {
  /** Marks one place, or none. */
  readonly point: (index: number | null) => void
  readonly remove: () => void
}

export type DrawPlot = (input: PlotInput) => Plot

/** The colours a chart is drawn in, as the theme has them now. */
export function themeColour(token: string): string {
  return getComputedStyle(document.documentElement).getPropertyValue(token).trim()
}

/** The same, seen through. */
export function thinned(token: string, percent: number): string {
  return `${themeColour(token)}${Math.round((percent / 100) * 255)
    .toString(16)
    .padStart(2, '0')}`
}

export const FONT = "11px 'Inter Variable', Inter, system-ui, sans-serif"
export const FONT_FAMILY = "'Inter Variable', Inter, system-ui, sans-serif"
