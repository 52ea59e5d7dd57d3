import { type ReactNode, useEffect, useRef, useState } from 'react'
import { IconButton } from './Button.tsx'

interface ScrollTableProps {
  readonly label: string
  readonly className?: string
  readonly children: ReactNode
}

interface Hidden {
  readonly left: boolean
  readonly right: boolean
}

const NOTHING: Hidden = { left: false, right: false }
const STEP = 0.7

/** A table that may be wider than its place: it scrolls sideways, says so, and lets its columns be reached by button, arrow keys and touch. */
export function ScrollTable({ label, className = '', children }: ScrollTableProps) {
  const scroller = useRef<HTMLElement>(null)
  const hidden = useHiddenColumns(scroller)
  const scroll = (direction: 1 | -1) => {
    const { current } = scroller
    current?.scrollBy({ left: direction * STEP * current.clientWidth, behavior: 'smooth' })
  }
  const wide = hidden.left || hidden.right
  return (
    <div className={`scroll-table ${hidden.left ? 'more-left' : ''} ${hidden.right ? 'more-right' : ''}`}>
      {wide ? (
        <div className="more-line">
          <span className="stamp grow">{hidden.right ? 'More columns to the right' : 'More columns to the left'}</span>
          <IconButton icon="left" label="Columns to the left" disabled={!hidden.left} onClick={() => scroll(-1)} />
          <IconButton icon="right" label="Columns to the right" disabled={!hidden.right} onClick={() => scroll(1)} />
        </div>
      ) : null}
      <div className="scroll-edge">
        {/* oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- a wide table scrolls, and the keyboard must reach it */}
        <section className={`table-wrap ${className}`} tabIndex={0} aria-label={label} ref={scroller}>
          {children}
        </section>
      </div>
    </div>
  )
}

function useHiddenColumns(scroller: { readonly current: HTMLElement | null }): Hidden {
  const [hidden, setHidden] = useState(NOTHING)
  useEffect(() => {
    const { current } = scroller
    if (!current) return
    const look = () => {
      const left = current.scrollLeft > 1
      const right = current.scrollWidth - current.clientWidth - current.scrollLeft > 1
      setHidden(before => (before.left === left && before.right === right ? before : { left, right }))
    }
    const observer = new ResizeObserver(look)
    observer.observe(current)
    if (current.firstElementChild) observer.observe(current.firstElementChild)
    current.addEventListener('scroll', look, { passive: true })
    return () => {
      observer.disconnect()
      current.removeEventListener('scroll', look)
    }
  }, [scroller])
  return hidden
}
