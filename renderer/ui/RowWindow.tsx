import { useVirtualizer } from '@tanstack/react-virtual'
import { type KeyboardEvent, type ReactNode, useEffect, useLayoutEffect, useRef, useState } from 'react'

/** What a row of a windowed table puts on its `tr`. */
export interface RowSlot {
  readonly ref?: (row: HTMLTableRowElement | null) => void
  readonly 'data-index'?: number
  readonly 'aria-rowindex'?: number
  readonly className?: string
  readonly 'aria-hidden'?: true
}

interface WindowProps {
  readonly count: number
  /** How high a row is before it was seen. */
  readonly estimate: number
  readonly keyOf: (index: number) => string
  readonly columns: number
  readonly row: (index: number, slot: RowSlot) => ReactNode
  /** Rows that carry the longest texts: what is not drawn still keeps its columns wide enough. */
  readonly widest?: readonly number[]
  /** The end is near: time to read more. */
  readonly onNearEnd?: (() => void) | undefined
}

/** Up to this many rows are all drawn: nothing is gained by leaving some out. */
const ALL = 120
const OVERSCAN = 12
const STEPS: Readonly<Record<string, number>> = { ArrowDown: 1, ArrowUp: -1, PageDown: 15, PageUp: -15, Home: -Infinity, End: Infinity }

/**
 * The body of a table of which only what is in view is drawn. The table has to stand in a ScrollTable. A row's button that
 * carries `data-move` takes part in arrows, Home and End, also towards rows that are not drawn yet.
 */
export function RowWindow({ count, estimate, keyOf, columns, row, widest = [], onNearEnd }: WindowProps) {
  const body = useRef<HTMLTableSectionElement>(null)
  const wanted = useRef<{ readonly from: number; readonly by: 1 | -1 } | null>(null)
  const [scroller, setScroller] = useState<HTMLElement | null>(null)
  useLayoutEffect(() => setScroller(body.current?.closest<HTMLElement>('.table-wrap') ?? null), [])
  // oxlint-disable-next-line react/incompatible-library -- its functions change with every scroll; nothing here memoises on them
  const virtual = useVirtualizer({
    count,
    getScrollElement: () => scroller,
    estimateSize: () => estimate,
    getItemKey: keyOf,
    overscan: count <= ALL ? count : OVERSCAN,
    initialRect: { width: 0, height: 800 },
  })
  const shown = virtual.getVirtualItems()
  const [first, last] = [shown[0], shown.at(-1)]
  // What is in view counts, not what is drawn around it.
  const isNear = (virtual.range?.endIndex ?? 0) >= count - OVERSCAN
  useEffect(() => {
    if (isNear) onNearEnd?.()
  }, [isNear, count, onNearEnd])
  // A row that was scrolled to gets the focus once it is drawn; rows without a button are passed over.
  useEffect(() => {
    const { current: to } = wanted
    if (to === null) return
    const target = nearest([...(body.current?.querySelectorAll<HTMLElement>('tr:not(.sizer) [data-move]') ?? [])], to)
    if (!target) return
    wanted.current = null
    target.focus()
  })
  function onKeyDown(event: KeyboardEvent) {
    const step = STEPS[event.key]
    const at = event.target instanceof HTMLElement && event.target.matches('[data-move]') ? indexOf(event.target) : null
    if (step === undefined || at === null || event.ctrlKey || event.metaKey || event.altKey) return
    event.preventDefault()
    const to = Math.min(count - 1, Math.max(0, at + step))
    wanted.current = { from: to, by: to < at || step === Infinity ? -1 : 1 }
    virtual.scrollToIndex(to)
    // Scrolling alone draws nothing where the row is there already.
    const target = nearest([...(body.current?.querySelectorAll<HTMLElement>('tr:not(.sizer) [data-move]') ?? [])], wanted.current)
    if (target) {
      wanted.current = null
      target.focus()
    }
  }
  return (
    // oxlint-disable-next-line jsx-a11y/no-noninteractive-element-interactions -- the buttons in the rows are what is pressed; their keys are heard here once
    <tbody ref={body} onKeyDown={onKeyDown}>
      <Space height={first?.start ?? 0} columns={columns} />
      {shown.map(({ index }) => row(index, { ref: virtual.measureElement, 'data-index': index, 'aria-rowindex': index + 2 }))}
      <Space height={virtual.getTotalSize() - (last?.end ?? 0)} columns={columns} />
      {count <= ALL ? null : widest.map(index => row(index, { className: 'sizer', 'aria-hidden': true }))}
    </tbody>
  )
}

function Space({ height, columns }: { readonly height: number; readonly columns: number }) {
  if (height <= 0) return null
  return (
    <tr className="space" aria-hidden="true">
      <td colSpan={columns} style={{ height }}>
        {null}
      </td>
    </tr>
  )
}

function indexOf(inside: HTMLElement): number | null {
  const index = inside.closest<HTMLElement>('tr[data-index]')?.dataset['index']
  return index === undefined ? null : Number(index)
}

/** The button of the row that is meant, or of the next one in the direction that has one; undefined while it is not drawn. */
function nearest(buttons: readonly HTMLElement[], { from, by }: { readonly from: number; readonly by: 1 | -1 }): HTMLElement | undefined {
  const known = buttons.map(button => ({ button, index: indexOf(button) ?? -1 }))
  const [low, high] = [known[0]?.index ?? 0, known.at(-1)?.index ?? -1]
  if (from < low - 1 || from > high + 1) return undefined
  const ahead = by > 0 ? known.find(({ index }) => index >= from) : known.findLast(({ index }) => index <= from)
  return (ahead ?? (by > 0 ? known.at(-1) : known[0]))?.button
}
