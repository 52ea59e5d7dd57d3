import uPlot from 'uplot'
import 'uplot/dist/uPlot.min.css'
import { FONT, type Plot, type PlotInput, themeColour, thinned } from './plot.ts'

const HEIGHT = 220

/** Draws bars side by side: each series in its own colour, above and below nothing. */
export function drawBars({ host, places, series, axisTexts, placeText, onPoint }: PlotInput): Plot {
  const axis = {
    stroke: themeColour('--text-3'),
    font: FONT,
    grid: { stroke: themeColour('--line'), width: 1 },
    ticks: { show: false },
  }
  const bars = uPlot.paths.bars?.({ size: [0.62, 46] })
  const chart = new uPlot(
    {
      width: Math.max(host.clientWidth, 1),
      height: HEIGHT,
      legend: { show: false },
      cursor: { y: false, points: { show: false }, drag: { x: false, y: false } },
      scales: {
        x: { time: false, range: [-0.6, places.length - 0.4] },
        y: { range: (_, low, high) => rangeOf(low, high) },
      },
      axes: [
        {
          ...axis,
          grid: { show: false },
          size: 26,
          incrs: [1, 2, 3, 6, 12, 24],
          values: (_, splits) => splits.map(at => (Number.isInteger(at) && places[at] !== undefined ? placeText(places[at]) : '')),
        },
        { ...axis, side: 1, size: 64, values: (_, splits) => axisTexts(splits) },
      ],
      series: [
        {},
        ...series.map(({ name, token }) => ({
          label: name,
          stroke: themeColour(token),
          fill: thinned(token, 55),
          width: 1,
          points: { show: false },
          ...(bars ? { paths: bars } : {}),
        })),
      ],
      hooks: { setCursor: [({ cursor }) => onPoint(cursor.idx ?? null)] },
    },
    [places.map((_, at) => at), ...series.map(({ values }) => [...values])],
    host,
  )
  const observer = new ResizeObserver(() => {
    if (host.clientWidth > 0) chart.setSize({ width: host.clientWidth, height: HEIGHT })
  })
  observer.observe(host)
  return {
    point(at) {
      // Off the chart there is no mark.
      chart.setCursor({ left: at === null ? -10 : chart.valToPos(at, 'x'), top: 10 }, false)
    },
    remove() {
      observer.disconnect()
      chart.destroy()
    },
  }
}

/** Nothing always lies inside, with a little room on both sides. */
function rangeOf(low: number, high: number): [number, number] {
  const [from, to] = [Math.min(low, 0), Math.max(high, 0)]
  const room = (to - from || 1) * 0.08
  return [from === 0 ? 0 : from - room, to === 0 ? 0 : to + room]
}
