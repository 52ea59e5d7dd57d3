import { errorViewOf } from '../../state/failure.ts'
import { startReview, writeAbout } from '../../state/journal-editor.ts'
import { go } from '../../state/route.ts'
import { toastError } from '../../state/toast.ts'
import { watch } from '../../state/watchlist.ts'
import type { Command } from '../../ui/CommandPalette.tsx'

/** Goes where the work shows, and says why when it fails. */
function there(page: 'journal' | 'watchlist', work: Promise<unknown>): void {
  go(page)
  void work.catch((error: unknown) => toastError(errorViewOf(error)))
}

/** What can be written and watched from anywhere. */
export function journalCommands(): Command[] {
  return [
    { id: 'new entry', group: 'Actions', label: 'New journal entry', icon: 'journal', run: () => writeAbout({}) },
    { id: 'review', group: 'Actions', label: 'Review the day', icon: 'calendar', run: () => there('journal', startReview()) },
  ]
}

/** Offers to watch what was typed, where it can be a symbol. */
export function watchFor(text: string): Command[] {
  const symbol = text.toUpperCase()
  if (!/^[$/]?[A-Z0-9][A-Z0-9./-]{0,20}$/.test(symbol)) return []
  return [{ id: 'watch', group: 'Symbols', label: `Watch ${symbol}`, icon: 'watchlist', run: () => there('watchlist', watch(symbol)) }]
}
