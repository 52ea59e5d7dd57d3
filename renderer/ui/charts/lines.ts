import { type BusinessDay, createChart, CrosshairMode, LineSeries, LineStyle, LineType, TickMarkType, type Time } from 'lightweight-charts'
import { FONT_FAMILY, type Plot, type PlotInput, themeColour } from './plot.ts'

/** Draws curves over days. Its maker's notice stands in words beside it and in the window about this copy, not as a picture on it. */
export function drawLines({ host, places, series, axisTexts, placeText, onPoint }: PlotInput): Plot {
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
    rightPriceScale: { borderVisible: false, entireTextOnly: true, scaleMargins: { top: 0.08, bottom: 0.08 } },
    timeScale: { borderColor: line, fixLeftEdge: true, fixRightEdge: true, tickMarkFormatter: markText },
    crosshair: {
      mode: CrosshairMode.Magnet,
      vertLine: { color: themeColour('--control'), labelVisible: false },
      horzLine: { visible: false, labelVisible: false },
    },
    localization: { tickmarksPriceFormatter: axisTexts, timeFormatter: (time: Time) => placeText(dayText(time)) },
  })
  const drawn = series.map(({ token, values }) => {
    const curve = chart.addSeries(LineSeries, {
      color: themeColour(token),
      lineWidth: 2,
      lineType: LineType.Simple,
      priceLineVisible: false,
      lastValueVisible: false,
    })
    curve.createPriceLine({
      price: 0,
      color: themeColour('--control'),
      lineWidth: 1,
      lineStyle: LineStyle.Solid,
      axisLabelVisible: false,
      title: '',
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

const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec']

/** What stands under the axis: the year where one begins, then months, then days. */
function markText(time: Time, mark: TickMarkType): string {
  const [year = '', month = '', day = ''] = dayText(time).split('-')
  if (mark === TickMarkType.Year) return year
  const name = MONTHS[Number(month) - 1] ?? month
  return mark === TickMarkType.Month ? name : `${Number(day)} ${name}`
}

function dayText(time: Time): string {
  if (typeof time === 'string') return time
  return typeof time === 'number' ? new Date(time * 1000).toISOString().slice(0, 10) : businessDay(time)
}

function businessDay({ year, month, day }: BusinessDay): string {
  return `${year}-${String(month).padStart(2, '0')}-${String(day).padStart(2, '0')}`
}
