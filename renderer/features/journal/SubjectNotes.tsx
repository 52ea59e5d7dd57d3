import { useEffect } from 'react'
import type { JournalSubject } from '../../../shared/contract/journal.ts'
import type { LocalDate } from '../../../shared/domain/time.ts'
import { formatDate } from '../../lib/format/index.ts'
import { openEntry } from '../../state/journal.ts'
import { writeAbout } from '../../state/journal-editor.ts'
import { hideNotes, refreshNotes, showNotes, useNotes } from '../../state/journal-notes.ts'
import { go } from '../../state/route.ts'
import { Button } from '../../ui/Button.tsx'
import { ErrorNote } from '../../ui/notes.tsx'
import { Rating } from './Rating.tsx'

interface NotesProps {
  readonly subject: JournalSubject
  readonly day: LocalDate
  readonly symbol: string | null
}

/** The user's notes about a trade, and the way to write one. */
export function SubjectNotes({ subject, day, symbol }: NotesProps) {
  const notes = useNotes(state => state.notes)
  const id = subject.kind === 'trip' ? subject.tripId : subject.kind === 'activity' ? subject.activityId : subject.kind
  useEffect(() => {
    void showNotes(subject)
    return hideNotes
    // oxlint-disable-next-line react-hooks/exhaustive-deps -- the subject is a new object with every drawing; its id says whether it is another
  }, [id])
  return (
    <section className="stack" aria-label="Notes">
      <div className="row between">
        <h3>Notes</h3>
        <Button icon="journal" onClick={() => writeAbout({ subject, day, symbol })}>
          Write a note
        </Button>
      </div>
      {notes.status === 'failed' ? <ErrorNote error={notes.error} onRetry={() => void refreshNotes()} /> : null}
      {notes.status === 'ready' && notes.data.length > 0 ? (
        <ul className="stack">
          {notes.data.map(entry => (
            <li key={entry.id}>
              <button
                type="button"
                className="note-line"
                onClick={() => {
                  openEntry(entry)
                  go('journal')
                }}
              >
                <span className="row">
                  <span className="clip strong">{entry.title || entry.text.split('\n')[0] || 'Untitled'}</span>
                  {entry.isDraft ? <span className="tag">draft</span> : null}
                  <span className="grow" />
                  <Rating value={entry.rating} />
                  <span className="stamp nowrap">{formatDate(entry.day)}</span>
                </span>
                {entry.tags.length > 0 ? <span className="stamp clip">{entry.tags.join(', ')}</span> : null}
              </button>
            </li>
          ))}
        </ul>
      ) : null}
    </section>
  )
}
