import { create } from 'zustand'
import type { JournalEntry, JournalSubject } from '../../shared/contract/journal.ts'
import { api } from './api.ts'
import { createReplacingLoader, idle, type Remote } from './remote.ts'

/** A trade has few notes; the rest is found in the journal. */
const MOST = 20

interface NotesState {
  readonly subject: JournalSubject | null
  readonly notes: Remote<readonly JournalEntry[]>
}

/** The notes about the one thing that is open, such as a round trip. */
export const useNotes = create<NotesState>()(() => ({ subject: null, notes: idle }))

export const refreshNotes = createReplacingLoader<NotesState, readonly JournalEntry[]>(
  useNotes,
  { get: state => state.notes, put: notes => ({ notes }) },
  async signal => {
    const { subject } = useNotes.getState()
    return subject === null ? [] : (await api().request('journal.page', { subject, limit: MOST }, { signal })).rows
  },
)

/** Shows the notes about something else. */
export async function showNotes(subject: JournalSubject): Promise<void> {
  useNotes.setState({ subject, notes: idle })
  await refreshNotes()
}

export function hideNotes(): void {
  useNotes.setState({ subject: null, notes: idle })
}

/** Entries changed in the core: read again while some are shown. */
export async function noteNotesChanged(): Promise<void> {
  if (useNotes.getState().subject !== null) await refreshNotes()
}
