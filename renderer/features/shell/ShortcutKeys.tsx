import { useEffect, useRef } from 'react'
import { MAIN_KEY, SHIFT_KEY } from '../../lib/keys.ts'
import { useConnect } from '../../state/connect.ts'
import { useDesktopHere } from '../../state/desktop.ts'
import { errorViewOf } from '../../state/failure.ts'
import { lockNow, useLock } from '../../state/lock.ts'
import { dataOf } from '../../state/remote.ts'
import { go, type Page } from '../../state/route.ts'
import { hide, show, useSurface } from '../../state/surface.ts'
import { openTicket } from '../../state/ticket.ts'
import { toastError } from '../../state/toast.ts'
import { type Shortcut, Shortcuts } from '../../ui/Shortcuts.tsx'
import { stopTrading } from '../orders/KillSwitch.tsx'

const JUMPS: Readonly<Record<string, Page>> = {
  o: 'overview',
  h: 'history',
  p: 'positions',
  r: 'performance',
  t: 'orders',
  j: 'journal',
  w: 'watchlist',
  b: 'brokers',
  i: 'import',
  e: 'health',
  s: 'settings',
}
const JUMP_MS = 1200

const LIST: readonly Shortcut[] = [
  { keys: [MAIN_KEY, 'K'], does: 'Search and run anything' },
  { keys: ['g', 'o'], does: 'Go to the overview' },
  { keys: ['g', 'h'], does: 'Go to the history' },
  { keys: ['g', 'p'], does: 'Go to the positions' },
  { keys: ['g', 'r'], does: 'Go to the results' },
  { keys: ['g', 't'], does: 'Go to the orders' },
  { keys: ['g', 'j'], does: 'Go to the journal' },
  { keys: ['g', 'w'], does: 'Go to the watchlist' },
  { keys: ['g', 'b'], does: 'Go to the brokers' },
  { keys: ['g', 'i'], does: 'Go to the import' },
  { keys: ['g', 'e'], does: 'Go to the health of everything' },
  { keys: ['g', 's'], does: 'Go to the settings' },
  { keys: ['t'], does: 'Open the order ticket' },
  { keys: [MAIN_KEY, SHIFT_KEY, 'X'], does: 'Stop all trading at once' },
  { keys: ['n'], does: 'Open the notices; in the journal a new entry, in the watchlist a new symbol' },
  { keys: [MAIN_KEY, SHIFT_KEY, 'L'], does: 'Lock Keelson, when a lock is set' },
  { keys: ['/'], does: 'Search the page' },
  { keys: ['↑', '↓', 'Home', 'End'], does: 'Move in a list' },
  { keys: ['Enter'], does: 'Open the row' },
  { keys: ['Esc'], does: 'Close what is on top' },
  { keys: ['?'], does: 'Show these shortcuts' },
]

/** What the menus of the desktop add. */
const DESKTOP: readonly Shortcut[] = [
  { keys: [MAIN_KEY, '1–9'], does: 'Go to a page, in the order of the rail' },
  { keys: [MAIN_KEY, ','], does: 'Go to the settings' },
  { keys: [MAIN_KEY, 'R'], does: 'Sync now' },
  { keys: [MAIN_KEY, 'O'], does: 'Import a file' },
  { keys: [MAIN_KEY, 'E'], does: 'Export the history' },
  { keys: [MAIN_KEY, '+', '−', '0'], does: 'Larger, smaller, actual size' },
]

/** Listens for the keys that work everywhere, and lists them. */
export function ShortcutKeys() {
  const open = useSurface(state => state.open.kind === 'shortcuts')
  const isHere = useDesktopHere() !== null
  const jumpAt = useRef(0)
  useEffect(() => {
    const onKeyDown = (event: KeyboardEvent) => {
      if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === 'k') {
        event.preventDefault()
        return useSurface.getState().open.kind === 'palette' ? hide() : show({ kind: 'palette' })
      }
      if ((event.ctrlKey || event.metaKey) && event.shiftKey && event.key.toLowerCase() === 'l') {
        event.preventDefault()
        return lockIfSet()
      }
      if ((event.ctrlKey || event.metaKey) && event.shiftKey && event.key.toLowerCase() === 'x') {
        event.preventDefault()
        return event.repeat ? undefined : stopTrading('shortcut')
      }
      if (event.ctrlKey || event.metaKey || event.altKey || isTyping(event.target) || isCovered()) return
      const jump = JUMPS[event.key]
      const isJump = jump !== undefined && performance.now() - jumpAt.current < JUMP_MS
      jumpAt.current = event.key === 'g' ? performance.now() : 0
      if (isJump) return go(jump)
      if (event.key === 't' && !event.repeat) {
        // The letter is not typed into the field that gets the focus.
        event.preventDefault()
        openTicket()
      }
      if (event.key === 'n') show({ kind: 'notices' })
      if (event.key === '?') show({ kind: 'shortcuts' })
      if (event.key === '/') focusSearch(event)
    }
    window.addEventListener('keydown', onKeyDown)
    return () => window.removeEventListener('keydown', onKeyDown)
  }, [])
  return <Shortcuts open={open} shortcuts={isHere ? [...LIST, ...DESKTOP] : LIST} onClose={hide} />
}

/** Locks the windows when the user has set a lock. */
function lockIfSet() {
  if (!dataOf(useLock.getState().lock)?.on) return
  void lockNow().catch((error: unknown) => toastError(errorViewOf(error)))
}

function isTyping(target: EventTarget | null): boolean {
  return target instanceof HTMLElement && (target.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName))
}

function isCovered(): boolean {
  return useSurface.getState().open.kind !== 'none' || useConnect.getState().step.kind !== 'closed'
}

function focusSearch(event: KeyboardEvent) {
  const field = document.querySelector<HTMLInputElement>('main input[type="search"]')
  if (!field) return
  event.preventDefault()
  field.focus()
  field.select()
}
