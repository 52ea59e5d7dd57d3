import { useEffect, useState } from 'react'

/** A second press of the key or button that led here is not meant for what stands in its place now. */
const SETTLE_MS = 600

/** True once what is named has been there for a moment. */
export function useSettled(of: string): boolean {
  const [settled, setSettled] = useState('')
  useEffect(() => {
    const timer = setTimeout(() => setSettled(of), SETTLE_MS)
    return () => clearTimeout(timer)
  }, [of])
  return settled === of
}

/** Gives the focus to what is read first, and brings its beginning into view: the form before it may have been scrolled. */
export function showFromTop(place: HTMLElement | null): void {
  place?.focus({ preventScroll: true })
  place?.scrollIntoView({ block: 'start' })
}
