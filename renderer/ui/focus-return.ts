import { useEffect } from 'react'

const OVER = '[role="dialog"], [role="alertdialog"], [role="menu"]'
const SETTLE_MS = 20

let place: HTMLElement | null = null
let open = 0

/** Follows where the focus is on the page itself, so that what opens over it can give it back. The answer stops it. */
export function followFocus(): () => void {
  const onFocus = ({ target }: FocusEvent) => {
    if (target instanceof HTMLElement && !target.closest(OVER)) place = target
  }
  document.addEventListener('focusin', onFocus)
  return () => document.removeEventListener('focusin', onFocus)
}

/**
 * Gives the focus back to where it was on the page when the last of what lies over it is gone: to the control that opened it, or to the
 * page itself when that control is gone too. Whoever has taken the focus meanwhile keeps it.
 */
export function useFocusReturn(): void {
  useEffect(() => {
    open += 1
    return () => {
      open -= 1
      setTimeout(giveBack, SETTLE_MS)
    }
  }, [])
}

function giveBack() {
  const { activeElement } = document
  if (open > 0 || (activeElement && activeElement !== document.body)) return
  const target = place?.isConnected ? place : document.getElementById('main')
  target?.focus({ preventScroll: true })
  if (document.activeElement === document.body) document.getElementById('main')?.focus({ preventScroll: true })
}

/** The same as a part of what lies over the page: mounted with it, gone with it. */
export function FocusReturn(): null {
  useFocusReturn()
  return null
}
