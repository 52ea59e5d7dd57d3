/* oxlint-disable jsx-a11y/prefer-tag-over-role -- a virtualised list is built from positioned boxes */
import { useVirtualizer } from '@tanstack/react-virtual'
import { type KeyboardEvent, useEffect, useRef, useState } from 'react'
import { closeEntry, type JournalRows, openEntry, readMoreEntries, useJournal } from '../../state/journal.ts'
import { editEntry } from '../../state/journal-editor.ts'
import { EntryLine } from './EntryLine.tsx'

const LINE = 58
const PREFETCH = 30
/** Finds the list to give it back the focus. */
export const LIST_ID = 'journal-entries'

const STEPS: Readonly<Record<string, number>> = { ArrowDown: 1, ArrowUp: -1, PageDown: 8, PageUp: -8, Home: -Infinity, End: Infinity }

/** The entries: arrows move, Enter opens, e changes, Escape closes; the next page comes before the end is reached. */
export function EntryList({ data, stale }: { readonly data: JournalRows; readonly stale: boolean }) {
  const { rows } = data
  const scroller = useRef<HTMLDivElement>(null)
  const openId = useJournal(state => state.opened?.id)
  const [active, setActive] = useState(0)
  const at = Math.min(active, rows.length - 1)
  // oxlint-disable-next-line react/incompatible-library -- its functions change with every scroll; nothing here memoises on them
  const virtual = useVirtualizer({
    count: rows.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => LINE,
    getItemKey: index => rows[index]?.id ?? index,
    overscan: 10,
  })
  const shown = virtual.getVirtualItems()
  const last = shown.at(-1)?.index ?? 0
  // Also when as many entries were read anew: what was on its way then was given up.
  useEffect(() => {
    if (last >= rows.length - PREFETCH && useJournal.getState().more.status === 'idle') void readMoreEntries()
  }, [last, rows])

  function onKeyDown(event: KeyboardEvent) {
    const entry = rows[at]
    if (event.key === 'Escape') return closeEntry()
    if (event.key === 'e' && entry && !event.ctrlKey && !event.metaKey) {
      event.preventDefault()
      return editEntry(entry)
    }
    if ((event.key === 'Enter' || event.key === ' ') && entry) {
      event.preventDefault()
      return openEntry(entry)
    }
    const step = STEPS[event.key]
    if (step === undefined || event.ctrlKey || event.metaKey) return
    event.preventDefault()
    const next = Math.min(rows.length - 1, Math.max(0, at + step))
    setActive(next)
    virtual.scrollToIndex(next)
    const target = rows[next]
    if (target && useJournal.getState().opened !== null) openEntry(target)
  }

  return (
    <div
      id={LIST_ID}
      className={stale ? 'hist stale' : 'hist'}
      ref={scroller}
      role="listbox"
      tabIndex={0}
      aria-label="Entries: arrows move, Enter opens, e changes, n writes a new one"
      aria-activedescendant={shown.some(({ index }) => index === at) ? `entry-${at}` : undefined}
      onKeyDown={onKeyDown}
    >
      <div className="hist-space" role="presentation" style={{ height: virtual.getTotalSize() }}>
        {shown.map(({ index, start, size, key }) => {
          const entry = rows[index]
          return entry ? (
            <div key={key} role="presentation" className="hist-slot" style={{ transform: `translateY(${start}px)`, height: size }}>
              <EntryLine
                entry={entry}
                index={index}
                active={index === at}
                open={entry.id === openId}
                isSameDay={rows[index - 1]?.day === entry.day}
                onPick={setActive}
              />
            </div>
          ) : null
        })}
      </div>
    </div>
  )
}
