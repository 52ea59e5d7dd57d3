/* oxlint-disable jsx-a11y/prefer-tag-over-role -- a slider over the days of a drawing; a range input could not be drawn on */
import { useComputedColorScheme } from '@mantine/core'
import { type KeyboardEvent, type ReactNode, useEffect, useId, useRef, useState } from 'react'
import { Button } from '../Button.tsx'
import { placeFor } from './places.ts'
import type { DrawPlot, Plot, PlotSeries } from './plot.ts'

// The libraries come when the first chart is looked at: no other page waits for them.
const DRAWERS: Readonly<Record<'lines' | 'bars', () => Promise<DrawPlot>>> = {
  lines: async () => (await import('./lines.ts')).drawLines,
  bars: async () => (await import('./bars.ts')).drawBars,
}

interface ChartProps {
  readonly kind: 'lines' | 'bars'
  readonly label: string
  readonly places: readonly string[]
  readonly series: readonly PlotSeries[]
  readonly axisTexts: (values: readonly number[]) => string[]
  readonly placeText: (place: string) => string
  /** Everything there is to say about one place; read aloud, and shown above the chart. */
  readonly describe: (index: number) => string
  /** The same figures as a table. */
  readonly table: ReactNode
}

/** A chart that is also words: arrow keys move through its places and say each, and a button shows it as a table. */
export function Chart(props: ChartProps) {
  const { label, places, series, describe, table } = props
  const [asTable, setAsTable] = useState(false)
  const [at, setAt] = useState<number | null>(null)
  const last = places.length - 1
  const shown = at === null ? last : Math.min(at, last)
  return (
    <div className={`chart ${props.kind}`}>
      <div className="row between chart-head">
        <span className="row wrap legend">
          {series.map(({ name, token }) => (
            <span key={name} className="row">
              <i aria-hidden="true" style={{ background: `var(${token})` }} />
              {name}
            </span>
          ))}
        </span>
        {asTable ? null : (
          <p className="num readout" aria-hidden="true">
            {shown < 0 ? '' : describe(shown)}
          </p>
        )}
        <Button variant="ghost" aria-label={`${asTable ? 'As a chart' : 'As a table'}: ${label}`} onClick={() => setAsTable(!asTable)}>
          {asTable ? 'As a chart' : 'As a table'}
        </Button>
      </div>
      {asTable ? table : <Drawing {...props} at={at} shown={shown} onPoint={setAt} />}
    </div>
  )
}

interface DrawingProps extends ChartProps {
  readonly at: number | null
  readonly shown: number
  readonly onPoint: (index: number | null) => void
}

function Drawing({ label, places, describe, at, shown, onPoint, ...drawn }: DrawingProps) {
  const keys = useId()
  const host = useDrawn({ ...drawn, places, onPoint, at })
  const last = places.length - 1
  function onKeyDown(event: KeyboardEvent) {
    const to = placeFor(event.key, shown, last)
    if (to === undefined || event.ctrlKey || event.metaKey || event.altKey) return
    event.preventDefault()
    onPoint(to)
  }
  return (
    <>
      <div
        className={`plot ${drawn.kind}`}
        role="slider"
        tabIndex={0}
        aria-label={label}
        aria-describedby={keys}
        aria-valuemin={0}
        aria-valuemax={Math.max(last, 0)}
        aria-valuenow={Math.max(shown, 0)}
        aria-valuetext={shown < 0 ? 'Nothing to show' : describe(shown)}
        onKeyDown={onKeyDown}
        onBlur={() => onPoint(null)}
      >
        <div className="plot-host" ref={host} aria-hidden="true" />
      </div>
      <span className="hidden-text" id={keys}>
        Arrow keys move through it, Page Up and Page Down faster.
      </span>
    </>
  )
}

interface Drawn extends Pick<ChartProps, 'kind' | 'places' | 'series' | 'axisTexts' | 'placeText'> {
  readonly at: number | null
  readonly onPoint: (index: number | null) => void
}

function useDrawn({ kind, places, series, axisTexts, placeText, at, onPoint }: Drawn) {
  const host = useRef<HTMLDivElement>(null)
  const plot = useRef<Plot>(null)
  const scheme = useComputedColorScheme('light', { getInitialValueInEffect: false })
  useEffect(() => {
    const { current } = host
    if (!current) return
    let isGone = false
    void DRAWERS[kind]().then(draw => {
      if (!isGone) plot.current = draw({ host: current, places, series, axisTexts, placeText, onPoint })
    })
    return () => {
      isGone = true
      plot.current?.remove()
      plot.current = null
    }
    // The theme's colours are read when it is drawn.
  }, [kind, places, series, axisTexts, placeText, onPoint, scheme])
  useEffect(() => plot.current?.point(at), [at])
  return host
}
