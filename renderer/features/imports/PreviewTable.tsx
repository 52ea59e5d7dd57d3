/* oxlint-disable jsx-a11y/prefer-tag-over-role -- a virtualised table is built from positioned boxes, not from table rows */
import { useMediaQuery } from '@mantine/hooks'
import { useVirtualizer } from '@tanstack/react-virtual'
import { useEffect, useRef } from 'react'
import type { PreviewRow } from '../../state/imports.ts'
import { PreviewLine } from './PreviewLine.tsx'

const NARROW = '(max-width: 1090px)'
const SIZE = { wide: 34, narrow: 58 } as const
const HEAD = 34

/** The rows of the file with a verdict each; only those in view are drawn. */
export function PreviewTable({ rows }: { readonly rows: readonly PreviewRow[] }) {
  const narrow = useMediaQuery(NARROW, false, { getInitialValueInEffect: false })
  const size = narrow ? SIZE.narrow : SIZE.wide
  const scroller = useRef<HTMLDivElement>(null)
  // oxlint-disable-next-line react/incompatible-library -- its functions change with every scroll; nothing here memoises on them
  const virtual = useVirtualizer({
    count: rows.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => size,
    scrollMargin: narrow ? 0 : HEAD,
    overscan: 12,
  })
  useEffect(() => virtual.measure(), [virtual, size])
  useEffect(() => {
    scroller.current?.scrollTo(0, 0)
  }, [rows])
  const margin = narrow ? 0 : HEAD
  return (
    // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- the list scrolls, and the keyboard must reach it
    <div className="preview-rows" ref={scroller} tabIndex={0} role="table" aria-label="Rows of the file" aria-rowcount={rows.length + 1}>
      <div role="rowgroup" className="hist-headgroup">
        <div className="prow head" role="row" aria-rowindex={1}>
          {['Line', 'Verdict', 'Date', 'Instrument', 'What', 'Quantity', 'Price', 'Amount'].map((word, index) => (
            <span key={word} role="columnheader" className={index > 4 ? 'r' : undefined}>
              {word}
            </span>
          ))}
        </div>
      </div>
      <div className="hist-space" role="rowgroup" style={{ height: virtual.getTotalSize() }}>
        {virtual.getVirtualItems().map(({ index, start, key }) => {
          const row = rows[index]
          return row ? (
            <div key={key} role="presentation" className="hist-slot" style={{ transform: `translateY(${start - margin}px)`, height: size }}>
              <PreviewLine row={row} index={index} narrow={narrow} />
            </div>
          ) : null
        })}
      </div>
    </div>
  )
}
