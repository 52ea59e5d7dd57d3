import { type BusinessDay, createChart, CrosshairMode, LineSeries, LineType, type Time } from 'lightweight-charts'
import { FONT_FAMILY, type Plot, type PlotInput, themeColour } from './plot.ts'

/** Draws curves over days. Its maker's notice stands in words beside it and in the window about this copy, not as a picture on it. */
export function drawLines({ host, places, series, axisText, placeText, onPoint }: PlotInput): Plot {
  const line = themeColour('--line')
  const chart = createChart(host, {
    autoSize: true,
    handleScroll: false,
    handleScale: false,
    layout: {
      background: { color: 'transparent' },
      textColor: themeColour('--text-3'),
      fontFamily: FONT_FAMILY,
      fontSize: 11,
      attributionLogo: false,
    },
    grid: { vertLines: { visible: false }, horzLines: { color: line } },
    rightPriceScale: { borderVisible: false, scaleMargins: { top: 0.1, bottom: 0.1 } },
    timeScale: { borderColor: line, fixLeftEdge: true, fixRightEdge: true, tickMarkFormatter: (time: Time) => placeText(dayText(time)) },
    crosshair: {
      mode: CrosshairMode.Magnet,
      vertLine: { color: themeColour('--control'), labelVisible: false },
      horzLine: { visible: false, labelVisible: false },
    },
    localization: { priceFormatter: axisText, timeFormatter: (time: Time) => placeText(dayText(time)) },
  })
  const drawn = series.map(({ token, values }) => {
    const curve = chart.addSeries(LineSeries, {
      color: themeColour(token),
      lineWidth: 2,
      lineType: LineType.Simple,
      priceLineVisible: false,
      lastValueVisible: false,
    })
    curve.setData(places.flatMap((time, index) => valueAt(values, index, time)))
    return curve
  })
  chart.timeScale().fitContent()
  const index = new Map(places.map((place, at) => [place, at]))
  chart.subscribeCrosshairMove(({ time, sourceEvent }) => {
    // Only what the pointer does: what is marked by `point` is known already.
    if (sourceEvent) onPoint(time === undefined ? null : (index.get(dayText(time)) ?? null))
  })
  return {
    point(at) {
      const place = at === null ? undefined : places[at]
      const of = series.findIndex(({ values }) => at !== null && values[at] !== null && values[at] !== undefined)
      const curve = drawn[of]
      const value = at === null ? undefined : series[of]?.values[at]
      if (place === undefined || !curve || value === null || value === undefined) chart.clearCrosshairPosition()
      else chart.setCrosshairPosition(value, place, curve)
    },
    remove: () => chart.remove(),
  }
}

function valueAt(values: readonly (number | null)[], index: number, time: string) {
  const value = values[index]
  return value === null || value === undefined ? [] : [{ time, value }]
}

function dayText(time: Time): string {
  if (typeof time === 'string') return time
  return typeof time === 'number' ? new Date(time * 1000).toISOString().slice(0, 10) : businessDay(time)
}

function businessDay({ year, month, day }: BusinessDay): string {
  return `${year}-${String(month).padStart(2, '0')}-${String(day).padStart(2, '0')}`
}
